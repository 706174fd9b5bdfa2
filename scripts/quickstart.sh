#!/usr/bin/env bash
# From a clean clone to a scored incident: installs what is missing, brings the lab up, runs high-load.
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
bash scripts/engine.sh

chaos=(node dist/cli/main.js)
"${chaos[@]}" up --speed 10
echo
code=0
"${chaos[@]}" run high-load || code=$?
echo
echo "The lab is still up. Look around, run another incident, or take it down:"
echo "  npx chaos run api-outage"
echo "  npx chaos down"
exit "$code"
