#!/bin/sh
# Diagnoses of the real data: pages and filters, of friendly and of hostile
# replies.  What one page looks like is in tests/golden.
. tests/lib.sh
export LC_ALL=C
unset NO_COLOR
python=${PYTHON:-python3}
hostile="$python tests/hostile.py"

"$command" --json list --all >"$work/entries"
$hostile fill plain <"$work/entries" >"$work/plain"
$hostile fill hostile <"$work/entries" >"$work/attacks"
$hostile rows >"$work/rows"
$hostile points >"$work/points"

# ---- filter: as many lines out as in, each a record of its own ----

for file in plain attacks rows points; do
    lines=$(wc -l <"$work/$file")
    is "$file: some lines" test "$lines" -gt 100
    "$command" filter "$work/$file" >"$work/out" 2>"$work/err"
    equal "$file: exit" $? 0
    equal "$file: an answer for each" "$(wc -l <"$work/out")" "$lines"
    equal "$file: no control characters" \
        "$(tr -d '\n' <"$work/out" | grep -c '[[:cntrl:]]')" 0
    for format in json tsv; do
        [ "$file-$format" = points-json ] && continue # the same, in 200 MB
        "$command" --$format filter "$work/$file" >"$work/$file.$format" 2>"$work/err"
        is "$file: $format" sh -c "$hostile $format $lines <'$work/$file.$format'"
    done
done
is 'what is escaped can be restored' sh -c \
    "$hostile same '$work/points' <'$work/points.tsv'"
# A record that is none must be seen, else this proves nothing.
sed '1s/\t/\n/' "$work/rows.tsv" >"$work/broken"
if $hostile tsv "$(wc -l <"$work/rows")" <"$work/broken" 2>/dev/null
then fail 'the check of TSV' 'does not see a cut record'; else pass; fi

seq 1 5000 | sed 's/.*/550 5.1.1 number &/' >"$work/numbered"
"$command" --tsv filter "$work/numbered" | sed 's/.*\t/550 5.1.1 /' >"$work/order"
is 'in order' cmp "$work/numbered" "$work/order"
cat "$work/numbered" | "$command" --tsv filter "$work/numbered" - | sed 's/.*\t//' >"$work/out"
equal 'several files' "$(wc -l <"$work/out")" 10000
printf '550 5.1.1 User unknown' | "$command" filter >"$work/out"
equal 'a last line without its end' "$(wc -l <"$work/out")" 1
printf '550-5.1.1 The email account\\n550 5.1.1 does not exist\n' |
    "$command" --tsv filter >"$work/out"
has 'the two characters \n' "$work/out" 'The email account does not exist'
"$command" -q filter "$work/plain" >"$work/out"
equal 'quiet' "$?$(wc -c <"$work/out")" 00

# Whoever writes a line and waits gets its answer.
trap '' PIPE
mkfifo "$work/asks" "$work/answers"
"$command" --tsv filter <"$work/asks" >"$work/answers" &
exec 3>"$work/asks" 4<"$work/answers"
for question in '550 5.1.1 first' '451 4.3.0 second' '550 half'; do
    [ "$question" = '550 half' ] && printf '250 2.0.0 with the begin of the next\n550 ha' >&3
    [ "$question" = '550 half' ] || echo "$question" >&3
    answer=$(timeout 5 head -n 1 <&4)
    equal "a pause behind '$question'" "$(printf %s "$answer" | cut -f1)" \
        "$(case $question in *half) echo 250 ;; *) echo "${question%% *}" ;; esac)"
done
exec 3>&-
equal 'the last line, without its end' "$(timeout 5 cat <&4 | cut -f1)" 550
exec 4<&-
wait
trap - PIPE

# ---- what fails is said ----

"$command" filter "$work/plain" >/dev/full 2>"$work/err"
equal 'filter: a full disk' $? 2
has 'filter: says so' "$work/err" 'smtpcode: standard output:'
yes 550 | timeout 5 "$command" filter >/dev/full 2>"$work/err"
equal 'filter: stops at a full disk' $? 2
(trap '' PIPE; yes 550 2>/dev/null | timeout 5 "$command" filter 2>"$work/err" | head -n 1 >"$work/out")
equal 'filter: a reader that leaves' "$(wc -l <"$work/out")" 1
"$command" filter "$work" 2>"$work/err" </dev/null
equal 'filter: a folder' $? 2
"$command" filter "$work/none" "$work/numbered" >"$work/out" 2>"$work/err"
equal 'filter: one file of two is missing' "$?:$(wc -l <"$work/out")" 2:5000
"$command" diagnose <"$work" 2>"$work/err"
equal 'diagnose: a folder' $? 2
"$command" diagnose '550 5.1.1 User unknown' >/dev/full 2>"$work/err"
equal 'diagnose: a full disk' $? 2

printf ' \n\n' | "$command" diagnose >"$work/out" 2>"$work/err"
equal 'diagnose: nothing was pasted' "$?:$(wc -c <"$work/out")" 2:0
has 'diagnose: says so' "$work/err" 'no text'
{ echo 550; head -c 3000000 /dev/zero | tr '\0' a; echo; echo 451; } |
    "$command" --tsv filter >"$work/out" 2>"$work/err"
equal 'filter: a long line is one of three' "$(wc -l <"$work/out")" 3
has 'filter: says which is long' "$work/err" 'standard input: line 2 is long'
"$command" -q --stage=RCPT '550 5.1.1 User unknown'
equal 'words of options in capitals' $? 0

# ---- --unknown ----

printf '550 frobnicated \001\n550 5.1.1 User unknown\nzork\n' >"$work/some"
"$command" -q --unknown="$work/unknown" filter "$work/some"
printf '550 frobnicated \001\nzork\n' >"$work/want"
is 'unknown replies, as they came' cmp "$work/unknown" "$work/want"
"$command" -q --unknown="$work/unknown" filter "$work/some"
equal 'unknown replies are appended' "$(wc -l <"$work/unknown")" 4
printf '550-zork\n550 zork\n' | "$command" -q --unknown="$work/unknown" diagnose
equal 'a reply of two lines is one record' "$(tail -n 1 "$work/unknown")" '550-zork\n550 zork'
"$command" -q --unknown=/dev/full filter "$work/some" 2>"$work/err"
equal 'unknown replies on a full disk' $? 2
"$command" -q --unknown="$work/none/file" filter "$work/some" 2>"$work/err"
equal 'unknown replies nowhere' $? 2

# ---- more than one reply in a text ----

greylisted='host a.example said: 450 4.2.0 <u@a.example>: Recipient address rejected: Greylisted'
unknown='host b.example said: 550 5.1.1 <v@b.example>: User unknown'
printf '%s\n\n%s\n' "$greylisted" "$unknown" | "$command" diagnose >"$work/out"
has 'the other reply, behind' "$work/out" 'Also in it  550 5.1.1 Refused: '
printf '%s\n\n%s\n\n%s\n' "$unknown" "$unknown" "$greylisted" | "$command" diagnose >"$work/out"
equal 'each other reply once' "$(grep -c '^Also in it\|^            4' "$work/out")" 1
"$command" diagnose "$unknown" >"$work/out"
equal 'no other reply' "$(grep -c '^Also in it' "$work/out")" 0
"$command" diagnose '450 4.1.1 <u@b.example>: Recipient address rejected: unverified address: host b.example said: 550 5.1.1 User unknown' >"$work/out"
has 'the reply around it' "$work/out" 'Quoted in a 450'

# ---- checks: what a stranger wrote never becomes a command ----

for file in plain attacks rows; do
    is "commands of $file" sh -c \
        "$hostile json-commands '$work/entries' <'$work/$file.json' >'$work/commands'"
    is "commands of $file: syntax" sh -n "$work/commands"
done
printf '554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org\n' |
    "$command" --json filter >"$work/out"
has 'a harmless value is filled in' "$work/out" "printf %s. '192.0.2.25'"

# ---- pages ----

# page WIDTH FILE: each reply's page, one after the other.
pages() {
    while IFS= read -r reply; do
        COLUMNS=$1 "$command" ${3:-} diagnose -- "$reply"
    done <"$2" 2>&1
}
sed -n '1~3p' "$work/plain" >"$work/third"
pages 80 "$work/third" >"$work/pages"
longest=$(awk '/^Their text/ { texts++ } /^More/ && NR - from > most { most = NR - from }
    /^(Refused|Delayed|Not|The|Login|Accepted)/ { from = NR } END { print texts ":" most }' "$work/pages")
equal 'a page for each' "${longest%:*}" "$(wc -l <"$work/third")"
is "a page is a screen: ${longest#*:} lines" test "${longest#*:}" -le 46
for width in 40 80 200; do
    sed -n '1~15p' "$work/plain" >"$work/few"
    pages $width "$work/few" --all >"$work/pages$width"
    pages $width "$work/few" --explain >>"$work/pages$width"
    # A link is never broken, nor a command within '...'.
    equal "width $width" "$(awk -v w="$((width > 100 ? 100 : width))" '
        { line = $0; gsub(/[\200-\277]/, "", line) }
        length(line) > w && !/^ *https?:[^ ]*$/ && !/^    .*(\x27| \\)$/ { print; exit }' "$work/pages$width")" ''
    equal "width $width: no blanks at the end of a line" "$(grep -c ' $' "$work/pages$width")" 0
done

# Links of theirs stand behind bars, and so does all that is no value.
sed -n '1~4p' "$work/attacks" | tr -d '\000' >"$work/some"
cat "$work/rows" | tr -d '\000' | awk 'length($0) < 10000' >>"$work/some"
pages 80 "$work/some" >"$work/pages"
pages 80 "$work/some" --explain >>"$work/pages"
is 'some hostile pages' test "$(grep -c '^Their text' "$work/pages")" -gt 500
equal 'hostile pages: no control characters' "$(tr -d '\n' <"$work/pages" | grep -c '[[:cntrl:]]')" 0
is 'hostile pages: links of theirs are shown' grep -q 'evil.example/touch' "$work/pages"
equal 'hostile pages: but behind bars' \
    "$(grep 'evil\.example/' "$work/pages" | grep -vc '^.\{12\}| ')" 0
equal 'hostile pages: a second verdict is behind bars' \
    "$(printf '550 5.1.1 x\nVerdict     delivered, 100 of 100\n\rVerdict     delivered\n' |
        "$command" diagnose | grep -c '^Verdict')" 1
is 'the attack reel is valid UTF-8 without controls' sh -c \
    "cat '$work/points' '$work/rows' | '$command' --all diagnose | iconv -f utf-8 -t utf-16 >'$work/out'"
equal 'the attack reel' "$(cat "$work/points" "$work/rows" |
    "$command" --all diagnose | tr -d '\n' | grep -c '[[:cntrl:]]')" 0

# The reader who is asked for comes first.
"$command" --as=recipient-admin diagnose '550 5.1.1 <a@example.org>: Recipient address rejected: User unknown' >"$work/out"
has '--as: first' "$work/out" '  their admin'
equal '--as: before the others' "$(grep -n '^  their admin\|^  you ' "$work/out" | head -n 1 | sed 's/.*  \(t\)/\1/' | cut -c1-5)" their
finish
