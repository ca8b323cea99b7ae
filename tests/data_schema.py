#!/usr/bin/env python3
"""Check every data file against its JSON Schema with a second reader.

The generator makes the same checks in C; this one shares no code with it.
Usage: data_schema.py DATA_DIR   (exit 1 and one line per complaint)
"""
import json
import pathlib
import sys

from jsonschema import Draft202012Validator, RefResolver

KINDS = [  # (glob, schema, pattern of the names it is for)
    ("codes/*xx.json", "reply-code"),
    ("codes/[1-5][0-9][0-9].json", "reply-code"),
    ("codes/x*.json", "digit"),
    ("enhanced/*.json", "enhanced-status"),
    ("conditions/*.json", "condition"),
    ("servers/*.json", "server"),
    ("servers/*/server.json", "server"),
    ("servers/*/*.json", "templates"),
    ("phrases/*.json", "phrases"),
    ("blocklists.json", "blocklists"),
    ("evidence.json", "evidence"),
    ("rfcs.json", "rfcs"),
]


def validators(folder):
    """{name: validator}, each schema itself checked, $refs resolved in FOLDER."""
    schemas = {p.name: json.loads(p.read_text("utf-8")) for p in sorted(folder.glob("*.schema.json"))}
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    return {
        name.removesuffix(".schema.json"): Draft202012Validator(
            schema, resolver=RefResolver(name, schema, store=dict(schemas)))
        for name, schema in schemas.items()
    }


def complaints(data):
    """Yield 'file: what' for each thing wrong below DATA; count files in .seen."""
    check = validators(data / "schema")
    seen = set()
    for pattern, kind in KINDS:
        for path in sorted(data.glob(pattern)):
            if path in seen:
                continue
            seen.add(path)
            for error in check[kind].iter_errors(json.loads(path.read_text("utf-8"))):
                where = "/".join(map(str, error.absolute_path))
                yield f"{path.relative_to(data)}: {where}: {error.message}"
    for path in sorted(set(data.rglob("*.json")) - seen):
        if path.parent.name != "schema":
            yield f"{path.relative_to(data)}: no schema is for this file"


def main():
    data = pathlib.Path(sys.argv[1])
    found = list(complaints(data))
    print("\n".join(found), file=sys.stderr) if found else None
    files = sum(1 for p in data.rglob("*.json") if p.parent.name != "schema")
    print(f"data_schema: {files} files, {len(found)} complaints")
    sys.exit(1 if found or files == 0 else 0)


if __name__ == "__main__":
    main()
