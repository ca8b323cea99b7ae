#!/usr/bin/env python3
"""The source of every template, for a reviewer to open: `make sources`.

Reads `smtpcode --json list --all` and writes a row for each template, by
server: id, date seen, URL, and the longest run of literal words, which is to
be found on that page.  With a number N as argument, N in 100 of each server's
templates, at least one, drawn at random from SEED (default: today's date).
"""
import datetime
import json
import os
import random
import re
import sys

CODES = re.compile(r"^\d{3}(?:[ -]|$)(?:\d\.\d{1,3}\.\d{1,3} )?")


def literal_run(text):
    """The longest part without a placeholder or an end of line."""
    lines = [CODES.sub("", line) for line in text.split("\n")]
    runs = [run.strip() for line in lines for run in re.split(r"\{[a-z0-9-]+\}", line)]
    return max(runs, key=len)


def read_templates(lines):
    servers = {}
    for line in lines:
        entry = json.loads(line)
        if entry["kind"] == "template":
            servers.setdefault(entry["server"], []).append(entry)
    return servers


def draw(entries, percent, dice):
    count = max(1, round(len(entries) * percent / 100))
    return sorted(dice.sample(entries, count), key=lambda entry: entry["id"])


def main():
    percent = float(sys.argv[1]) if len(sys.argv) > 1 else 100
    dice = random.Random(os.environ.get("SEED", datetime.date.today().isoformat()))
    for _, entries in sorted(read_templates(sys.stdin).items()):
        for entry in draw(entries, percent, dice) if percent < 100 else entries:
            source = entry["source"]
            print(entry["id"], source["seen"], source["url"], literal_run(entry["text"]), sep="\t")


if __name__ == "__main__":
    main()
