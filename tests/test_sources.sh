#!/bin/sh
# make sources: each template has a page that a reviewer can open.
. tests/lib.sh
python=${PYTHON:-python3}
tab=$(printf '\t')

"$command" --json list --all >"$work/entries"
$python tools/sources.py <"$work/entries" >"$work/all"
equal 'a row for each template' "$(wc -l <"$work/all")" \
    "$(grep -c '^{"kind":"template"' "$work/entries")"
equal 'id, date, URL and at least 8 bytes of words' 0 \
    "$(grep -cvE "^[a-z0-9-]+/[a-z0-9-]+${tab}20[0-9-]+${tab}https?://[^${tab}]+${tab}.{8}" "$work/all")"

cut -d/ -f1 "$work/all" | sort -u >"$work/servers"
SEED=1 $python tools/sources.py 5 <"$work/entries" >"$work/some"
cut -d/ -f1 "$work/some" | sort -u >"$work/drawn"
is 'a sample of every server' cmp "$work/servers" "$work/drawn"
is 'no more than asked, and one' test "$(wc -l <"$work/some")" -le \
    $(($(wc -l <"$work/all") / 20 + $(wc -l <"$work/servers")))
SEED=2 $python tools/sources.py 5 <"$work/entries" >"$work/other"
is 'another seed, another sample' sh -c "! cmp -s '$work/some' '$work/other'"
finish
