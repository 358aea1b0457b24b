#!/usr/bin/env bash
# Every test, with nothing cached: the closing line of each package is go test's own.
set -euo pipefail
cd "$(dirname "$0")/.."
test -z "$(gofmt -l $(git ls-files '*.go'))" || { echo "gofmt:"; gofmt -l $(git ls-files '*.go'); exit 1; }
go vet ./...
go test -count=1 -timeout 15m ./...
