#!/usr/bin/env bash
# Makes sure of an sshd for the test that reaches a Docker engine by ssh; it runs one of its own, on loopback.
# CHAOS_NO_INSTALL=1 forbids the installation, and then that test is skipped.
set -euo pipefail

[ -x /usr/sbin/sshd ] && exit 0
if [ "${CHAOS_NO_INSTALL:-}" = 1 ] || ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "There is no sshd, so no engine is reached by ssh: apt-get install openssh-server." >&2
  exit 3
fi
echo "Installing from Debian's packages: openssh-server (CHAOS_NO_INSTALL=1 forbids it)." >&2
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openssh-server; } \
  >"${TMPDIR:-/tmp}/chaos-ssh-server.log" 2>&1 || {
  tail -3 "${TMPDIR:-/tmp}/chaos-ssh-server.log" >&2
  echo "openssh-server could not be installed, so no engine is reached by ssh." >&2
  exit 3
}
