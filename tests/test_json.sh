#!/bin/sh
# The command's JSON, every entry, against the published schema.
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
finish
