.DEFAULT_GOAL := help
.PHONY: test lint bench generate web help

# The race detector needs a C compiler; without one CGO_ENABLED is 0.
# SQLite's code, translated from C, is built without the race detector, which makes it five times slower.
RACE := $(if $(filter 1,$(shell go env CGO_ENABLED)),-race -gcflags=modernc.org/...=-race=false)

# The clients that GraphQL over HTTP is tested with; without npm that test is skipped.
CLIENTS := $(if $(shell command -v npm),graphqlhttp/clients/node_modules/.package-lock.json)

# ingest/lawtest runs many sets of documents, without the race detector.
test: $(CLIENTS) ## Run every test, on SQLite and on a PostgreSQL of its own, with the race detector
	scripts/with-postgres sh -c 'go test $(RACE) -timeout 20m $$(go list ./... | grep -v /lawtest$$) && go test -timeout 20m ./ingest/lawtest'

graphqlhttp/clients/node_modules/.package-lock.json: graphqlhttp/clients/package.json graphqlhttp/clients/package-lock.json
	cd graphqlhttp/clients && npm ci
	touch $@

lint: ## Check the format of the code, and what vet and staticcheck find
	@unformatted=$$(gofmt -l $$(find . -name '*.go' -not -path '*/node_modules/*')) && \
		if [ -n "$$unformatted" ]; then echo "run gofmt -w on:" $$unformatted; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

bench: ## Compare the Go benchmarks of the working tree with those of HEAD, or of another commit (make bench REF=main)
	bench/compare $(REF)

generate: ## Generate the code of graph/ from schema.graphqls
	go generate ./...

web: ## Check the playground's sources and build them into web/dist
	cd web && npm ci && npm run check && npm run build

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
