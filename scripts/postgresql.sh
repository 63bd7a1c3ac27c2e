# Sourced by ./test: a PostgreSQL server of its own, in a temporary folder, for as long as the tests take.
#
#   start_postgresql   sets REMIT_TEST_POSTGRESQL to the address of a role that owns its tables and is no superuser
#   stop_postgresql
#
# Debian's package is installed where it is missing and we may. PostgreSQL refuses to run as root: then `postgres` runs it.

postgresql_bin() {
  local found
  found=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -1)
  [ -n "$found" ] || found=$(command -v initdb || true)
  [ -n "$found" ] && dirname "$found"
}

want_postgresql() {
  postgresql_bin >/dev/null && return
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    say "installing postgresql, which the tests of the service need"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends postgresql >/dev/null 2>&1 </dev/null ||
      { apt-get update -qq && apt-get install -qq -y --no-install-recommends postgresql; } >/dev/null 2>&1 </dev/null || true
  fi
  postgresql_bin >/dev/null || fail "The tests of the service need PostgreSQL. Install the package postgresql, or say: ./test quick"
}

as_postgres() { # command: as the server's user, which is not root
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start_postgresql() {
  local bin port password=remit-owner
  want_postgresql
  bin=$(postgresql_bin)
  postgresql_home=$(mktemp -d "${TMPDIR:-/tmp}/remit-postgresql.XXXXXX")
  [ "$(id -u)" != 0 ] || chown postgres "$postgresql_home"
  port=$(.venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  (
    cd "$postgresql_home"
    as_postgres "$bin/initdb" -D data -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8
    # It is thrown away afterwards: nothing has to reach the disk.
    as_postgres "$bin/pg_ctl" -D data -w -l log -o "-c listen_addresses=127.0.0.1 -p $port -k $postgresql_home \
-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100" start
    as_postgres "$bin/psql" -h "$postgresql_home" -p "$port" -U postgres -d postgres -v ON_ERROR_STOP=1 -q \
      -c "CREATE ROLE remit_owner LOGIN CREATEDB CREATEROLE PASSWORD '$password'" -c "CREATE DATABASE remit OWNER remit_owner"
  ) >"${TMPDIR:-/tmp}/remit-postgresql.log" 2>&1 </dev/null ||
    { cat "${TMPDIR:-/tmp}/remit-postgresql.log" >&2; fail "PostgreSQL could not be started: its reason is above."; }
  export REMIT_TEST_POSTGRESQL="postgres://remit_owner:$password@127.0.0.1:$port/remit"
}

stop_postgresql() {
  [ -n "${postgresql_home:-}" ] || return 0
  (cd "$postgresql_home" && as_postgres "$(postgresql_bin)/pg_ctl" -D data -m immediate stop) >/dev/null 2>&1 || true
  rm -rf "$postgresql_home"
  postgresql_home=""
}
