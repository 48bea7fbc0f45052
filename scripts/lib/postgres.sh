# shellcheck shell=bash
# A private, throw-away PostgreSQL server. This file is sourced, not run; it
# needs lib/common.sh.
#
#   pg_find      sets PG_BIN to a directory with suitable server programs
#   pg_install   installs them with the system's package manager
#   pg_ensure    pg_find, and pg_install if that finds nothing
#   pg_start     creates and starts a server; sets PG_URL
#   pg_stop      stops it and removes its files; safe to call at any time
#
# PG_DURABLE=1 before pg_start: a server that keeps what it has committed.

# Collation providers are chosen per cluster since this version (see pg_init).
PG_MIN_VERSION=15

PG_BIN=   # directory of initdb, postgres and pg_ctl
PG_DIR=   # everything the server writes is below this directory
PG_USER=  # the user the server runs as; empty: the current one
PG_URL=   # connection URL of the superuser
PG_DURABLE=${PG_DURABLE:-}

# Prints the major version of the server in directory $1, or nothing when the
# directory does not hold all three programs.
pg_major() {
    local program
    for program in initdb postgres pg_ctl; do
        [ -x "$1/$program" ] || return 0
    done
    # "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)", "... 18beta1"
    "$1/postgres" --version 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9]*\).*/\1/p'
}

pg_find() {
    local dir major best=0 on_path
    PG_BIN=
    # Debian keeps the server programs out of PATH, one directory per version.
    for dir in /usr/lib/postgresql/*/bin; do
        major=$(pg_major "$dir")
        if [ "${major:-0}" -ge "$PG_MIN_VERSION" ] && [ "$major" -gt "$best" ]; then
            best=$major PG_BIN=$dir
        fi
    done
    if [ -z "$PG_BIN" ] && on_path=$(command -v postgres); then
        dir=$(dirname "$on_path")
        major=$(pg_major "$dir")
        if [ "${major:-0}" -ge "$PG_MIN_VERSION" ]; then
            PG_BIN=$dir
        fi
    fi
    [ -n "$PG_BIN" ]
}

# Runs a command as root.
pg_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        die "PostgreSQL $PG_MIN_VERSION or newer is needed, and installing it takes root rights:" \
            "run 'apt-get install postgresql' as root, then run this again"
    fi
}

pg_install() {
    local candidate drop_in=/etc/postgresql-common/createcluster.d/zz-loa-tests.conf
    command -v apt-get >/dev/null 2>&1 ||
        die "PostgreSQL $PG_MIN_VERSION or newer was not found (initdb, postgres, pg_ctl);" \
            "install its server with your package manager, put the programs in PATH" \
            "and run this again"

    printf 'PostgreSQL %s or newer was not found; installing it\n' "$PG_MIN_VERSION"
    pg_root apt-get update -q

    # The package "postgresql" stands for the release's own version: "15+248".
    candidate=$(apt-cache policy postgresql | sed -n 's/^ *Candidate: *\([0-9][0-9]*\).*/\1/p')
    if [ "${candidate:-0}" -lt "$PG_MIN_VERSION" ]; then
        die "this system's packages have PostgreSQL ${candidate:-(none)}," \
            "and $PG_MIN_VERSION or newer is needed. Add the PostgreSQL project's packages:" \
            "apt-get install postgresql-common && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh"
    fi

    # Installing the server normally creates and starts a cluster on port 5432.
    # The tests bring their own, and nobody asked for a running service. The
    # setting is removed again: later installations are the owner's business.
    pg_root mkdir -p "$(dirname "$drop_in")"
    printf 'create_main_cluster = false\n' | pg_root tee "$drop_in" >/dev/null
    local status=0
    pg_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends postgresql || status=$?
    pg_root rm -f "$drop_in"
    [ "$status" -eq 0 ] || die "apt-get could not install PostgreSQL (see above)"
}

pg_ensure() {
    pg_find && return 0
    pg_install
    pg_find || die "PostgreSQL was installed, but its server programs were not found"
}

# Runs a command as the server's user, in the server's directory: the current
# one may be closed to that user.
pg_as() {
    (
        cd "$PG_DIR" || exit
        if [ -z "$PG_USER" ]; then
            exec "$@"
        elif command -v setpriv >/dev/null 2>&1; then
            exec setpriv --reuid="$(id -u "$PG_USER")" --regid="$(id -g "$PG_USER")" \
                --clear-groups -- "$@"
        else
            exec runuser -u "$PG_USER" -- "$@"
        fi
    )
}

# Creates PG_DIR and settles who owns it.
pg_make_dir() {
    PG_DIR=$(mktemp -d "${TMPDIR:-/tmp}/loa-postgres.XXXXXX")
    PG_USER=
    if [ "$(id -u)" -ne 0 ]; then
        return
    fi
    # PostgreSQL refuses to run as root.
    if id -u postgres >/dev/null 2>&1; then
        PG_USER=postgres
    else
        PG_USER=nobody
    fi
    chown "$(id -u "$PG_USER"):$(id -g "$PG_USER")" "$PG_DIR"
    # TMPDIR may be root's own directory, closed to others. By its full path: the
    # current directory is open even when the way to it is not.
    if ! pg_as test -w "$PG_DIR"; then
        rm -rf -- "$PG_DIR"
        PG_DIR=$(mktemp -d /tmp/loa-postgres.XXXXXX)
        chown "$(id -u "$PG_USER"):$(id -g "$PG_USER")" "$PG_DIR"
    fi
}

# Succeeds when the system has locale $1 (such as vi_VN) in UTF-8.
pg_has_locale() {
    # Not "grep -q": it would close the pipe early, and pipefail would take
    # the broken pipe of "locale" for a failure.
    locale -a 2>/dev/null | grep -iE "^$1\.utf-?8\$" >/dev/null
}

# Creates the cluster. Sets PG_COLLATION, a description for people.
#
# The C locale, and C.UTF-8 with it, compares bytes. SQLite does that too, so
# tests in such a cluster cannot see a query which sorts by the database's
# default on one engine and by bytes on the other. Real servers have a natural
# language; so has this one.
pg_init() {
    local options ctype=C
    if pg_has_locale vi_VN; then
        PG_COLLATION="vi_VN.UTF-8"
        options=(--locale-provider=libc --locale=vi_VN.UTF-8)
    elif pg_has_locale en_US; then
        PG_COLLATION="en_US.UTF-8"
        options=(--locale-provider=libc --locale=en_US.UTF-8)
    else
        # Slim systems have no locale but C. The server brings its own
        # collations with ICU.
        if pg_has_locale C; then
            ctype=C.UTF-8
        fi
        PG_COLLATION="ICU vi"
        options=(--locale-provider=icu --icu-locale=vi "--locale=$ctype")
    fi
    # English messages and the same text search everywhere: initdb would take
    # both from the machine's language.
    pg_as "$PG_BIN/initdb" --pgdata="$PG_DIR/data" --username=loa --auth=trust \
        --encoding=UTF8 "${options[@]}" \
        --lc-messages=C --text-search-config=simple --no-sync \
        >"$PG_DIR/initdb.log" 2>&1 || {
        cat "$PG_DIR/initdb.log" >&2
        die "initdb failed (see above)"
    }
    # No socket file: its path must stay under about 100 bytes, which a long
    # TMPDIR breaks. The time zone is not UTC for the same reason as the locale:
    # a query that depends on the server's default must show it.
    cat >>"$PG_DIR/data/postgresql.conf" <<'CONF'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
timezone = 'Asia/Ho_Chi_Minh'
CONF
    if [ -n "$PG_DURABLE" ]; then
        return
    fi
    # Nothing here outlives the run, so nothing is worth a wait for the disk.
    cat >>"$PG_DIR/data/postgresql.conf" <<'CONF'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
CONF
}

pg_start() {
    local name port attempt
    # The person's own settings (PGHOST, PGOPTIONS, PGSSLMODE ...) are meant for
    # another server and would reach every client of this one.
    for name in $(compgen -e); do
        if [[ $name == PG[A-Z]* ]]; then
            unset "$name"
        fi
    done

    pg_make_dir
    pg_init
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        # Below the range from which the kernel takes outgoing ports.
        port=$((20000 + RANDOM % 12000))
        if pg_as "$PG_BIN/pg_ctl" start --silent --wait --timeout=60 \
            --pgdata="$PG_DIR/data" --log="$PG_DIR/server.log" -o "-p $port" \
            >"$PG_DIR/pg_ctl.log" 2>&1; then
            # shellcheck disable=SC2034 # for the scripts that source this file
            PG_URL="postgres://loa@127.0.0.1:$port/postgres"
            printf 'PostgreSQL %s on port %s, collation %s\n' \
                "$(pg_major "$PG_BIN")" "$port" "$PG_COLLATION"
            return 0
        fi
        # Only the server can take a port without a race, so a taken one shows
        # here and not in a check beforehand.
        if ! grep 'could not bind' "$PG_DIR/server.log" >/dev/null 2>&1; then
            break
        fi
        printf 'port %s is taken (attempt %s)\n' "$port" "$attempt" >&2
        rm -f "$PG_DIR/server.log"
    done
    cat "$PG_DIR/pg_ctl.log" "$PG_DIR/server.log" >&2 2>/dev/null || true
    die "PostgreSQL did not start (see above)"
}

pg_stop() {
    local pid tenths
    [ -n "$PG_DIR" ] || return 0
    # A second Ctrl-C must not leave the server running.
    trap '' INT TERM HUP
    # From the server's own file, not from a variable: it is right even when
    # the script was interrupted while the server was starting.
    if { read -r pid <"$PG_DIR/data/postmaster.pid"; } 2>/dev/null; then
        # SIGQUIT is the immediate shutdown: no waiting for clients, no
        # checkpoint of files that are about to be removed.
        kill -QUIT "$pid" 2>/dev/null || true
        for ((tenths = 0; tenths < 100; tenths++)); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
    fi
    rm -rf -- "$PG_DIR"
    PG_DIR=
}
