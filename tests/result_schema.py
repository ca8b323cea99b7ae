#!/usr/bin/env python3
"""Check the JSON of answers, one a line, against the published schema.

Usage: answers | result_schema.py result.schema.json [--some]
Every key must come in the schema's order, so that diffs of output stay small.
Each must have had a value somewhere, else its type was never looked at; not so
with --some.
"""
import json
import sys

from jsonschema import Draft202012Validator


def main():
    schema = json.load(open(sys.argv[1], encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    keys = list(schema["properties"])
    answers = complaints = 0
    unseen = set() if "--some" in sys.argv else set(keys)
    for number, line in enumerate(sys.stdin, 1):
        answer = json.loads(line)
        for error in validator.iter_errors(answer):
            where = "/".join(map(str, error.absolute_path))
            print(f"{number}: {where}: {error.message[:200]}", file=sys.stderr)
            complaints += 1
        if list(answer) != keys:
            print(f"{number}: keys out of order", file=sys.stderr)
            complaints += 1
        unseen -= {key for key in unseen if answer.get(key)}
        answers += 1
    if unseen:
        print("never with a value: " + ", ".join(sorted(unseen)), file=sys.stderr)
    print(f"result_schema: {answers} answers, {complaints} complaints")
    sys.exit(1 if complaints or unseen or answers == 0 else 0)


if __name__ == "__main__":
    main()
