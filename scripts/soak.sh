#!/usr/bin/env bash
# Long kills, longer fuzzing and a ledger of a million entries; the record goes to docs/soak/.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p docs/soak
rec="docs/soak/$(date -u +%Y-%m-%d).md"
out=$(mktemp)
run() { echo "== $*" | tee -a "$out"; env "${@}" 2>&1 | tee -a "$out"; }
run MINHBACH_KILLS=200 go test ./internal/desk -run 'Kill' -v -timeout 60m
for t in $(grep -rlE '^func Fuzz' --include=*_test.go internal | xargs -n1 dirname | sort -u); do
  for f in $(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$t"/*_test.go | sed 's/func //'); do
    run go test "./$t" -run '^$' -fuzz "^$f\$" -fuzztime "${SOAK_FUZZ:-30s}"
  done
done
run env MINHBACH_READBACK_STEP=1 go test ./internal/paper -run 'TestReadBackOfAnyList$' -v -count=1 -timeout 12h
run env MINHBACH_BALLOT_POSITIONS=3000000 go test ./internal/paper -run 'TestMeasure$' -v -count=1 -timeout 48h
run go test ./internal/desk -run '^$' -bench Verify -benchtime 1x -timeout 60m
# The whole country's members on SQLite; needs some 40 GB where temporary files lie.
run MINHBACH_BENCH_MEMBERS="${SOAK_MEMBERS:-5500000}" MINHBACH_BENCH_DB=sqlite go test ./internal/person/persontest -run '^$' -bench Registry -benchtime 1x -timeout 48h
{
  echo "# Soak, $(date -u +%Y-%m-%d)"
  echo
  echo "Machine: $(nproc) cores, $(awk -F: '/model name/{print $2; exit}' /proc/cpuinfo | sed 's/^ *//'), $(go version | cut -d' ' -f3)."
  echo
  echo '```'
  grep -E '^(==|---|ok|FAIL|PASS|Benchmark|fuzz: elapsed.*new interesting|    )' "$out" | awk '/^fuzz: elapsed/{last=$0; next} {if(last!=""){print last; last=""} print} END{if(last!="")print last}'
  echo '```'
} > "$rec"
rm -f "$out"
echo "$rec"
