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
# The example of smtpcode.3 compiles and runs.
sed -n '/^\.Bd -literal/,/^\.Ed/{/^\.[BE]d/d;s/\\e/\\/g;s/\\&//g;p}' \
    libsmtpcode/smtpcode.3 >"$work/example.c"
is 'example compiles' ${CC:-cc} -std=c99 -Wall -Wextra -Werror -Ilibsmtpcode \
    -o "$work/example" "$work/example.c" "$BUILD/libsmtpcode.a" ${LDFLAGS:-}
"$work/example" 451 >"$work/out"
has 'example runs' "$work/out" '451'
finish
