# `make check` is everything that CI runs (.ci/run calls it). `make` lists the rest.

GO   ?= go
LINT := $(GO) tool -modfile=tools/go.mod golangci-lint

# SQLite is C, and so is the race detector.
export CGO_ENABLED := 1

# The tests that are skipped write here why; see internal/needs.
SKIPPED := $(CURDIR)/.skipped

FUZZTIME ?= 20s

# How many random cases a property is tried with. Under the race detector each costs ten
# times as much; `make properties` tries many more, without it.
CHECKS ?= 30

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The order is that of the time until a fault shows. A recursive make keeps it under -j.
.PHONY: check
check: ## Everything that CI runs
	@for step in tidy generated vet lint build test; do \
		echo "== $$step"; \
		$(MAKE) --no-print-directory $$step || exit 1; \
	done

.PHONY: tidy
tidy: ## Check that go.mod and go.sum hold what is used
	$(GO) mod tidy -diff

.PHONY: generated
generated: ## Check that generated files are up to date (make generate mends)
	scripts/check-generated

.PHONY: generate
generate: ## Write the generated files anew
	$(GO) generate ./...

.PHONY: vet
vet: ## Check with go vet
	$(GO) vet ./...

.PHONY: lint
lint: ## Check format and habits with golangci-lint (.golangci.yml)
	$(LINT) config verify
	$(LINT) run ./...

.PHONY: fmt
fmt: ## Format the sources
	$(LINT) fmt ./...

.PHONY: build
build: ## Compile everything
	$(GO) build ./...

.PHONY: test
test: ## Test with the race detector, on SQLite and PostgreSQL
	@rm -f $(SKIPPED)
	ARBOT_SKIPPED=$(SKIPPED) RAPID_CHECKS=$(CHECKS) $(GO) test -race -shuffle=on ./...; \
		status=$$?; scripts/show-skipped $(SKIPPED); exit $$status

.PHONY: properties
properties: ## Try each property with 300 random cases
	RAPID_CHECKS=300 $(GO) test -count=1 ./ar/... ./bot/blockkit ./bot/card ./bot/plain ./desk ./store ./sync/...

.PHONY: fuzz
fuzz: ## Fuzz each target for FUZZTIME (20s)
	scripts/fuzz $(FUZZTIME)

.PHONY: bench
bench: ## Run the benchmarks
	$(GO) test -run='^$$' -bench=. -benchmem ./...

.PHONY: demo
demo: ## Try arbot in the terminal, without an account
	$(GO) run ./cmd/arbot demo
