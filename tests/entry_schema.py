#!/usr/bin/env python3
"""Check the command's JSON against the published schema with a second reader.

Usage: smtpcode list --all --json | entry_schema.py entry.schema.json
Every key must come in the schema's order, so that diffs of output stay small.
"""
import json
import sys

from jsonschema import Draft202012Validator

DEFS = {"reply-code": "code", "enhanced-status": "code", "condition": "condition",
        "server": "server", "template": "template", "token": "template",
        "phrase": "template", "blocklist": "blocklist"}


def main():
    schema = json.load(open(sys.argv[1], encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    check = {kind: Draft202012Validator({**schema["$defs"][name], "$defs": schema["$defs"]})
             for kind, name in DEFS.items()}
    entries = complaints = 0
    kinds = set()
    for line in sys.stdin:
        entry = json.loads(line)
        name = entry.get("code") or entry.get("id")
        kinds.add(entry["kind"])
        for error in check[entry["kind"]].iter_errors(entry):
            where = "/".join(map(str, error.absolute_path))
            print(f"{name}: {where}: {error.message}", file=sys.stderr)
            complaints += 1
        if list(entry) != list(schema["$defs"][DEFS[entry["kind"]]]["properties"]):
            print(f"{name}: keys out of order", file=sys.stderr)
            complaints += 1
        entries += 1
    missing = set(DEFS) - kinds
    print(f"entry_schema: {entries} entries, {complaints} complaints")
    sys.exit(1 if complaints or missing or entries == 0 else 0)


if __name__ == "__main__":
    main()
