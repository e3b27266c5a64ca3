# Everything is made here; `make help` lists it. CI runs .ci/run, which runs these targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CACHE    := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/bulwark
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
SUDO     := $(if $(filter 0,$(shell id -u)),,sudo)
FUZZTIME := 60s
SEEDS    := 1000

GOLANGCI_LINT_VERSION := v2.15.0
GOLANGCI_LINT := $(CACHE)/tools/golangci-lint-$(GOLANGCI_LINT_VERSION)/golangci-lint

.PHONY: help build plugin install uninstall test mutate check e2e engines bench bench-plugin bench-engine bench-soak docs fuzz clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## the program: bin/bulwark
	scripts/slim.sh _out/slim
	CGO_ENABLED=0 go build -modfile=_out/slim/go.mod -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/bulwark ./cmd/bulwark

plugin: build ## the plugin as docker plugin create takes it: _out/plugin
	rm -rf _out/plugin
	mkdir -p _out/plugin
	cp -R rootfs _out/plugin/rootfs
	find _out/plugin/rootfs -name .keep -delete
	cp bin/bulwark _out/plugin/rootfs/bulwark
	cp config.json _out/plugin/config.json

install: plugin ## put Bulwark into this host's engine (SETTINGS="NAME=VALUE ..."), installing an engine where there is none
	$(SUDO) scripts/ensure-engine.sh
	$(SUDO) bin/bulwark install --plugin-dir _out/plugin $(SETTINGS)

uninstall: build ## take Bulwark out of this host's engine
	$(SUDO) bin/bulwark uninstall

test: ## everything that needs no engine
	go test -race ./...
	go test -run 'TestNoSpellingGetsThrough|TestReloadUnderLoad' ./plugin ./plugin/policy
	scripts/slim.sh _out/slim # as the program is built:
	CGO_ENABLED=0 go test -modfile=_out/slim/go.mod ./plugin/sandbox
	CGO_ENABLED=0 go test -modfile=_out/slim/go.mod -run 'TestScripts/check' ./cmd/bulwark

mutate: ## weaken every rule in every way, and see that a test notices (part of make test, too)
	go test -count=1 -v -run TestMutantsAreKilled ./policies

check: $(GOLANGCI_LINT) docs ## formatting, vet, lint, generated files up to date
	@unformatted=$$(git ls-files '*.go' | xargs gofmt -l); [ -z "$$unformatted" ] || { echo "error: not formatted:" $$unformatted; echo "hint: gofmt -w ."; exit 1; }
	go vet ./...
	go vet -tags e2e ./...
	$(GOLANGCI_LINT) run
	@git diff --exit-code docs/rules docs/input.md docs/settings.schema.json policies/schemas || { echo "error: generated files differ from the committed ones"; echo "hint: make docs, then commit them"; exit 1; }

e2e: plugin engines ## real engines and real clients; as root
	scripts/need.sh docker.io busybox-static
	command -v docker >/dev/null || scripts/need.sh docker-cli
	BULWARK_E2E_PLUGIN=$(CURDIR)/_out/plugin BULWARK_E2E_ENGINE=$$(scripts/engines.sh dir) go test -tags e2e -count=1 -timeout 20m ./e2e/...

engines: ## a current engine and its clients, from Go modules into the cache folder
	scripts/need.sh gcc pkg-config libseccomp-dev
	scripts/engines.sh

bench: bench-plugin bench-engine ## what Bulwark costs, measured (docs/performance.md)

bench-plugin: build ## the program on its socket, in turns with a plugin that does nothing (BENCH="-quick -o json")
	mkdir -p _out/bench
	CGO_ENABLED=0 go build -trimpath -o _out/bench/ ./bench ./bench/noop
	_out/bench/bench $(BENCH)

bench-soak: ## a million decisions: whether time and memory stay the same
	$(MAKE) bench-plugin BENCH="-soak 1000000"

bench-engine: plugin engines ## docker commands on real engines with and without the plugin; as root
	scripts/need.sh docker.io busybox-static
	BULWARK_BENCH=1 BULWARK_E2E_PLUGIN=$(CURDIR)/_out/plugin BULWARK_E2E_ENGINE=$$(scripts/engines.sh dir) go test -tags e2e -count=1 -timeout 20m -v -run '^TestLatency$$' ./e2e

docs: ## the generated pages and schemas
	go generate ./...
	go run ./cmd/ruledoc

fuzz: ## each fuzz target for FUZZTIME (60s; or a count such as 30000x), and SEEDS series of changed documents
	go test -count=1 -timeout 1h -run '^TestChangedDocuments$$' ./plugin/policy -seeds $(SEEDS)
	@git ls-files '*_test.go' | xargs grep -l '^func Fuzz' | xargs -n1 dirname | sort -u | sed 's|^|./|' | while read -r dir; do \
		for target in $$(grep -oh '^func Fuzz[A-Za-z0-9_]*' "$$dir"/*_test.go | cut -c6-); do \
			echo "== $$dir $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$$dir"; \
		done; \
	done

clean: ## what was built, the cache folder aside
	rm -rf bin _out

$(GOLANGCI_LINT):
	GOBIN=$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
