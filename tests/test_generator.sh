#!/bin/sh
# One broken data file for each complaint of the generator: it must say
# "file:line: what", exit with 1 and write nothing.
. tests/lib.sh
gen=$BUILD/gen/gen

# broken NAME FILE SED-SCRIPT LINE WHAT: FILE of the fixture, changed so.
broken() {
    rm -rf "$work/data" "$work/to"
    cp -r tests/fixture/data "$work/data"
    mkdir "$work/to"
    sed -i "$3" "$work/data/$2"
    check "$1" "$2:$4" "$5"
}
check() { # NAME FILE:LINE WHAT
    mkdir -p "$work/to"
    "$gen" "$work/data" tests/fixture/conditions.h "$work/to" 2>"$work/err"
    status=$?
    if [ $status != 1 ]; then
        fail "$1" "exit $status"
    elif ! grep -F "$work/data/$2: " "$work/err" | grep -qF -e "$3"; then
        fail "$1" "want '$2: $3', have:"
        head -3 "$work/err"
    elif [ -n "$(ls "$work/to")" ]; then
        fail "$1" "wrote $(ls "$work/to")"
    else
        pass
    fi
}

broken 'unknown key' codes/451.json 's/"third_digit"/"third_digits"/' 11 "unknown key 'third_digits'"
broken 'duplicate key' codes/451.json 's/"name": "Local/"code": "452",\n  "name": "Local/' 3 'duplicate object key'
broken 'missing field' codes/550.json '/"title"/d' 2 "missing key 'title'"
broken 'missing field inside' codes/451.json 's/"text": "a cause of its own", //' 31 "missing key 'text' in 'causes'"
broken 'keys out of order' codes/550.json 's/"suppress": "no",/"suppress": "no",\n  "who": null,/' 9 "key 'who' belongs before 'suppress'"
broken 'not JSON' codes/550.json 's/"suppress": "no",/"suppress": "no"/' 9 'expected near'
broken 'not an object' codes/550.json '1d;$d;s/.*//;2s/.*/[]/' 1 'not an object'
broken 'wrong type' codes/550.json 's/"name": "Mailbox unavailable"/"name": 550/' 3 "'name' is not a string"
broken 'not a list' codes/550.json 's/"meaning": \[\(.*\)\]/"meaning": \1/' 6 "'meaning' is not a list"
broken 'empty list' codes/451.json 's/"see_also": \["550"\]/"see_also": []/' 29 "'see_also' is not a list of some"
broken 'bad UTF-8' codes/550.json 's/Refused for good/Refused \xff/' 5 'unable to decode byte 0xff'
broken 'control character' codes/550.json 's/Refused for good/Refused \\u0007/' 5 'a control, invisible or direction-changing character'
broken 'NUL' codes/550.json 's/Refused for good/Refused \\u0000/' 5 '\u0000 is not allowed'
broken 'C1 control' codes/550.json 's/Refused for good/Refused \xc2\x9b/' 5 'a control, invisible'
broken 'bidi override' codes/550.json 's/Refused for good/Refused \xe2\x80\xae/' 5 'a control, invisible'
broken 'zero width' codes/550.json 's/Refused for good/Ref\xe2\x80\x8bused/' 5 'a control, invisible'
broken 'tag character' codes/550.json 's/Refused for good/Ref\xf3\xa0\x81\x81used/' 5 'a control, invisible'
broken 'lone surrogate' codes/550.json 's/Refused for good/\\ud800/' 5 'invalid Unicode'
broken 'unknown status' codes/550.json 's/"standard"/"standart"/' 4 "'status' has no value of its list"
broken 'unknown retry' codes/451.json 's/"retry": "later"/"retry": "soon"/' 14 "'retry' has no value of its list"
broken 'unknown reader' codes/451.json 's/"sender-admin": \[/"admin": [/' 36 "unknown key 'admin' in 'remedies'"
broken 'nobody is no reader' codes/451.json 's/"sender-admin": \[/"nobody": [/' 36 "unknown key 'nobody' in 'remedies'"
broken 'unknown stage' codes/451.json 's/"connect": "user-unknown"/"dial": "user-unknown"/' 13 "unknown key 'dial' in 'at'"
broken 'unknown class' enhanced/x.7.1.json 's/    "5": {"retry"/    "3": {"retry"/' 19 "unknown key '3' in 'by_class'"
broken 'long title' codes/550.json "s/Refused for good/Refused for good and for ever by a server that was asked twice/" 5 'longer than 60 characters'
broken 'full stop in a title' codes/550.json 's/Refused for good/Refused for good./' 5 'a full stop at its end'
broken 'sentence without its end' codes/451.json 's/Nothing was delivered yet\./Nothing was delivered yet/' 8 'a sentence that does not end as one'
broken 'blank at the end' codes/451.json 's/Nothing was delivered yet\./Nothing was delivered yet. /' 8 'a blank at its begin or end'
broken 'two blanks' codes/451.json 's/Nothing was/Nothing  was/' 8 'two blanks in a row'
broken 'advice that weakens security' codes/451.json 's/Wait: it is sent again\./Turn off TLS and wait./' 37 'advice that weakens security'
broken 'placeholder without quotes' codes/451.json "s/-x '{ip}'/-x {ip}/" 44 'a placeholder outside single quotes'
broken 'placeholder not for commands' codes/451.json "s/'{ip}'/'{recipient}'/" 44 'an unknown placeholder'
broken 'unknown placeholder in a reply' servers/postfix.json 's/{recipient}/{user}/' 19 'an unknown placeholder'
broken 'brace without its partner' servers/postfix.json 's/{recipient}/recipient}/' 19 "a '}' without its '{'"
broken 'not a URL' codes/451.json 's|https://example.org/451|www.example.org|' 49 'not a URL'
broken 'URL without a path' codes/451.json 's|https://example.org/451|https://example.org|' 49 'not a URL'
broken 'not a date' codes/451.json 's/"2025-03"/"03.2025"/' 40 'not a date'
broken 'code out of range' codes/550.json 's/"code": "550"/"code": "650"/' 2 'the file is called 550.json'
broken 'subject out of range' enhanced/x.7.1.json 's/"x.7.1",/"x.8.1",/' 2 'the file is called x.7.1.json'
broken 'dangling condition' codes/550.json 's/"condition": "user-unknown"/"condition": "user-unknwon"/' 10 "no condition 'user-unknwon'"
broken 'dangling detail' enhanced/x.7.1.json 's/"detail": "verified"/"detail": "veryfied"/' 10 "condition 'user-unknown' has no detail 'veryfied'"
broken 'detail without a condition' codes/550.json 's/"suppress": "no"/"detail": "verified",\n  "suppress": "no"/' 8 'a detail without a condition'
broken 'dangling code' codes/451.json 's/"see_also": \["550"\]/"see_also": ["552"]/' 29 "no reply-code '552'"
broken 'dangling enhanced code' codes/451.json 's/"enhanced": \["4.7.1"\]/"enhanced": ["4.7.2"]/' 28 "no enhanced-status '4.7.2'"
broken 'dangling RFC' codes/451.json 's/{"rfc": 2821/{"rfc": 2822/' 23 'RFC 2822 is not in rfcs.json'
broken 'dangling software' servers/gmail/server.json 's/"runs": "postfix"/"runs": "postfax"/' 9 "no server 'postfax'"
broken 'templates of nobody' servers/gmail/replies.json 's/"server": "gmail"/"server": "gmale"/' 2 "no server 'gmale'"
broken 'own code that is none' servers/gmail/server.json 's/"5.7.500-699"/"5.7.699-500"/' 21 'is not a code or a range of details'
broken 'detail that its condition lacks' conditions/user-unknown.json 's/"when": "detail=verified"/"when": "detail=other"/' 11 "has no detail 'other'"
broken 'when that is none' conditions/user-unknown.json 's/"when": "detail=verified"/"when": "always"/' 11 'not side='
broken 'number that differs from the header' conditions/greylisted.json 's/"number": 27/"number": 28/' 3 'number 28, but 27 in'
broken 'duplicate number' servers/postfix.json 's/"number": 1,/"number": 41,/' 3 'number 41 is also in'
broken 'duplicate id' servers/gmail/server.json 's/"5.7.606"/"x.7.1"/' 14 "id 'gmail/x.7.1' is also in"
broken 'nothing reads it' rfcs.json '$!d;s/.*/{}/' 1 "'rfcs' is not a map of some"

broken 'classes that are none' enhanced/x.7.1.json 's/"classes": \[5\]/"classes": [7, 3]/' 7 "'classes' is not a list of 2, 4, 5"
broken 'least over most' conditions/greylisted.json 's/\[5, 30\]/[60, 5]/' 11 "'minutes' is not [least, most]"
broken 'one number of two' conditions/greylisted.json 's/\[5, 30\]/[60]/' 11 "'minutes' is not [least, most]"
broken 'no minutes at all' conditions/greylisted.json 's/\[5, 30\]/[0, 30]/' 11 "'minutes' is not [least, most]"
broken 'more minutes than a table holds' conditions/greylisted.json 's/\[5, 30\]/[5, 65536]/' 11 "'minutes' is not [least, most]"
broken 'thirteenth month' codes/451.json 's/"2025-03"/"2025-13"/' 40 'no such month'
broken 'the same twice' codes/451.json 's/"see_also": \["550"\]/"see_also": ["550", "550"]/' 29 "'see_also' says the same twice"
broken 'invisible letter' codes/550.json 's/Refused for good/Ref\xe3\x85\xa4used/' 5 'a control, invisible'
broken 'bytes behind a NUL' codes/550.json '$s/$/\x00{}/' 11 'end of file expected'
broken 'temporary, yet drops' conditions/user-unknown.json 's/"temporary": {"retry": "later", "suppress": "after-repeats"}/"temporary": {"retry": "later", "suppress": "yes"}/' 14 'drops the address for good'
broken 'class 4 drops' enhanced/x.7.1.json 's/"condition": "greylisted", "retry": "later"/"condition": "greylisted", "retry": "later", "suppress": "yes"/' 18 "'4.7.1' drops the address for good"
broken 'own code too long' servers/gmail/server.json 's/"5.7.606"/"5.7.1234"/' 29 'is not a code or a range of details'
broken 'own code with a tail' servers/gmail/server.json 's/"5.7.606"/"5.7.1.2"/' 29 'is not a code or a range of details'
broken 'own code with a leading zero' servers/gmail/server.json 's/"5.7.606"/"5.7.0606"/' 29 'is not a code or a range of details'
broken 'own code that is not SMTP' servers/gmail/server.json 's/"code": "451"/"code": "199"/' 37 'is not a code or a range of details'
broken 'own code across a range' servers/gmail/server.json 's/"5.7.606"/"5.7.690-710"/' 29 'crosses the edge of'
broken 'key that moves the cursor' codes/550.json 's/"name"/"\\u001b]0;x\\u0007"/' 1 'unknown key'
broken 'very long key' codes/550.json "s/\"name\"/\"$(printf '%2000s' | tr ' ' k)\"/" 3 'unknown key'

# What the matcher could not find for certain.  ID of a template is on line 5.
replies=servers/gmail/replies.json
broken 'open that is not true' $replies 's/"stages"/"open": false, "stages"/' 7 "'open' is not true"
broken 'value that runs into the words behind it' $replies 's/{url} - gsmtp/{domain}.html/' 5 'run into the words that follow it'
broken 'value that swallows a letter' $replies 's/{url} - gsmtp/{id}and more/' 5 'run into the words that follow it'
broken 'value that runs into the words before it' $replies 's/\["550.*\]/["550 x{id} reached the account"]/' 5 'run into the words before it'
broken 'value behind {any}' $replies 's/{recipient} does/{any}{id} does/' 5 'where does a value begin'
broken '{any} twice' $replies 's/{recipient} does/{any}{any} does/' 5 'where does a value begin'
broken 'value behind a value' $replies 's/{recipient} does/{domain}{id} does/' 5 'where does one value end'
broken 'open without words at its begin' $replies 's/The account of //;s/"stages"/"open": true, "stages"/' 5 'an open template begins with words'
broken 'no words' $replies 's/\["550.*\]/["550 {any}"]/' 5 'no words'
broken 'too few words' $replies 's/\["550.*\]/["550 {ip} is bad"]/' 5 'no 11 bytes of words in a row'
broken 'unknown placeholder in a line' $replies 's/{recipient}/{receiver}/' 6 'an unknown placeholder'
broken '17 placeholders' $replies "s/{recipient}/$(printf '{ip} %.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)/" 5 'more than 16 placeholders'

# another ID LINE CONDITION: a template more, on line 4, before the others.
another() {
    printf '/"templates"/a {"id": "%s", "lines": ["%s"], "stages": ["rcpt"], "condition": "%s", "source": {"url": "https://example.org/", "seen": "2026"}},' "$1" "$2" "$3"
}
broken 'duration that goes on as the words behind it' $replies 's/{recipient} does/{duration} minutes does/' 5 'run into the words that follow it'
broken 'duration that a number follows' $replies 's/{recipient} does/{duration} {number} does/' 5 'run into the words that follow it'
broken 'duration left of the only anchor' $replies 's/\["550.*\]/["550 for {duration} until it works"]/' 5 'run into the words before it'
broken 'IP address behind the v of its tag' $replies 's/\["550.*\]/["550 ipv{ip} is not welcome here"]/' 5 'run into the words before it'

# A link is known only if its host is written out, up to its "/".
link() { # NAME LINK
    broken "$1" $replies "s|{url} - gsmtp|$2 - gsmtp|" 6 'a link without its host written out'
}
link 'host that goes on' 'https://support.google.com{any}'
link 'host that goes on with a name' 'https://support.google.com.{domain}/a'
link 'host that is a value' 'https://{host}/x'
link 'userinfo' 'https://a@{host}/'
link 'userinfo that looks like a host' 'https://google.com@example.org/'
link 'userinfo by a value' 'https://google.com:{any}@example.org/'
link 'query instead of a path' 'https://google.com?{any}'
link 'scheme that is a value' '{any}://google.com/'
link 'scheme that begins with a value' '{any}s://google.com/'
link 'no host at all' 'https:///x'

# shared: what others say too.
broken 'shared that is no line' $replies 's/"stages"/"shared": "middle", "stages"/' 5 "'shared' is not first, last or both"
many=$(printf '"another line", %.0s' $(seq 64))
broken 'template of 65 lines' servers/postfix.json "0,/\"lines\": \[/s//\"lines\": [$many/" 18 'more than 64 lines'
broken 'shared in a template of one line' servers/postfix.json '/"lines"/s/$/ "shared": "first",/' 18 "'shared' is for templates of several lines"

same='550 5.1.1 The account of {recipient} does not exist. {url} - gsmtp'
broken 'equal reply, another condition' $replies "$(another a-copy "$same" greylisted)" 6 "the reply of 'gmail/a-copy', which is another condition"
broken 'equal but for a name: the later one is never found' $replies "$(another a-copy "550 5.1.1 The account of {address} does not exist. {url} - gsmtp" user-unknown)" 6 "'gmail/a-copy' beats it on its own example"
broken 'never found for one that says more' $replies "$(another loose "550 5.1.1 The account of {any} here" user-unknown)
s/{recipient} does not exist[^]]*/something {id} here\"/" 4 "'gmail/no-such-user' beats it on its own example"
later='550 the words of the server say more than it'
broken 'beaten where a line begins' $replies "$(another later "$later" user-unknown)
s/\[\"550-5.*\]/[\"550 {any}\", \"$later\"]/" 4 "'gmail/no-such-user' beats it on its own example behind another line"
broken 'beaten on its first line' $replies "$(another first '550 something {any} on the one line' user-unknown | sed 's|line\"|line\", \"550 z\"|')
s/\[\"550-5.*\]/[\"550 something {id} on the one line\", \"550 y\"]/" 6 "'gmail/first' beats it on its own example's first line"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do
    another "t$i" "550 says hello {number}/$i" user-unknown
    echo
done >"$work/many"
broken 'bucket over its bound' $replies "$(cat "$work/many")" 12 'fill a bucket over its bound of 16'

# Tokens and phrases.
german=phrases/de.json
word() { # ID TEXT: a phrase more, on line 6, before the others
    printf '/"phrases"/a {"id": "%s", "text": "%s", "condition": "user-unknown", "example": "550 no"},\n' "$1" "$2"
}
broken 'no such charset' $german 's/"iso-8859-1"/"iso-8859-99"/' 4 "'iso-8859-99': no such charset"
broken 'charset that hides ASCII' $german 's/"iso-8859-1"/"utf-16"/' 4 'a charset that does not hold ASCII'
broken 'charset with shifts' $german 's/"iso-8859-1"/"iso-2022-jp"/' 4 'a charset that does not hold ASCII'
broken 'letters that no charset has' $german 's/"utf-8", //;s/bitte später/пожалуйста позже/' 14 'no charset of its file has its letters'
broken 'three bytes' $german 's/bitte später/bät/' 14 'no 4 bytes of words in a row'
broken 'three letters' $german 's/bitte später/bat/' 15 'shorter than 4 bytes'
broken 'three letters between {any}' $german 's/bitte später/ab {any} cd/' 14 'no 4 bytes of words in a row'
broken '{any} first' $german 's/bitte später/{any} später/' 14 '{any} at its begin or end'
broken '{any} last' $german 's/bitte später/bitte {any}/' 14 '{any} at its begin or end'
broken '{any}{any}' $german 's/bitte später/bitte {any}{any} später/' 14 '{any} twice in a row'
broken '{any} beside {any}' $german 's/bitte später/bitte {any}-{any} später/' 14 'hold no blank'
broken 'placeholder that phrases have not' $german 's/bitte später/bitte {ip} später/' 14 'an unknown placeholder'
broken 'half a placeholder' $german 's/bitte später/bitte {any später/' 14 'an unknown placeholder'
broken '{some} and {any}' $german 's/bitte später/bitte {some} {any} später/' 14 'a placeholder beside {some}'
broken '{some} twice' $german 's/bitte später/bitte {some} oder {some} später/' 14 'a placeholder beside {some}'
broken '{some} first' $german 's/bitte später/{some} später/' 14 'an unknown placeholder'
broken 'choices beyond measure' $german 's/bitte später/bitte {a|b|c|d|e|f|g|h|i}{a|b|c|d|e|f|g|h|i}{a|b|c|d|e|f|g|h|i} später/' 14 'more than 512 wordings'
broken 'choice of three letters' $german 's/bitte später/{bat|bitte}/' 14 'shorter than 4 bytes'
broken 'choice that leaves two blanks' $german 's/bitte später/bitte {|sehr} später/' 14 'two in a row'
broken 'choice that is not closed' $german 's/bitte später/bitte {a|b später/' 14 'an unknown placeholder'
broken 'choice equal to another phrase' $german "$(word a-copy '{bitte|sehr} später')" 15 "'de/later': the words of 'de/a-copy', which is another condition"
broken 'equal words, another condition' $german "$(word a-copy 'Bitte später')" 15 "'de/later': the words of 'de/a-copy', which is another condition"
broken 'equal without its accents' $german "$(word a-copy 'bitte spater')" 15 "'de/later': the words of 'de/a-copy', which is another condition"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do
    word "w$i" "$(printf "%$((i + 3))s" '' | tr ' ' a)"
done >"$work/many"
broken 'bucket of phrases over its bound' $german "$(cat "$work/many")" 22 'fill a bucket over its bound of 16'
token() { # ID TEXT CONDITION: a token more, on line 8
    printf '/"tokens"/a {"id": "%s", "text": "%s", "condition": "%s", "source": {"url": "https://example.org/", "seen": "2026"}},' "$1" "$2" "$3"
}
broken 'equal token, another condition' servers/postfix.json "$(token a-copy '(gl-01)' user-unknown)" 10 "'postfix/gl-01': the words of 'postfix/a-copy', which is another condition"
broken 'token of three bytes' servers/postfix.json 's/(GL-01)/GL1/' 10 'shorter than 4 bytes'

accepted() { # NAME SED-SCRIPT [FILE]: the fixture, changed so, is accepted.
    rm -rf "$work/data"
    cp -r tests/fixture/data "$work/data"
    sed -i "$2" "$work/data/${3:-$replies}"
    is "$1" "$gen" "$work/data" tests/fixture/conditions.h
}
accepted 'equal phrase at another stage' "$(word a-copy 'bitte später' | sed 's/"condition"/"stages": ["auth"], &/')" $german
accepted 'equal phrase, equal condition' "$(word a-copy 'bitte später' | sed 's/user-unknown/greylisted/')" $german
accepted 'letters that one charset has not' 's/bitte später/пожалуйста позже/' $german
accepted 'equal token, equal condition' "$(token a-copy '(gl-01)' greylisted)" servers/postfix.json
accepted 'choices, one in another' 's/bitte später/{bitte {sehr |}|}{bald {any} |}später/' $german
accepted 'words between' 's/bitte später/bitte {some} {später|bald}/' $german
accepted 'braces in a token' 's/(GL-01)/{GL-01}/' servers/postfix.json
accepted 'equal reply at another stage' "$(another a-copy "$same" greylisted | sed 's/rcpt/auth/')"
accepted 'equal reply, equal condition' "$(another a-copy "$same" user-unknown)"
accepted 'equal words with another code' "$(another a-copy "$(echo "$same" | sed 's/550/450/')" greylisted)"
accepted 'duration before other words' 's/{recipient} does/{duration} does/'
accepted 'link whose host is all of it' 's|{url} - gsmtp|(https://support.google.com) - gsmtp|'
accepted 'shared first line' 's/"stages"/"shared": "first", "stages"/'
accepted 'open' 's/"stages"/"open": true, "stages"/'
accepted 'punctuation that trails a value' 's/{url} - gsmtp/{domain}. Bye/'
accepted 'short, but with four bytes at its begin' 's/\["550.*\]/["550 black {ip}"]/'

# stray NAME FILE CODE FROM: FROM of the fixture once more, as FILE with CODE.
stray() {
    rm -rf "$work/data" "$work/to"
    cp -r tests/fixture/data "$work/data"
    sed "s/\"code\": \"[^\"]*\"/\"code\": \"$3\"/" "$work/data/$4" >"$work/data/$2"
    check "$1" "$2:2" "code '$3' is out of range"
}
stray 'first digit 1 has no class' codes/1xx.json 1xx codes/4xx.json
stray 'a pattern that is none' codes/45x.json 45x codes/4xx.json
stray 'a letter inside' codes/4x1.json 4x1 codes/451.json
stray 'second digit 9' codes/x9x.json x9x codes/x5x.json
stray 'a code without dots' enhanced/xxxxx.json xxxxx enhanced/x.7.x.json
stray 'one digit' enhanced/4.json 4 enhanced/4.x.x.json
stray 'class 9' enhanced/9.9.9.json 9.9.9 enhanced/x.7.1.json
stray 'subject 9 as a pattern' enhanced/x.9.x.json x.9.x enhanced/x.7.x.json
stray 'detail 64' enhanced/x.7.64.json x.7.64 enhanced/x.7.1.json
stray 'a detail of one class' enhanced/5.7.2.json 5.7.2 enhanced/x.7.1.json

rm -rf "$work/data" && cp -r tests/fixture/data "$work/data"
sed 's/"451"/"650"/' "$work/data/codes/451.json" >"$work/data/codes/650.json"
check 'reply code 650' codes/650.json:2 "code '650' is out of range"
rm -rf "$work/data" && cp -r tests/fixture/data "$work/data"
sed 's/"x.7.1",/"x.9.1",/' "$work/data/enhanced/x.7.1.json" >"$work/data/enhanced/x.9.1.json"
check 'subject 9' enhanced/x.9.1.json:2 "code 'x.9.1' is out of range"
rm -rf "$work/data" && cp -r tests/fixture/data "$work/data"
rm "$work/data/enhanced/4.x.x.json"
check 'no class file' blocklists.json:1 'no file enhanced/4.x.x.json'
rm -rf "$work/data" && cp -r tests/fixture/data "$work/data"
echo '{}' >"$work/data/notes.json"
check 'a stray file' notes.json:1 'nothing reads this file'
rm -rf "$work/data" && cp -r tests/fixture/data "$work/data"
mv "$work/data/servers/gmail" "$work/data/servers/other"
check 'a folder of another name' servers/other/server.json:2 'the folder is not called gmail'
rm -rf "$work/data" && cp -r tests/fixture/data "$work/data"
rm "$work/data/conditions/greylisted.json"
"$gen" "$work/data" tests/fixture/conditions.h 2>"$work/err"
has 'a constant without its condition' "$work/err" "conditions.h:5: no condition 'greylisted' in the data"

# Every complaint in one run, not the first only.
rm -rf "$work/data" && cp -r tests/fixture/data "$work/data"
sed -i 's/"standard"/"a"/' "$work/data/codes/451.json" "$work/data/codes/550.json"
"$gen" "$work/data" tests/fixture/conditions.h 2>"$work/err"
equal 'all complaints at once' "$(grep -c 'has no value' "$work/err")" 2

# Same data, same bytes: whatever folder, locale, time zone, order of copying.
mkdir "$work/a" "$work/b"
"$gen" tests/fixture/data tests/fixture/conditions.h "$work/a" || fail same 'does not build'
mkdir "$work/elsewhere"
(cd tests/fixture/data && find . -type f | sort -r | cpio -pdm --quiet "$work/elsewhere" 2>/dev/null ||
    cp -r . "$work/elsewhere")
LC_ALL=C.UTF-8 TZ=Pacific/Kiritimati "$gen" "$work/elsewhere" tests/fixture/conditions.h "$work/b"
is 'deterministic' diff -r "$work/a" "$work/b"
equal 'three units' "$(ls "$work/a" | tr '\n' ' ')" 'tables_codes.c tables_match.c tables_prose.c '
has 'an entry a line, with a comment' "$work/a/tables_codes.c" ': 451  Not now: the receiving server'
equal 'a string is stored once' \
    "$(grep -c '"The server does not allow it.\\0"' "$work/a/tables_prose.c")" 1

# The shares of evidence are data too.
cp -r tests/fixture/data "$work/shares"
mkdir "$work/c"
sed -i 's/"token", "share": 95/"token", "share": 90/' "$work/shares/evidence.json"
"$gen" "$work/shares" tests/fixture/conditions.h "$work/c"
hash_of() { grep 'smtpcode_data_hash\[' "$1/tables_codes.c"; }
is 'another share, another data version' test "$(hash_of "$work/a")" != "$(hash_of "$work/c")"

# A target that cannot be written.
if [ "$(id -u)" = 0 ]; then
    "$gen" tests/fixture/data tests/fixture/conditions.h /proc 2>"$work/err"
else
    "$gen" tests/fixture/data tests/fixture/conditions.h / 2>"$work/err"
fi
equal 'output that cannot be written' $? 1
has 'says so' "$work/err" 'tables_codes.c'
mkdir -p "$work/part/tables_match.c/full"
"$gen" tests/fixture/data tests/fixture/conditions.h "$work/part" 2>"$work/err"
equal 'a table that cannot be replaced' $? 1
equal 'leaves no part behind' "$(ls "$work/part" | grep -c part)" 0
"$gen" "$work/nowhere" tests/fixture/conditions.h 2>"$work/err"
equal 'no such folder' $? 1
"$gen" 2>"$work/err"
equal 'no arguments' $? 2
finish
