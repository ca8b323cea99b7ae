#!/bin/sh
# Twice the text takes at most 2.05 times the instructions, from 4 KB to 1 MB,
# in the matcher, the reader of replies, the mask, the search for short
# patterns and for a wait, and redaction, on the words that cost most.
. tests/lib.sh
cc=${CC:-cc}
mkdir -p "$BUILD/bench"
$cc -std=c99 -O2 -Wall -Wextra -Ilibsmtpcode -o "$BUILD/bench/linear" \
    tests/linear.c tests/bench/load.c \
    $(ls "$BUILD"/gen/*.o | grep -v /main.o) "$BUILD/libsmtpcode.a" -ljansson || exit 1

# count FILE ARGUMENT...: NAME SIZE INSTRUCTIONS, a line for each text.
count() {
    to=$1
    shift
    rm -f "$work"/out.*
    valgrind -q --tool=callgrind --instr-atstart=no --combine-dumps=no \
        --callgrind-out-file="$work/out" "$BUILD/bench/linear" "$@" >"$work/log" 2>&1 ||
        fail "linear $*" "$(tail -3 "$work/log")"
    awk '/^desc: Trigger: Client Request:/ {name = $5 " " $6}
        /^totals:/ && name {print name, $2; name = ""}' "$work"/out.* >"$to"
}
count "$work/small" small

# NAME SIZE RATIO, for each size that has its half.
ratios() {
    awk '{have[$1 " " $2] = $3}
        END {for (k in have) {split(k, p, " "); half = p[1] " " p[2] / 2
            if (half in have) printf "%s %.3f\n", k, have[k] / have[half]}}' "$@"
}
# Of the matcher's texts, the reader's and the others the three that took most.
dearest=$(awk '$2 == 131072 {
        print $1 ~ /^reader/ ? 1 : $1 ~ /^(mask|names|phrases|wait)/ ? 2 : $1 ~ /^redact/ ? 3 : 0, $3, $1}' "$work/small" | sort -k1,1n -k2,2nr |
    awk 'n[$1]++ < 3 {print $3}')
count "$work/big" big $dearest
ratios "$work/small" "$work/big" >"$work/ratios"

equal 'what is quadratic is seen' \
    "$(awk '$1 ~ /^quadratic/ && $3 > 2.05' "$work/ratios" | wc -l)" 1
equal 'texts counted, of each kind' "$(awk '{split($1, p, "-"); if (!seen[p[1]]++) n++} END {print n}' "$work/ratios")" 10
equal 'and up to 1 MB' "$(grep -c ' 1048576 ' "$work/ratios")" 12
while read -r name size ratio; do
    case $name in quadratic*) continue ;; esac
    equal "$name at $size bytes: twice as much text ($ratio x)" \
        "$(echo "$ratio" | awk '{print $1 <= 2.05}')" 1
done <"$work/ratios"
grep -v '^quadratic' "$work/ratios" | sort -k3,3nr | head -1 |
    { read -r name size ratio; echo "at most $ratio x the instructions for twice the text ($name, $size bytes)"; }
awk '{print $3 / $2, $1}' "$work/big" | sort -nr | head -1 |
    { read -r n name; echo "at most $n instructions a byte ($name)"; }
finish
