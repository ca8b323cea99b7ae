#!/bin/sh
# The build: nothing to do twice, one touched data file rebuilds and relinks,
# another folder gives the same bytes.
. tests/lib.sh
tree=$work/tree
mkdir "$work/pristine"
cp -r Makefile libsmtpcode tools data tests "$work/pristine"
cp -r "$work/pristine" "$tree"
build() { # DIR ARGUMENTS...
    dir=$1
    shift
    make --no-print-directory -C "$dir" BUILD=build CC="${CC:-cc}" "$@"
}
is 'builds from nothing, in parallel' build "$tree" -j4 all
nothing_to_do() { # NAME
    touch "$work/stamp"
    build "$tree" all >"$work/log" 2>&1
    grep -v 'Nothing to be done' "$work/log" >"$work/commands"
    equal "$1: no command" "$(cat "$work/commands")" ''
    equal "$1: no file" "$(find "$tree/build" -newer "$work/stamp" -type f)" ''
}
nothing_to_do 'a second make does nothing'

before=$("$tree/build/smtpcode" --version)
sed -i 's/"title": "[^"]*"/"title": "Changed for a test"/' "$tree/data/codes/451.json"
build "$tree" all >"$work/log" 2>&1
has 'a changed data file: regenerates' "$work/log" 'build/gen/gen data'
"$tree/build/smtpcode" 451 >"$work/page"
has 'a changed data file: relinks' "$work/page" '451  Changed for a test'
is 'and the data version changes' test "$before" != "$("$tree/build/smtpcode" --version)"
nothing_to_do 'and once more nothing'

rm "$tree/data/codes/571.json"
build "$tree" all >"$work/log" 2>&1
equal 'a removed file that others point to: fails' "$?" 2
has 'and says which' "$work/log" "no reply-code '571'"
cp "$work/pristine/data/codes/571.json" "$work/pristine/data/codes/451.json" "$tree/data/codes"
is 'put back' build "$tree" all

touch "$tree/libsmtpcode/smtpcode.h"
build "$tree" all >"$work/log" 2>&1
has 'a touched header: the library is rebuilt' "$work/log" 'libsmtpcode/lookup.c'
has 'a touched header: the command too' "$work/log" 'tools/smtpcode/page.c'

# Another folder, the same bytes.
cp -r "$work/pristine" "$work/elsewhere"
is 'builds elsewhere' build "$work/elsewhere" all
for file in tables_codes.c tables_match.c tables_prose.c libsmtpcode.a libsmtpcode.so.0; do
    is "the same bytes: $file" cmp "$tree/build/$file" "$work/elsewhere/build/$file"
done
finish
