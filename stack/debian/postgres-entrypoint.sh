#!/bin/sh
# What the official image's entrypoint does, as far as the lab needs it: makes the cluster once, runs the init
# scripts against a server that listens on its socket alone, then becomes the server.
set -eu
data=/var/lib/postgresql/data
if [ ! -s "$data/PG_VERSION" ]; then
  secret=$(mktemp)
  printf '%s\n' "$POSTGRES_PASSWORD" > "$secret"
  initdb --pgdata="$data" --username=postgres --pwfile="$secret" --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 > /dev/null
  rm -f "$secret"
  echo "host all all all scram-sha-256" >> "$data/pg_hba.conf"
  pg_ctl --pgdata="$data" --wait --silent --options="-c listen_addresses=''" start
  sh /docker-entrypoint-initdb.d/init.sh
  pg_ctl --pgdata="$data" --wait --silent --mode=fast stop
fi
exec "$@" -D "$data" -c listen_addresses='*'
