#!/usr/bin/env python3
"""What strangers may write into a reply, and what must come out of it.

fill plain|hostile   entries as JSON on stdin: each template with its
                     placeholders filled, a reply a line
rows                 one line for each threat
points               one line for each character, and each pair of bytes
json N | tsv N       check that stdin is N answers, each a record of its own
json-commands FILE   the commands of the checks of answers on stdin, all of
                     them commands of the entries in FILE with safe values
same LINES           the escaped words of TSV on stdin are those of LINES
"""
import json
import re
import sys
import unicodedata

PLAIN = {
    "ip": "192.0.2.25", "recipient": "you@example.org", "sender": "me@example.com",
    "address": "me@example.com", "domain": "example.com", "host": "mx1.example.org",
    "url": "https://example.org/x?y=1", "id": "a1b2-20020a05", "number": "15",
    "size": "1024", "duration": "5 minutes", "date": "2026-11-23",
    "blocklist": "zen.spamhaus.org", "any": "some more words",
}
ATTACKS = [
    "$(touch x)", ";rm -rf x;", "`touch x`", "'touch'x'", '"touch"', "-otouch", "--touch",
    "|touch", "&&touch", "touch\\", "\x1b]0;touch\x07", "\x1b[2Jtouch", "\x9btouch", "tou\x00ch",
    "\u202etouch", "tou\u200bch", "\U000e0074touch", "https://evil.example/touch",
    "x://evil.example/touch", "{ip}touch", "..%2ftouch", "=touch()", "<script>touch", "touch\x7f",
]
COLUMNS = 18


def fill(how):
    out = sys.stdout.buffer
    for line in sys.stdin:
        entry = json.loads(line)
        if entry["kind"] != "template":
            continue
        text = entry["text"].replace("\n", "\\n")
        if how == "plain":
            fillings = [PLAIN]
        else:  # every attack somewhere, not all of them everywhere
            n = sum(map(ord, entry["id"]))
            fillings = [dict.fromkeys(PLAIN, ATTACKS[(n + i * 7) % len(ATTACKS)]) for i in range(3)]
        for values in fillings:
            filled = re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], m[0]), text)
            out.write(filled.encode("latin-1" if "\x9b" in filled else "utf-8", "replace") + b"\n")


def rows():
    text = b"550 5.1.1 <a@example.org>: User unknown"
    lines = [b"", b" ", b"\t", b"\x00", b"\r", b"550", b"550-", b"550-5.1.1 never ended", b"550x",
             b"550-a\\n551 b", b"99999999999 5.99999.1", b"-1", "\u0664\u0665\u0660 no".encode(),
             text + b"\rDec 1 host postfix/smtp[1]: status=sent (250 ok)",
             text + b"\\r\\nDec 1 host postfix/smtp[1]: status=sent (250 ok)",
             text + b"\tfake\tcolumns\t", b"\\", b"\\n", b"\\n" * 1000, b'{"condition":"delivered"}',
             b"=cmd|' /C calc'!A0", b"+1+1", b"@SUM(1)", b"550 " + b"a" * 1000000, b"550 \xff\xfe\x80\xc0\x80",
             b"<script>alert(1)</script>", "550 G\u043cail says no - gsmtp".encode(),
             b"550 5.7.1 " + b"(" * 20000, b"550 " + b"\xe2\x80\xae" * 5000]
    lines += [b"550 5.1.1 " + a.encode() for a in ATTACKS]
    lines += [text[:i] + b"\x00" + text[i:] for i in range(len(text))]
    lines += [text[:i] + b"\x1b[31m" + text[i:] for i in range(len(text))]
    sys.stdout.buffer.write(b"".join(line + b"\n" for line in lines))


def points():
    out = sys.stdout.buffer
    some = list(range(0x80, 0x3200)) + list(range(0xfb00, 0x10000)) + list(range(0x1f300, 0x1f700))
    some += list(range(0x1d160, 0x1d180)) + list(range(0xe0000, 0xe0200)) + [0xf0000, 0x10ffff]
    for p in some:
        out.write(b"550 zz " + chr(p).encode("utf-8", "surrogatepass") + b" zz\n")
    for a in range(1, 256):
        for b in range(0x80, 0x100):
            pair = bytes([a, b])
            if not pair.isspace() and a not in b"\n\r\\":
                out.write(b"550 zz " + pair + b" zz\n")


# What moves a cursor, is invisible or turns the direction.
HARMFUL = re.compile("[" + "".join(
    re.escape(chr(c)) for c in range(0x110000)
    if unicodedata.category(chr(c)) in ("Cc", "Cf", "Zl", "Zp", "Cs")) + "]")


def harmless(text):
    return not HARMFUL.search(text)


def check_json(n):
    lines = sys.stdin.buffer.read().decode("utf-8").split("\n")
    assert lines.pop() == "" and len(lines) == n, f"{len(lines)} lines for {n}"
    keys = set(json.loads(lines[0]))
    for line in lines:
        assert harmless(line), repr(line[:200])
        assert set(json.loads(line)) == keys


def check_tsv(n):
    lines = sys.stdin.buffer.read().decode("utf-8").split("\n")
    assert lines.pop() == "" and len(lines) == n, f"{len(lines)} lines for {n}"
    for line in lines:
        cells = line.split("\t")
        assert len(cells) == COLUMNS, repr(line)
        assert all(map(harmless, cells)), repr(line)


def known_commands(entries):
    """The commands of the data, as patterns: what may stand for a placeholder."""
    patterns = set()
    for line in entries:
        for check in json.loads(line).get("checks") or []:
            parts = re.split(r"\{(?:ip|domain|host)\}", check["command"] or "")
            value = r"(?:\{\w+\}|[A-Za-z0-9.:][A-Za-z0-9.:-]*)"
            patterns.add(value.join(map(re.escape, parts)))
    return re.compile("|".join(patterns))


def json_commands(entries):
    with open(entries, encoding="utf-8") as file:
        known = known_commands(file)
    seen = set()
    for line in sys.stdin.buffer:
        for check in json.loads(line)["checks"]:
            seen.add(check["command"])
    for command in seen:
        assert known.fullmatch(command), command
    print("\n".join(sorted(seen)))


def unescape(text):
    return re.sub(rb"\\(?:x([0-9a-f]{2})|\\)",
                  lambda m: bytes([int(m[1], 16)]) if m[1] else b"\\", text)


def same(path):
    with open(path, "rb") as file:
        asked = file.read().split(b"\n")
    answers = sys.stdin.buffer.read().split(b"\n")
    assert len(asked) == len(answers)
    for line, answer in zip(asked[:-1], answers):
        have = unescape(answer.split(b"\t")[-1])
        assert have == line[4:], (line, have)


if __name__ == "__main__":
    job, rest = sys.argv[1], sys.argv[2:]
    if job in ("json", "tsv"):
        {"json": check_json, "tsv": check_tsv}[job](int(rest[0]))
    else:
        {"fill": fill, "rows": rows, "points": points, "json-commands": json_commands,
         "same": same}[job](*rest)
