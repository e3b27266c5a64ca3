#!/usr/bin/env bash
# Builds a current Docker Engine and its clients from Go modules into a cache folder. What is there in the
# right version stays, and a program appears only when it is complete.
#   engines.sh       build what is missing
#   engines.sh dir   print the folder; its cli-plugins/ is for DOCKER_CONFIG
set -euo pipefail

engine=v2.0.0-beta.24
containerd=v2.4.2
runc=v1.5.2
compose=v5.0.2
buildx=v0.38.2

dir=${XDG_CACHE_HOME:-$HOME/.cache}/bulwark/engines/$engine
if [ "${1:-}" = dir ]; then
  echo "$dir"
  exit
fi
mkdir -p "$dir/cli-plugins"
cd "$dir" # no go.mod here: what is built has its own
scratch=$(mktemp -d "$dir/.build.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# build NAME PACKAGE VERSION [FLAG...] installs PACKAGE@VERSION as NAME.
build() {
  local name=$1 package=$2 version=$3
  shift 3
  if go version -m "$name" 2>/dev/null | awk -v p="$package" -v v="$version" '
      $1 == "path" {path = $2 == p} $1 == "mod" {mod = $3 == v} END {exit !(path && mod)}'; then
    return
  fi
  echo "building $name $version"
  GOBIN=$scratch go install "$@" "$package@$version"
  mv "$scratch"/* "$name"
}

build dockerd github.com/moby/moby/v2/cmd/dockerd $engine
build docker-proxy github.com/moby/moby/v2/cmd/docker-proxy $engine
build containerd github.com/containerd/containerd/v2/cmd/containerd $containerd
build containerd-shim-runc-v2 github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2 $containerd
build runc github.com/opencontainers/runc $runc -tags seccomp
build cli-plugins/docker-compose github.com/docker/compose/v5/cmd $compose \
  -ldflags "-X github.com/docker/compose/v5/internal.Version=$compose"
build cli-plugins/docker-buildx github.com/docker/buildx/cmd/buildx $buildx
echo "engine $engine is in $dir"
