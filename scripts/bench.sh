#!/usr/bin/env bash
# Every figure beside its baseline, in one run; the record is docs/bench.md.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp)
run() { echo "== $*" | tee -a "$out"; "$@" 2>&1 | tee -a "$out"; }
run go test ./internal/vote  -run '^$' -bench . -benchtime 1s
run env MINHBACH_BENCH_RECORDS=1000000 go test ./cmd/minhbach -run '^$' -bench Count -benchtime 1x -timeout 30m
run go test ./internal/desk  -run '^$' -bench LedgerWrites -benchtime 5x -timeout 30m
run go test ./internal/desk  -run '^$' -bench 'Acts|Verify' -benchtime 1x -timeout 30m
run go test ./internal/paper -run '^$' -bench Reading -benchtime 12x -cpu 1 -timeout 30m
run go test ./internal/scan  -run '^$' -bench 'Pile|BesideAMC' -benchtime 1x -timeout 60m
run go test ./internal/bundle -run '^$' -bench . -benchtime 1x -timeout 30m
run go test ./cmd/minhbach   -run '^$' -bench 'Pages|Hall' -benchtime 1x -timeout 10m
run go test ./internal/web   -run '^$' -bench 'WayToMinutes|Key$' -benchtime 1x -timeout 15m
run env MINHBACH_BENCH_MEMBERS=60000 go test ./internal/person/persontest -run '^$' -bench 'Registry|Import' -benchtime 1x -timeout 120m
run env MINHBACH_BENCH_MEMBERS=60000 go test ./internal/dossier -run '^$' -bench Gaps -benchtime 3x -timeout 60m
{
  echo "# Measured"
  echo
  echo "Made by \`make bench\` on $(date -u +%Y-%m-%d). Ratios are against a baseline run beside it on the same machine."
  echo
  echo "Machine: $(nproc) cores, $(awk -F: '/model name/{print $2; exit}' /proc/cpuinfo | sed 's/^ *//'), $(awk '/MemTotal/{printf "%.0f GiB", $2/1048576}' /proc/meminfo), $(uname -sr), $(go version | cut -d' ' -f3)."
  echo
  [ -f docs/bench-goals.md ] && sed '1d' docs/bench-goals.md
  echo
  echo '```'
  grep -E '^(==|Benchmark|goos|cpu|ok|FAIL| )' "$out"
  echo '```'
} > docs/bench.md
rm -f "$out"
