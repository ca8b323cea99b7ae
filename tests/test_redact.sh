#!/bin/sh
# smtpcode redact: what must not leave does not, what must stay does.
. tests/lib.sh
sample=$work/sample key=$work/key
printf 'sixteen bytes or more\n' >"$key"
printf 'seventeen bytes or more\n' >"$work/other"

cat >"$sample" <<'END'
Nov 23 10:00:01 mx postfix/smtpd[201]: connect from pc17.dialup.goldfinch.example[203.0.113.17]
Nov 23 10:00:01 mx postfix/smtpd[201]: 4VfZ1X3KpYz9rWq: client=pc17.dialup.goldfinch.example[203.0.113.17], sasl_method=PLAIN, sasl_username=goldfinch
Nov 23 10:00:02 mx postfix/cleanup[202]: 4VfZ1X3KpYz9rWq: message-id=<20261123.77@pc17.goldfinch.example>
Nov 23 10:00:02 mx postfix/cleanup[202]: 4VfZ1X3KpYz9rWq: warning: header Subject: Goldfinch owes money from pc17[203.0.113.17]; from=<Anna.Goldfinch@goldfinch.example> to=<b.bullfinch@bullfinch.example> proto=ESMTP
Nov 23 10:00:03 mx postfix/qmgr[203]: 4VfZ1X3KpYz9rWq: from=<anna.goldfinch@goldfinch.example>, size=10240, nrcpt=2 (queue active)
Nov 23 10:00:04 mx postfix/smtp[204]: 4VfZ1X3KpYz9rWq: to=<b.bullfinch@bullfinch.example>, orig_to=<bullfinch>, relay=mail.bullfinch.example[2001:db8:77::25]:25, delay=1.2, delays=0.1/0/0.5/0.6, dsn=5.1.1, status=bounced (host mail.bullfinch.example[2001:db8:77::25] said: 550 5.1.1 <b.bullfinch@bullfinch.example>: Recipient address rejected: User unknown in local recipient table (in reply to RCPT TO command))
Nov 23 10:00:05 mx postfix/bounce[205]: 4VfZ1X3KpYz9rWq: sender non-delivery notification: 4VfZ1X4bbbz9rWr
Nov 23 10:00:06 mx postfix/qmgr[203]: 4VfZ1X4bbbz9rWr: from=<>, size=2048, nrcpt=1 (queue active)
Nov 23 10:00:07 mx postfix/smtpd[201]: warning: unknown[203.0.113.18]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=bullfinch
2026-11-23 10:00:08 1tEabc-0001aB-2C <= anna.goldfinch@goldfinch.example H=(goldfinch) [203.0.113.17]:40312 P=esmtpsa A=plain:goldfinch S=1234 id=77@goldfinch.example T="Goldfinch owes" for b.bullfinch@bullfinch.example
2026-11-23 10:00:09 1tEabc-0001aB-2C => bullfinch <b.bullfinch@bullfinch.example> R=local_user T=maildir_home
2026-11-23 10:00:09 1tEabc-0001aB-2C ** /home/bullfinch/in <c.bullfinch@bullfinch.example> R=dnslookup T=remote_smtp H=mail.bullfinch.example [203.0.113.19]: SMTP error from remote mail server after RCPT TO:<c.bullfinch@bullfinch.example>: 550 5.1.1 <c.bullfinch@bullfinch.example>... User unknown
EHLO pc17.goldfinch.example
250-mail.bullfinch.example
250-AUTH PLAIN LOGIN
250 SIZE 10240000
AUTH LOGIN
334 VXNlcm5hbWU6
Z29sZGZpbmNo
334 UGFzc3dvcmQ6
YnVsbGZpbmNo
235 2.7.0 Authentication successful
END

"$command" redact --key "$key" "$sample" >"$work/out"
equal 'exit' $? 0
# H=(goldfinch) is a host name of one label, which nothing tells from a word.
sed 's/H=(goldfinch)/H=()/' "$work/out" | strings -n 3 >"$work/strings"
for word in goldfinch bullfinch 203.0.113 2001:db8 Z29s YnVs VXNl UGFz owes pc17.d; do
    equal "no $word is left" "$(grep -ciF "$word" "$work/strings")" 0
done
equal 'as many lines' "$(wc -l <"$work/out")" "$(wc -l <"$sample")"
has 'queue ids stay' "$work/out" 'postfix/qmgr[203]: 4VfZ1X4bbbz9rWr: from=<>, size=2048, nrcpt=1 (queue active)'
has 'the verdict stays' "$work/out" 'dsn=5.1.1, status=bounced'
has 'the words stay' "$work/out" 'Recipient address rejected: User unknown in local recipient table'
has 'the codes of a list stay' "$work/out" '250-[host '
has 'logins are dropped' "$work/out" '334 [auth dropped]'
has 'the end of a dialogue stays' "$work/out" '235 2.7.0 Authentication successful'

# The same value, the same digits: in a run, and with the key in any run.
hashes() { grep -o "\\[$1 [0-9a-f]*\\]" "$2" | sort -u; }
equal 'one recipient, whatever the log calls it' \
    "$(sed -n 6p "$work/out" | grep -o '\[recipient [0-9a-f]*\]' | sort | uniq -c | awk '{print $1}' | sort -rn | head -1)" 2
"$command" redact --key "$key" <"$sample" | cmp -s - "$work/out" && pass || fail 'with the key' 'another run differs'
"$command" redact --key "$work/other" <"$sample" >"$work/out2"
equal 'another key, other digits' \
    "$({ hashes recipient "$work/out"; hashes recipient "$work/out2"; } | sort | uniq -d)" ''
one='<bob@example.org> <BOB@Example.ORG> bob%40example.org 2001:db8::1 2001:DB8:0:0::1'
echo "$one" | "$command" redact >"$work/a"
echo "$one" | "$command" redact >"$work/b"
is 'without a key each run has its own' sh -c "! cmp -s '$work/a' '$work/b'"
equal 'case, %40 and forms of an IP do not count' \
    "$(grep -o ' [0-9a-f]*\]' "$work/a" | sort -u | wc -l)" 2
printf 'user=bob@example.org to=<bob@example.org>\n' | "$command" redact >"$work/a"
equal 'the digits are of the value alone' "$(grep -o '[0-9a-f]*\]' "$work/a" | sort -u | wc -l)" 1
is 'six digits' grep -qE '^user=\[id [0-9a-f]{6}\] ' "$work/a"
echo 'user=bob' | "$command" redact --wide >"$work/a"
is 'sixteen on request' grep -qE '^user=\[id [0-9a-f]{16}\]$' "$work/a"
cat "$sample" "$sample" >"$work/double"
"$command" redact --key "$key" "$sample" - <"$sample" >"$work/a"
"$command" redact --key "$key" "$work/double" | cmp -s - "$work/a" && pass || fail 'several files' 'differ from one'

# What is redacted stays as it is.
for wide in '' --wide; do
    "$command" redact $wide "$sample" >"$work/a"
    "$command" redact $wide "$work/a" | cmp -s - "$work/a" && pass || fail "again $wide" 'changes it'
done

# Keys that are none, files that are none.
printf 'fifteen bytes..' >"$work/short"
"$command" redact --key "$work/short" "$sample" >"$work/a" 2>"$work/err"
equal 'a key too short' $? 2
has 'says so' "$work/err" 'fewer than 16 bytes'
equal 'and prints nothing' "$(wc -c <"$work/a")" 0
printf 'sixteen bytes...' >"$work/short"
is 'a key of 16 bytes' "$command" redact --key "$work/short" "$sample"
for bad in "$work/none" "$work"; do
    "$command" redact --key "$bad" "$sample" >/dev/null 2>"$work/err"
    equal 'no such key' $? 2
done
"$command" redact "$work/none" "$sample" >"$work/a" 2>"$work/err"
equal 'no such file' $? 2
has 'is named' "$work/err" "$work/none"
equal 'the others are read' "$(wc -l <"$work/a")" "$(wc -l <"$sample")"
"$command" redact "$sample" >/dev/full 2>"$work/err"
equal 'a full disk' $? 2
"$command" --key "$key" 451 >/dev/null 2>"$work/err"
equal '--key elsewhere' $? 2

# Bytes: all but the values are as they were.
same() { # NAME FORMAT: nothing to redact
    printf "$2" >"$work/in"
    "$command" redact "$work/in" >"$work/a"
    cmp -s "$work/in" "$work/a" && pass || fail "$1" 'changed'
}
same 'empty input' ''
same 'one line break' '\n'
same 'no line break at the end' 'user unknown'
same 'CR LF' '550 no\r\n550 such\r\n\r\n'
same 'NUL' 'a\000b\n\000\n'
same 'bytes that are no UTF-8' '\377\376 \303\n\200'
same 'controls' 'a\033[31mb\007\n'
same 'blanks' '  550  \t 5.1.1   user unknown  \n\n\n'
printf 'bob@example.org\r\n\377mx.example.org\000' | "$command" redact --key "$key" | od -An -c | tr -d ' \n' >"$work/a"
is 'values between them' grep -qE '^\[address[0-9a-f]{6}\]\\r\\n\[host[0-9a-f]{6}\]\\0$' "$work/a"
printf '550-5.1.1 <bob@example.org>:\\n550 5.1.1 no such user bob@example.org\n' | "$command" redact >"$work/a"
equal 'lines joined by \n' "$(sed 's/ [0-9a-f]\{6\}\]/ X]/g' "$work/a")" \
    '550-5.1.1 <[address X]>:\n550 5.1.1 no such user [address X]'

# A login over lines; other lines between; it does not go on for ever.
printf 'C: AUTH LOGIN\r\nS: 334 VXNl\r\nx said no\r\nC: abcd\r\nS: 334 UGFz\r\nC: cGFzcw==\r\nS: 235 ok\r\n' |
    "$command" redact >"$work/a"
equal 'each answer is dropped' "$(grep -c 'auth dropped' "$work/a")" 4
{ echo 'AUTH LOGIN'; yes 'a b c' | head -20; echo abcd; } | "$command" redact >"$work/a"
has 'a word long after it stays' "$work/a" abcd

# A line of 3 MB in little memory; the work grows as the input does.
{ printf 'x'; head -c 3000000 /dev/zero | tr '\000' 'a'; echo ' bob@example.org'; } >"$work/long"
(ulimit -v 65536; "$command" redact "$work/long" >"$work/a" 2>"$work/err")
equal 'a long line' $? 0
has 'says what it leaves out' "$work/err" 'the middle is left out'
equal 'its end is redacted' "$(grep -c bob "$work/a")" 0

# On a terminal no byte is a command.
if has_terminal 'redact on a terminal'; then
    printf 'a\033]0;x\007b\n' >"$work/in"
    script -qec "$command redact $work/in" /dev/null </dev/null >"$work/tty"
    equal 'no escape gets out' "$(tr -d '\r\n' <"$work/tty" | LC_ALL=C grep -c '[[:cntrl:]]')" 0
    has 'but is shown' "$work/tty" 'a\x1b]0;x\x07b'
fi
finish
