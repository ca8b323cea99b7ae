#!/bin/sh
# The JSON of every entry, and of answers, against the published schemas.
. tests/lib.sh
"$command" list --all --json >"$work/all.ndjson"
is 'every entry fits entry.schema.json' sh -c \
    "${PYTHON:-python3} tests/entry_schema.py libsmtpcode/entry.schema.json <'$work/all.ndjson'"
cat "$work/out"
"$command" --json 599 x.6.999 4.9.9 >"$work/some.ndjson"
equal 'a line for each' "$(wc -l <"$work/some.ndjson")" 3
equal 'marked as the class only' "$(grep -c '"match":"class"' "$work/some.ndjson")" 3
# A broken record must be seen, else the check above proves nothing.
sed '1s/"retry":/"retries":/' "$work/all.ndjson" >"$work/broken"
if ${PYTHON:-python3} tests/entry_schema.py libsmtpcode/entry.schema.json <"$work/broken" >/dev/null 2>&1
then fail 'the schema check' 'does not see a wrong key'; else pass; fi
# The answers, of every template and wrapper.
is 'answers.c compiles' ${CC:-cc} -std=c99 -O1 -Ilibsmtpcode -o "$work/answers" \
    tests/answers.c "$BUILD/libsmtpcode.a"
"$work/answers" >"$work/answers.ndjson"
is 'every answer fits result.schema.json' sh -c \
    "${PYTHON:-python3} tests/result_schema.py libsmtpcode/result.schema.json <'$work/answers.ndjson'"
cat "$work/out"
# The command's, of the replies in our cases.
cut -f3 tests/cases/traps.tsv tests/cases/diagnose.tsv >"$work/replies"
cut -f2 tests/cases/replies.tsv >>"$work/replies"
"$command" filter --json <"$work/replies" >"$work/filtered.ndjson"
equal 'an answer for each reply' "$(wc -l <"$work/filtered.ndjson")" "$(wc -l <"$work/replies")"
is 'what filter writes fits too' sh -c \
    "${PYTHON:-python3} tests/result_schema.py libsmtpcode/result.schema.json --some <'$work/filtered.ndjson'"
for change in '1s/"retry":/"retries":/' '1s/"suppress":"[a-z-]*"/"suppress":null/'; do
    sed "$change" "$work/answers.ndjson" >"$work/broken"
    if ${PYTHON:-python3} tests/result_schema.py libsmtpcode/result.schema.json <"$work/broken" >/dev/null 2>&1
    then fail 'the schema check' "does not see $change"; else pass; fi
done
finish
