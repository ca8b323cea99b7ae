#!/bin/sh
# Broken data files: the generator, under ASan and UBSan, either writes all
# three tables, or complains with file:line and writes nothing.
. tests/lib.sh
gen=$work/gen
runs=${FUZZ_DATA_RUNS:-150}
gcc -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
    -o "$gen" tools/gen/*.c libsmtpcode/words.c libsmtpcode/normal.c \
    libsmtpcode/joins.c libsmtpcode/value.c libsmtpcode/match.c \
    libsmtpcode/short.c libsmtpcode/mask.c libsmtpcode/condense.c -ljansson || exit 1
# It exits without freeing, on purpose; a crash must not look like a complaint.
export ASAN_OPTIONS=detect_leaks=0:exitcode=99 UBSAN_OPTIONS=exitcode=99

broken=0 accepted=0
for seed in $(seq "$runs"); do
    rm -rf "$work/to"
    mkdir "$work/to"
    ${PYTHON:-python3} tests/fuzz/mutate.py tests/fixture/data "$work/data" "$seed" ||
        fail "seed $seed" 'not mutated'
    "$gen" "$work/data" tests/fixture/conditions.h "$work/to" >"$work/log" 2>&1
    status=$?
    files=$(ls "$work/to" | tr '\n' ' ')
    if [ $status = 0 ] && [ "$files" = 'tables_codes.c tables_match.c tables_prose.c ' ]; then
        accepted=$((accepted + 1))
    elif [ $status = 1 ] && [ -z "$files" ] && grep -q '^[^:]*:[0-9]*: ' "$work/log"; then
        broken=$((broken + 1))
    else
        fail "seed $seed" "exit $status, files '$files'"
        head -20 "$work/log"
    fi
done
echo "$broken refused, $accepted accepted"
equal 'every seed was run' "$((broken + accepted + failed))" "$runs"
is 'some are refused' test "$broken" -gt $((runs / 2))

finish
