#!/bin/sh
# Broken data files: the generator, under ASan and UBSan, either accepts one
# or complains and exits with 1; it never crashes and never writes half.
. tests/lib.sh
gen=$work/gen
gcc -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
    -o "$gen" tools/gen/*.c libsmtpcode/words.c -ljansson || exit 1
export ASAN_OPTIONS=detect_leaks=0 # it exits without freeing, on purpose
mkdir "$work/to"
${PYTHON:-python3} tests/fuzz/mutate.py tests/fixture/data "$work/data" 300 |
    while read -r seed; do
        ${PYTHON:-python3} tests/fuzz/mutate.py tests/fixture/data "$work/data" "$seed" one
        "$gen" "$work/data" tests/fixture/conditions.h >"$work/log" 2>&1
        status=$?
        if [ $status -gt 1 ]; then
            echo "seed $seed: exit $status"
            head -20 "$work/log"
        fi
    done >"$work/crashes"
equal 'no crash' "$(cat "$work/crashes")" ''
finish
