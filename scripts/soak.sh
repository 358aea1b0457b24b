#!/usr/bin/env bash
# Long kills, longer fuzzing, a ledger of a million entries and the registry of a
# country; the record goes to docs/soak/. SOAK_ONLY=registry runs the last alone,
# with SOAK_MEMBERS members.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p docs/soak
only="${SOAK_ONLY:-}"
rec="docs/soak/$(date -u +%Y-%m-%d)${only:+-$only}.md"
out=$(mktemp)
failed=0
# What fails is in the record too, and what comes after it still runs.
run() { echo "== $*" | tee -a "$out"; env "${@}" 2>&1 | tee -a "$out" || failed=1; }

# The whole country's members on SQLite, by default: some 4 kB a person and, while
# the raw load goes table by table, a quarter more where temporary files lie.
registry() {
  local n="${SOAK_MEMBERS:-5500000}" tmp="${TMPDIR:-/tmp}"
  local need=$((n * 5 / 1000000)) free=$(($(df -Pk "$tmp" | awk 'NR==2{print $4}') / 1000000))
  if [ "$free" -lt "$need" ]; then
    echo "soak: $n members need $need GB in $tmp, which has $free: set TMPDIR or SOAK_MEMBERS" | tee -a "$out"
    failed=1
    return
  fi
  echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)" | tee -a "$out"
  run MINHBACH_BENCH_MEMBERS="$n" MINHBACH_BENCH_DB=sqlite go test ./internal/person/persontest -run '^$' -bench Registry -benchtime 1x -timeout 48h -v
  echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)" | tee -a "$out"
}

# Everything else.
rest() {
  run MINHBACH_KILLS=200 go test ./internal/desk -run 'Kill' -v -timeout 60m
  for t in $(grep -rlE '^func Fuzz' --include=*_test.go internal | xargs -n1 dirname | sort -u); do
    for f in $(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$t"/*_test.go | sed 's/func //'); do
      run go test "./$t" -run '^$' -fuzz "^$f\$" -fuzztime "${SOAK_FUZZ:-30s}" -fuzzminimizetime 1s
    done
  done
  run env MINHBACH_READBACK_STEP=1 go test ./internal/paper -run 'TestReadBackOfAnyList$' -v -count=1 -timeout 12h
  run go test ./internal/paper -run 'TestFastIsPlain$|TestShadowsAreNoMarks|TestMarkOverShadowIsKept' -rapid.checks=300 -v -count=1 -timeout 12h
  run env MINHBACH_BALLOT_POSITIONS=3000000 go test ./internal/paper -run 'TestMeasure$' -v -count=1 -timeout 48h
  run go test ./internal/desk -run '^$' -bench Verify -benchtime 1x -timeout 60m
}

case "$only" in
  "") rest; registry ;;
  registry) registry ;;
  *) echo "soak: SOAK_ONLY is empty or registry" >&2; exit 2 ;;
esac

{
  echo "# Soak, $(date -u +%Y-%m-%d)${only:+: $only}"
  echo
  echo "Machine: $(nproc) cores, $(awk -F: '/model name/{print $2; exit}' /proc/cpuinfo | sed 's/^ *//'), $(go version | cut -d' ' -f3)."
  echo
  echo '```'
  grep -E '^(==|---|load|soak:|ok|FAIL|PASS|Benchmark|fuzz: elapsed.*new interesting|    )' "$out" | awk '/^fuzz: elapsed/{last=$0; next} {if(last!=""){print last; last=""} print} END{if(last!="")print last}'
  echo '```'
} > "$rec"
rm -f "$out"
echo "$rec"
exit "$failed"
