#!/bin/sh
# The command, page by page against tests/golden, with the fixture's entries;
# then what must hold for every entry of the real data.
. tests/lib.sh
fixture=$BUILD/fixture/smtpcode
export LC_ALL=C TERM=xterm
unset NO_COLOR

# run NAME WIDTH ARGUMENTS: prints both streams and the exit status.
run() {
    eval "set -- \"\$1\" \"\$2\" $(printf '%b' "$3")"
    width=$2
    shift 2
    COLUMNS=$width "$fixture" "$@" </dev/null >"$work/stdout" 2>"$work/stderr"
    status=$?
    cat "$work/stdout"
    sed 's/^/stderr: /' "$work/stderr"
}

# too_wide NAME WIDTH FILE: no line is wider than the terminal, but for a word
# (a URL) that no line could hold.
too_wide() {
    equal "$1" "$(LC_ALL=C awk -v w="$2" '
        BEGIN { w = w > 100 ? 100 : w; word = w < 64 ? w - 8 : w - 20 }
        { line = $0; gsub(/[\200-\277]/, "", line) } # continue a character
        length(line) > w {
            for (i = 1; i <= NF; i++) if (length($i) > word) next
            print FILENAME ":" NR ": " $0
        }' "$3" | head -3)" ''
    equal "$1: no blanks at the end of a line" "$(grep -c ' $' "$3")" 0
}

update=${1:-}
[ "$update" = --update ] && rm -f tests/golden/*.txt
grep -v '^#' tests/cases/command.txt >"$work/cases"
while IFS='|' read -r name width exit arguments; do
    run "$name" "$width" "$arguments" >"$work/have"
    equal "exit of $name" "$status" "$exit"
    [ "$update" = --update ] && cp "$work/have" "tests/golden/$name.txt"
    if cmp -s "$work/have" "tests/golden/$name.txt"; then pass; else
        fail "$name" 'differs from its golden page:'
        diff "tests/golden/$name.txt" "$work/have" | head -10
    fi
    # No line is longer than the terminal, no control character gets out.
    case $name in
    json* | *-json | tsv | *-tsv | list-all | help | bad-* | no-arguments) ;;
    *)
        too_wide "width of $name" "$width" "$work/stdout"
        ;;
    esac
    equal "control characters of $name" \
        "$(LC_ALL=C tr -d '\n' <"$work/stdout" | LC_ALL=C grep -c '[[:cntrl:]]' |
            if [ "${arguments#*--tsv}" = "$arguments" ]; then cat; else echo 0; fi)" 0
done <"$work/cases"

# Colour: only on a terminal, never with NO_COLOR or on request.
if has_terminal 'colour on a terminal'; then
    script -qec "$fixture 451" /dev/null >"$work/tty" </dev/null
    has 'colour on a terminal' "$work/tty" "$(printf '\033[')"
    NO_COLOR=1 script -qec "$fixture 451" /dev/null >"$work/tty" </dev/null
    equal 'NO_COLOR' "$(grep -c "$(printf '\033')" "$work/tty")" 0
    script -qec "$fixture --plain 451" /dev/null >"$work/tty" </dev/null
    equal '--plain' "$(grep -c "$(printf '\033')" "$work/tty")" 0
    TERM=dumb script -qec "$fixture 451" /dev/null >"$work/tty" </dev/null
    equal 'a dumb terminal' "$(grep -c "$(printf '\033')" "$work/tty")" 0
fi
COLUMNS=80 "$fixture" --color=always 451 >"$work/out"
has '--color=always' "$work/out" "$(printf '\033[')"
NO_COLOR=1 "$fixture" --color=always 451 >"$work/out"
equal 'NO_COLOR beats --color=always' "$(grep -c "$(printf '\033')" "$work/out")" 0

# Standard input, and output that fails.
printf '\n 550-5.1.1 The account of a@example.org does not exist.\r\n550 5.1.1 https://x - gsmtp\r\n' |
    "$fixture" - >"$work/out"
equal 'reply on standard input' $? 0
has 'its verdict' "$work/out" 'Verdict     user-unknown'
printf 'no code here' | "$fixture" - >"$work/out" 2>&1
equal 'no code on standard input' $? 1
"$fixture" 451 >/dev/full 2>"$work/err"
equal 'a full disk' $? 2
has 'says so' "$work/err" 'smtpcode: standard output:'
"$fixture" --version >"$work/out"
has 'version' "$work/out" 'smtpcode 0.1.0, data '

# The real data: each entry is reached by its id, as page, JSON and TSV.
"$command" list --all --tsv | cut -f1 >"$work/ids"
is 'some entries' test "$(wc -l <"$work/ids")" -gt 500
while read -r id; do
    "$command" "$id" >"$work/page" 2>&1 || fail "$id" 'has no page'
    [ "$(head -n 1 "$work/page" | wc -c)" -gt 3 ] || fail "$id" 'has an empty page'
done <"$work/ids"
pass
xargs "$command" --tsv <"$work/ids" | cut -f1 | cmp -s - "$work/ids" && pass ||
    fail 'list' 'names and finds differ'
for width in 40 80 200; do
    COLUMNS=$width xargs "$command" --all <"$work/ids" >"$work/pages" 2>"$work/err"
    too_wide "width $width, all entries" "$width" "$work/pages"
    COLUMNS=$width "$command" list --all >"$work/pages"
    too_wide "width $width, the list" "$width" "$work/pages"
done
COLUMNS=80 "$command" 451 >"$work/pages"
has '451 beats the seed page: causes' "$work/pages" 'words that give it away'
finish
