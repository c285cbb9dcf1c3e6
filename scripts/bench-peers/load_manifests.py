#!/usr/bin/env python3
"""Reads a directory of manifests by PyYAML's C loader and their schemas by json and jsonschema's meta schema.

Usage: load_manifests.py DIRECTORY
Prints {"milliseconds", "manifests"}; far fewer checks than patchbay's, and no lines or columns.
"""
import json
import pathlib
import sys
import time

import jsonschema
import yaml


def schemas(node):
    for action in (node.get("actions") or {}).values():
        for key in ("input", "output"):
            if key in action:
                yield action[key]


def main(directory):
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    began = time.monotonic()
    count = 0
    for path in sorted(pathlib.Path(directory).glob("*.yaml")):
        manifest = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
        for name in set(schemas(manifest)):
            schema = json.loads((path.parent / name).read_text(encoding="utf-8"))
            jsonschema.Draft202012Validator.check_schema(schema)
        count += 1
    print(json.dumps({"milliseconds": (time.monotonic() - began) * 1000, "manifests": count}))


main(sys.argv[1])
