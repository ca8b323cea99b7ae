#!/bin/sh
# The man pages: clean by mandoc's lint, and they name what there is.
. tests/lib.sh
for page in tools/smtpcode/smtpcode.1 libsmtpcode/smtpcode.3; do
    mandoc -Tlint -W style "$page" >"$work/lint" 2>&1
    equal "lint of $page" "$(grep -vE 'referenced manual not found|outdated mandoc.db' "$work/lint")" ''
    is "formats: $page" sh -c "mandoc -Tutf8 '$page' | grep -q SMTPCODE"
done
"$command" --help | sed -n '/^Options/,$s/.*--\([a-z]*\).*/\1/p' >"$work/options"
while read -r option; do
    has "smtpcode.1 has --$option" tools/smtpcode/smtpcode.1 "Fl -$option"
done <"$work/options"
"$command" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p' >"$work/commands"
while read -r name; do
    has "smtpcode.1 has $name" tools/smtpcode/smtpcode.1 "$name"
done <"$work/commands"
sed -n 's/.*\(smtpcode_[a-z_]*\)(.*/\1/p' libsmtpcode/smtpcode.h | sort -u >"$work/functions"
while read -r name; do
    has "smtpcode.3 has $name" libsmtpcode/smtpcode.3 "$name"
done <"$work/functions"
# The examples of smtpcode.3 compile and run.
awk -v out="$work/example" '/^\.Bd -literal/ {n++; on = 1; next} /^\.Ed/ {on = 0}
    on {gsub(/\\e/, "\\"); gsub(/\\&/, ""); print >(out n ".c")}' libsmtpcode/smtpcode.3
example() { # NUMBER ARGUMENT WORDS
    is "example $1 compiles" ${CC:-cc} -std=c99 -Wall -Wextra -Werror -Ilibsmtpcode \
        -o "$work/example$1" "$work/example$1.c" "$BUILD/libsmtpcode.a" ${LDFLAGS:-}
    "$work/example$1" "$2" >"$work/out"
    has "example $1 runs" "$work/out" "$3"
}
example 1 451 '451'
example 2 '550 5.1.1 <u@example.org>: Recipient address rejected: User unknown' \
    'The address does not exist'
finish
