#!/usr/bin/env bash
# Makes sure that a Docker daemon answers and that compose is there. Installs what is missing, where it may.
# CHAOS_NO_INSTALL=1 forbids every installation: then it only says what is missing, and exits 3.
set -euo pipefail

packages=(docker.io docker-compose iptables mmdebstrap)
log=${TMPDIR:-/tmp}/chaos-dockerd.log

say() { printf '%s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

has_daemon() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }
has_compose() { docker compose version >/dev/null 2>&1 || docker-compose version >/dev/null 2>&1; }

missing=()
if ! has_daemon && ! command -v dockerd >/dev/null; then missing+=(docker.io iptables); fi
if ! has_compose; then missing+=(docker-compose); fi
# Only machines that reach no registry need it; whether this one does is not known before there is a daemon.
if [ -r /etc/debian_version ] && ! command -v mmdebstrap >/dev/null; then missing+=(mmdebstrap); fi

if [ ${#missing[@]} -gt 0 ]; then
  if [ "${CHAOS_NO_INSTALL:-}" = 1 ]; then
    say "Missing: ${missing[*]}. Nothing was installed, as CHAOS_NO_INSTALL=1 is set."
    say "On Debian: apt-get install ${packages[*]}"
    exit 3
  fi
  if ! command -v apt-get >/dev/null; then
    say "Missing: ${missing[*]}. This is no Debian: install Docker and its compose plugin yourself, then try again."
    exit 3
  fi
  say "Installing from Debian's packages: ${missing[*]} (CHAOS_NO_INSTALL=1 forbids it)."
  as_root apt-get update -qq >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$log.apt" 2>&1 || {
    tail -5 "$log.apt" >&2
    say "The installation failed; the whole of what apt-get said is in $log.apt"
    exit 3
  }
fi

# Where services start at install, the daemon needs a moment.
if [ -d /run/systemd/system ] && ! has_daemon && command -v dockerd >/dev/null; then
  as_root systemctl start docker >/dev/null 2>&1 || true
fi

if ! has_daemon; then
  if docker version 2>&1 | grep -qi 'permission denied'; then
    say 'A Docker daemon runs, but you may not use it: sudo usermod -aG docker "$USER", then log in again.'
    exit 3
  fi
  if [ -n "${DOCKER_HOST:-}" ]; then
    say "The daemon at DOCKER_HOST does not answer."
    exit 3
  fi
  # A daemon that was killed leaves its pid and sockets behind, and a new one refuses to start beside them.
  if [ -r /var/run/docker.pid ] && ! kill -0 "$(cat /var/run/docker.pid)" 2>/dev/null; then
    as_root rm -f /var/run/docker.pid /var/run/docker.sock
    if ! pgrep -x containerd >/dev/null; then
      as_root rm -rf /var/run/docker/containerd
    fi
  fi
  say "Starting the Docker daemon; it goes on running, and writes to $log."
  as_root setsid nohup dockerd >"$log" 2>&1 </dev/null &
  for _ in $(seq 60); do
    has_daemon && break
    sleep 0.5
  done
  if ! has_daemon; then
    say "The Docker daemon did not start within 30 s. It said last:"
    tail -3 "$log" >&2
    exit 3
  fi
fi
