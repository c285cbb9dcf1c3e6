#!/usr/bin/env python3
"""Checks that Python's jsonschema gives every fixture the verdict that the Swift tests hold it to.

Usage: agree.py [FIXTURES]. Needs the package jsonschema[format-nongpl]. Exit code 1 on any difference.
"""
import json
import pathlib
import sys

from jsonschema import Draft202012Validator

FORMATS_NEEDED = {"date-time", "date", "uri", "email", "uuid"}


def main() -> int:
    here = pathlib.Path(__file__).resolve().parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here.parent / "Fixtures"
    checker = Draft202012Validator.FORMAT_CHECKER
    missing = FORMATS_NEEDED - set(checker.checkers)
    if missing:
        print(f"jsonschema cannot check {sorted(missing)}; install jsonschema[format-nongpl]")
        return 1
    cases = differences = 0
    for path in sorted(folder.glob("*.json")):
        for group in json.loads(path.read_text()):
            Draft202012Validator.check_schema(group["schema"])
            validator = Draft202012Validator(group["schema"], format_checker=checker)
            for case in group["tests"]:
                cases += 1
                verdict = validator.is_valid(case["data"])
                if verdict != case["valid"]:
                    differences += 1
                    words = f"{group['description']}: {case['description']}"
                    print(f"{path.name}: {words}: the fixture says {case['valid']}, jsonschema {verdict}")
    print(f"{cases - differences} passed, {differences} failed")
    return 1 if differences or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
