#!/bin/sh
# A library built with PROSE=0: ids, numbers and links remain, texts are NULL.
. tests/lib.sh
equal 'no sentences in the library' "$(nm "$BUILD/libsmtpcode.a" 2>/dev/null | grep -c smtpcode_prose_pool)" 0
is 'finds' "$command" -q 451 4.7.1 mailbox-full
"$command" --json 451 >"$work/451"
has 'ids remain' "$work/451" '"code":"451"'
has 'texts are null' "$work/451" '"title":null'
has 'verdicts remain' "$work/451" '"retry":"later"'
has 'causes keep their conditions' "$work/451" '"condition":"greylisted"'
# A page for every entry: texts that are not there must not be read.
"$command" list --all --tsv | cut -f1 >"$work/ids"
while read -r id; do
    for options in '' --all; do
        COLUMNS=80 "$command" $options "$id" >"$work/page" 2>&1 ||
            fail "page of $id" "exit $?"
    done
done <"$work/ids"
equal 'every entry was shown' "$(wc -l <"$work/ids")" \
    "$("$command" list --all --json | grep -c '^{')"
is 'its JSON has the published shape' sh -c \
    "'$command' list --all --json | ${PYTHON:-python3} tests/entry_schema.py libsmtpcode/entry.schema.json"
for option in --all --explain --json --tsv; do
    "$command" $option diagnose '550 5.1.1 <a@example.org>: Recipient address rejected: User unknown' >"$work/page"
    equal "a diagnosis, $option" $? 0
    has "a diagnosis, $option: its condition" "$work/page" user-unknown
done
equal 'nothing known' "$("$command" diagnose frobnicated | head -n 1)" 'Not recognised'
"$command" list --all | head -n 3 >"$work/list"
has 'list works' "$work/list" 'Reply codes'
finish
