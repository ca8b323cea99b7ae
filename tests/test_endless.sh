#!/bin/sh
# Lines and input that do not end, in 64 MB of memory: 200 MB of them in
# `make check`, 10 GB of one and 1 GB of the others in `make ci`.
. tests/lib.sh
bytes=${BYTES:-200000000}
known='550 5.1.1 <a@example.org>: Recipient address rejected: User unknown'
endless() { head -c "$bytes" /dev/zero | tr '\0' a; }
limited() { (ulimit -v 65536; "$command" "$@"); }

{ endless; printf '\n550 5.1.1 behind it\n'; } | limited --tsv filter >"$work/answers"
equal 'filter: exit' $? 0
equal 'filter: an answer for each line' "$(wc -l <"$work/answers")" 2
equal 'filter: the line behind it' "$(sed -n 2p "$work/answers" | cut -f18)" 'behind it'
[ "$bytes" -gt 1000000000 ] && bytes=1000000000 # once is enough
equal 'filter: the begin of it counts' "$({ printf '%s\\n' "$known"; endless; } |
    limited --tsv filter | cut -f3)" user-unknown
{ echo "$known"; endless; } | limited diagnose >"$work/page" 2>"$work/err"
equal 'diagnose: the begin of it counts' $? 0
has 'diagnose: what is read' "$work/err" 'first and last 8 MiB'
{ endless; printf '\n%s\n' "$known"; } | limited -q diagnose 2>"$work/err"
equal 'diagnose: so does its end' $? 0
finish
