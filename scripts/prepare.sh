#!/usr/bin/env bash
# Sourced by the other scripts: the packages of package-lock.json, and the built command line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# npm keeps a copy of the lock file of what it installed; older than ours means out of date.
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  if [ "${CHAOS_NO_INSTALL:-}" = 1 ]; then
    echo "The npm packages of package-lock.json are not installed, and CHAOS_NO_INSTALL=1 forbids it: npm ci" >&2
    exit 3
  fi
  echo "Installing the npm packages of package-lock.json into node_modules (CHAOS_NO_INSTALL=1 forbids it)." >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
fi
npm run --silent build
