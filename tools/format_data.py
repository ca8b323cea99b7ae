#!/usr/bin/env python3
"""Lay out the files of data/: keys in the order of their schema, 2 spaces.

format_data.py            rewrite what is laid out otherwise
format_data.py --check    name those files and exit 1

Short objects and short lists of words stand on one line; sentences have a
line each.  Only white space and the order of keys change.
"""
import json
import pathlib
import sys

WIDTH = 100  # of an object or a list on one line
PROSE = {"meaning", "who", "again", "address", "about", "lines"}  # one string a line

KINDS = [("codes/*xx.json", "reply-code"), ("codes/[1-5][0-9][0-9].json", "reply-code"),
         ("codes/x*.json", "digit"), ("enhanced/*.json", "enhanced-status"),
         ("conditions/*.json", "condition"), ("servers/*.json", "server"),
         ("servers/*/server.json", "server"), ("servers/*/*.json", "templates"),
         ("phrases/*.json", "phrases"), ("blocklists.json", "blocklists"), ("evidence.json", "evidence"),
         ("rfcs.json", "rfcs")]


class Schemas:
    """The properties of an object, found by following $ref."""

    def __init__(self, folder):
        self.files = {p.name: json.loads(p.read_text("utf-8"))
                      for p in folder.glob("*.schema.json")}

    def resolve(self, schema, file):
        while "$ref" in schema:
            name, _, path = schema["$ref"].partition("#")
            file = name or file
            schema = self.files[file]
            for part in path.strip("/").split("/"):
                schema = schema[part] if part else schema
        return schema, file

    def order(self, value, schema, file):
        """VALUE with the keys of its objects in the schema's order."""
        schema, file = self.resolve(schema, file)
        if isinstance(value, list):
            items = schema.get("items", {})
            return [self.order(one, items, file) for one in value]
        if not isinstance(value, dict):
            return value
        known = schema.get("properties", {})
        rest = schema.get("additionalProperties", {})
        rest = rest if isinstance(rest, dict) else {}
        keys = [k for k in known if k in value] + [k for k in value if k not in known]
        return {k: self.order(value[k], known.get(k, rest), file) for k in keys}


def is_flat(value):
    return not isinstance(value, (dict, list))


def one_line(value, key):
    """Whether VALUE under KEY may stand on one line."""
    if isinstance(value, list):
        if key in PROSE or any(isinstance(v, str) and len(v) > 40 for v in value):
            return False
        return all(is_flat(v) for v in value)
    return all(is_flat(v) or (isinstance(v, list) and len(v) <= 3 and all(is_flat(x) for x in v))
               for v in value.values()) and len(value) <= 4


def layout(value, indent=0, key=""):
    flat = json.dumps(value, ensure_ascii=False)
    if is_flat(value) or not value:
        return flat
    if indent and one_line(value, key) and indent * 2 + len(flat) <= WIDTH:
        return flat
    pad = "  " * (indent + 1)
    if isinstance(value, dict):
        body = [f"{pad}{json.dumps(k, ensure_ascii=False)}: {layout(v, indent + 1, k)}"
                for k, v in value.items()]
        return "{\n" + ",\n".join(body) + "\n" + "  " * indent + "}"
    body = [pad + layout(v, indent + 1) for v in value]
    return "[\n" + ",\n".join(body) + "\n" + "  " * indent + "]"


def layout_rfcs(value):
    rows = sorted(value.items(), key=lambda item: int(item[0]))
    return "{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}"
                              for k, v in rows) + "\n}"


def formatted(path, kind, schemas):
    file = f"{kind}.schema.json"
    value = schemas.order(json.loads(path.read_text("utf-8")), schemas.files[file], file)
    return (layout_rfcs(value) if kind == "rfcs" else layout(value)) + "\n"


def main():
    check = sys.argv[1:] == ["--check"]
    data = pathlib.Path(__file__).resolve().parent.parent / "data"
    schemas = Schemas(data / "schema")
    seen, wrong = set(), 0
    for pattern, kind in KINDS:
        for path in sorted(data.glob(pattern)):
            if path in seen:
                continue
            seen.add(path)
            new = formatted(path, kind, schemas)
            if new == path.read_text("utf-8"):
                continue
            wrong += 1
            if check:
                print(f"{path.relative_to(data.parent)}: not laid out; run make format-data",
                      file=sys.stderr)
            else:
                path.write_text(new, "utf-8")
    print(f"format_data: {len(seen)} files, {wrong} {'wrong' if check else 'rewritten'}")
    sys.exit(1 if check and wrong else 0)


if __name__ == "__main__":
    main()
