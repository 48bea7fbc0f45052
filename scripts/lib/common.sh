# shellcheck shell=bash
# Helpers shared by the scripts. This file is sourced, not run.

# Ends the script with a message for the person who ran it.
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Finds cargo where rustup puts it. A shell that did not read the user's
# profile (a container, a CI job) has no such directory in its PATH.
need_cargo() {
    if ! command -v cargo >/dev/null 2>&1 && [ -x "${HOME:-}/.cargo/bin/cargo" ]; then
        PATH="$HOME/.cargo/bin:$PATH"
        export PATH
    fi
    command -v cargo >/dev/null 2>&1 ||
        die "cargo was not found; install Rust from https://rustup.rs and run this again"
}

# PostgreSQL's client library and OpenSSL are compiled from source. Their build
# scripts fail late and obscurely without these tools, so ask first.
need_build_tools() {
    local tool missing=()
    for tool in cc make perl; do
        command -v "$tool" >/dev/null 2>&1 || missing+=("$tool")
    done
    if [ "${#missing[@]}" -gt 0 ]; then
        die "missing: ${missing[*]} (on Debian and Ubuntu: apt-get install gcc make perl)"
    fi
}

# Prints the lines of Rust code (not of comments) that match $1 below the given
# directories.
code_lines() {
    local pattern=$1
    shift
    { grep -rnE --include='*.rs' -e "$pattern" -- "$@" || true; } |
        { grep -vE '^[^:]*:[0-9]+:[[:space:]]*//' || true; }
}
