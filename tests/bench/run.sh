#!/bin/sh
# make bench: figures beside real alternatives, medians of interleaved rounds.
set -eu
BUILD=${BUILD:-build}
cc=${CC:-cc}
mkdir -p "$BUILD/bench"
for program in lookup start reply short; do
    $cc -std=c99 -O2 -Wall -Wextra -Ilibsmtpcode -o "$BUILD/bench/$program" \
        "tests/bench/$program.c" "$BUILD/libsmtpcode.a"
done
echo "Lookup (131,072 random registered codes, 31 interleaved rounds, medians)"
"$BUILD/bench/lookup"
rivals='' libraries=''
includes() { echo "#include <$1>" | $cc -E -DPCRE2_CODE_UNIT_WIDTH=8 - >/dev/null 2>&1; }
if includes hs/hs.h; then rivals=-DWITH_HYPERSCAN libraries=-lhs; fi
if includes pcre2.h; then rivals="$rivals -DWITH_PCRE2" libraries="$libraries -lpcre2-8"; fi
$cc -std=c99 -O2 -Wall -Wextra -Ilibsmtpcode $rivals -o "$BUILD/bench/match" \
    tests/bench/match.c tests/bench/load.c tests/bench/rivals.c \
    $(ls "$BUILD"/gen/*.o | grep -v /main.o) "$BUILD/libsmtpcode.a" -ljansson $libraries
echo "Matcher (15 interleaved rounds, medians; x: of this matcher's time)"
"$BUILD/bench/match"
echo "Names, masking, phrases (31 interleaved rounds, medians)"
"$BUILD/bench/short"
echo "Finding and unwrapping a reply (31 rounds, medians)"
"$BUILD/bench/reply"
$cc -std=c99 -O2 -Wall -Wextra -Ilibsmtpcode -o "$BUILD/bench/diagnose" \
    tests/bench/diagnose.c tests/bench/parts.c tests/bench/load.c \
    $(ls "$BUILD"/gen/*.o | grep -v /main.o) "$BUILD/libsmtpcode.a" -ljansson
echo "From a text to the answer (the best of 9 rounds)"
"$BUILD/bench/diagnose"
echo "Start to end of a program (201 interleaved rounds, medians)"
strip -o "$BUILD/bench/smtpcode" "$BUILD/smtpcode"
"$BUILD/bench/start" true "$BUILD/bench/smtpcode 451" 'errno ENOENT' "$BUILD/bench/smtpcode -q 451"
echo "Sizes"
nm -S --defined-only "$BUILD/lib/tables_codes.o" |
    awk '$4 ~ /^smtpcode_(replies|registered|subject_entries|class_entries)$/ {print $2}' |
    { sum=0; while read -r n; do sum=$((sum + 0x$n)); done; echo "  lookup tables $sum bytes"; }
size "$BUILD/libsmtpcode.so.0" | awk 'NR == 2 {print "  libsmtpcode.so " $1 " bytes of text and tables, " $2 " of writable data"}'
