# Minh Bạch. The two commands: make run, make test.
SHELL := /bin/bash
GO    ?= go
BIN   := bin
export CGO_ENABLED := 0

.PHONY: run test build assets setup-run setup-test bench bench-ballots soak check fmt cross clean

## run: install what is missing, build, open the program with its sample province
run: setup-run build
	./$(BIN)/minhbach serve --demo --data data --listen 127.0.0.1:8080

## test: install what is missing and pass every test
test: setup-test build cross
	scripts/test.sh

build: assets
	@mkdir -p $(BIN)
	$(GO) build -trimpath -o $(BIN)/minhbach ./cmd/minhbach
	$(GO) build -trimpath -o $(BIN)/minhbach-verify ./cmd/minhbach-verify

## assets: fonts and script from the npm registry by the lock file, once per lock
assets:
	@scripts/assets.sh

setup-run:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test

## cross: the same program for Windows must build
cross:
	GOOS=windows GOARCH=amd64 $(GO) build -o /dev/null ./cmd/minhbach
	GOOS=windows GOARCH=amd64 $(GO) build -o /dev/null ./cmd/minhbach-verify

## bench: every figure beside its baseline in one run
bench: setup-test build
	scripts/bench.sh

## bench-ballots: the ballot reader against 300,000 names of known truth; the record is docs/ballots.md
bench-ballots: assets
	MINHBACH_BALLOT_POSITIONS=$${MINHBACH_BALLOT_POSITIONS:-300000} MINHBACH_BALLOT_RECORD=$(CURDIR)/docs/ballots.md $(GO) test ./internal/paper -run 'TestMeasure$$' -v -count=1 -timeout 12h

## soak: long kills and large sizes; the record goes to docs/soak/ (SOAK_ONLY=registry SOAK_MEMBERS=… for one part)
soak: setup-test build
	scripts/soak.sh

## check: format, vet, staticcheck
check:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

fmt:
	gofmt -w $$(git ls-files '*.go')

clean:
	rm -rf $(BIN)
