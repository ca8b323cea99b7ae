#!/bin/sh
# A release builds with a C compiler alone: no jansson, no data compiler.
. tests/lib.sh
git rev-parse --git-dir >/dev/null 2>&1 || { echo 'test_dist: 0 passed, 0 failed, 1 skipped'; exit 0; }
make --no-print-directory BUILD="$BUILD" dist >"$work/log" 2>&1 || fail dist "$(tail -3 "$work/log")"
tarball=$(tail -n 1 "$work/log")
is 'a tarball' test -s "$tarball"
cp "$tarball" "$work/first.tar.gz"
make --no-print-directory BUILD="$BUILD" dist >"$work/log" 2>&1
is 'the same tree gives the same bytes' cmp "$tarball" "$work/first.tar.gz"
tar -xzf "$tarball" -C "$work"
tree=$(ls -d "$work"/smtpcode-*/)
make --no-print-directory -C "$tree" BUILD=build CC="${CC:-cc}" all >"$work/log" 2>&1 ||
    fail 'builds' "$(tail -3 "$work/log")"
equal 'without the data compiler' "$(grep -c 'tools/gen' "$work/log")" 0
is 'and works' "$tree/build/smtpcode" -q 451
equal 'the same data' "$("$tree/build/smtpcode" --version)" "$("$command" --version)"
touch "$tree/data/codes/451.json"
make --no-print-directory -C "$tree" BUILD=build CC="${CC:-cc}" all >"$work/log" 2>&1
has 'changed data is compiled in a release too' "$work/log" 'build/gen/gen data'
finish
