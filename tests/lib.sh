# lib.sh - what the shell tests share.  Sourced, from the project's folder.
#
# Each test ends in one line "N passed, N failed" and an exit status.
set -u
ulimit -f 2097152 # 1 GiB: what writes for ever must not fill the disk
unset MAKEFLAGS MAKELEVEL MFLAGS 2>/dev/null
BUILD=${BUILD:-build}
command=$BUILD/smtpcode
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

pass() { passed=$((passed + 1)); }
fail() { # NAME WHY
    failed=$((failed + 1))
    echo "FAILED $1: $2"
}
# is NAME COMMAND...: COMMAND must succeed.
is() {
    name=$1
    shift
    if "$@" >"$work/out" 2>&1; then pass; else
        fail "$name" "$*"
        head -5 "$work/out"
    fi
}
# equal NAME HAVE WANT
equal() {
    if [ "$2" = "$3" ]; then pass; else fail "$1" "have '$2', want '$3'"; fi
}
# has NAME FILE TEXT: the fixed TEXT stands in FILE.
has() {
    if grep -qF -e "$3" "$2"; then pass; else
        fail "$1" "no '$3' in:"
        head -5 "$2"
    fi
}
# A bare root without /dev/pts has no pseudo-terminal: say so, and go on.
has_terminal() { # WHAT
    script -qec 'test -t 1' /dev/null </dev/null >/dev/null 2>&1 && return
    echo "skipped, for want of a pseudo-terminal: $1"
    return 1
}
finish() {
    echo "$(basename "$0" .sh): $passed passed, $failed failed"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
    exit
}
