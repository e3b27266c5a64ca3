#!/usr/bin/env bash
# Writes DIR/go.mod, under which the program is built without what it never needs: OPA embeds the capabilities of each
# of its past versions, 4 MB, and jsonschema, which `check` alone uses, takes 5 ms of every start.
# Usage: slim.sh DIR; go build -modfile=DIR/go.mod ...
set -euo pipefail
here=$(realpath "$(dirname "$0")")
mkdir -p "$1"
dir=$(realpath "$1")
cp go.mod go.sum "$dir"
edition=$(cat "$here/slim.sh" "$here"/*.patch | sha256sum | cut -c1-8)

# replace MODULE CHANGE: CHANGE is a function that is called in a copy of the module, with its version.
replace() {
  local module=$1 change=$2 version copy
  go mod download "$module"
  version=$(go list -m -f '{{.Version}}' "$module")
  copy=$dir/$change-$version-$edition
  if [[ ! -e $copy ]]; then
    rm -rf "$copy.new"
    cp -R "$(go list -m -f '{{.Dir}}' "$module")" "$copy.new"
    chmod -R u+w "$copy.new"
    (cd "$copy.new" && "$change" "$version")
    mv "$copy.new" "$copy"
  fi
  go mod edit -replace "$module=$copy" "$dir/go.mod"
}

opa() { find capabilities -name 'v*.json' ! -name "$1.json" -delete; }
jsonschema() { GIT_DIR=/nonexistent git apply "$here/jsonschema.patch"; }

replace github.com/open-policy-agent/opa opa
replace github.com/santhosh-tekuri/jsonschema/v6 jsonschema
