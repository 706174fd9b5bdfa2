#!/usr/bin/env bash
# Makes sure of a chromium for the tests that look at pages. CHAOS_NO_INSTALL=1 forbids the installation.
set -euo pipefail
browser=${CHAOS_CHROMIUM:-/usr/bin/chromium}

[ -x "$browser" ] && exit 0
if [ "${CHAOS_NO_INSTALL:-}" = 1 ] || ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "There is no $browser, so no page is looked at: apt-get install chromium, or name another in CHAOS_CHROMIUM." >&2
  exit 3
fi
echo "Installing from Debian's packages: chromium (CHAOS_NO_INSTALL=1 forbids it)." >&2
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
  >"${TMPDIR:-/tmp}/chaos-browser.log" 2>&1 || {
  tail -3 "${TMPDIR:-/tmp}/chaos-browser.log" >&2
  echo "chromium could not be installed, so no page is looked at." >&2
  exit 3
}
