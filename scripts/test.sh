#!/usr/bin/env bash
# Every test: unit tests, the real lab with its rules, its defects and its incidents, then the pages in a browser. The last
# line counts them.
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

counts=$(mktemp)
export CHAOS_TEST_COUNTS=$counts
# A run that several tests look at is done once.
export CHAOS_TEST_RUNS=$(mktemp -d)
export CHAOS_TEST_LAB=${CHAOS_TEST_LAB:-ci}

finish() {
  code=$?
  node dist/cli/main.js down --name "$CHAOS_TEST_LAB" >/dev/null 2>&1 || true
  # What the tests made a Swarm is none again, unless that would cut containers off their networks: docs/swarm.md.
  if [ "${swarm:-}" = inactive ] && [ -z "$(docker ps -q 2>/dev/null)" ]; then
    docker swarm leave --force >/dev/null 2>&1 || true
  fi
  awk -v code="$code" '
    { passed += $1; failed += $2; skipped += $3 }
    END {
      # A step that broke without running a test is a failure too.
      if (code != 0 && failed == 0) failed = 1
      printf "tests: %d passed, %d failed, %d skipped\n", passed, failed, skipped
    }' "$counts"
  rm -rf "$counts" "$CHAOS_TEST_RUNS"
  exit "$code"
}
trap finish EXIT

bad=0
npm run --silent compile
node scripts/run-tests.mjs test/unit test/fuzz || bad=1
bash scripts/engine.sh
swarm=$(docker info --format '{{.Swarm.LocalNodeState}}')
node dist/cli/main.js up --name "$CHAOS_TEST_LAB" --speed 10
# Without it a test is skipped, and counted as such.
bash scripts/ssh-server.sh || true
# A hung test must not hold the machine; all of them take about twenty-five minutes.
timeout 2700 node scripts/run-tests.mjs test/lab || bad=1
if bash scripts/browser.sh; then
  # A whole game day takes two and a half minutes more: CHAOS_TEST_LAB=ci npm run test:browser.
  env -u CHAOS_TEST_LAB timeout 300 node scripts/run-tests.mjs test/browser || bad=1
else
  # Said above; and counted, so that nobody takes the pages for looked at.
  echo "0 0 1" >>"$counts"
fi
exit "$bad"
