# shellcheck shell=bash
# Programs that checks need and the machine may not have. This file is sourced, not run; it needs
# lib/common.sh and lib/postgres.sh (pg_root).

# install_if_missing PROGRAM PACKAGE
install_if_missing() {
    local log
    if command -v "$1" >/dev/null 2>&1; then
        return
    fi
    command -v apt-get >/dev/null 2>&1 || die "$1 was not found; install it and run this again"
    printf '%s was not found; installing the package %s\n' "$1" "$2"
    log=$(mktemp)
    pg_root apt-get update -q >"$log" 2>&1 &&
        pg_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends "$2" >>"$log" 2>&1 || {
        cat "$log" >&2
        rm -f "$log"
        die "apt-get could not install $2 (see above)"
    }
    rm -f "$log"
}
