"""Asks a running host everything that its own description allows, and much that it does not.

Usage: fuzz.py URL [--key KEY] [--ca FILE] [--examples N] [--seed N]
  URL         of the host, https://localhost:3000 for instance
  --key       an API key with all scopes; better in the environment: PATCHBAY_API_KEY
  --ca        the certificate authority to trust, in PEM
  --examples  how many requests per operation, at most; 50 by default
  --seed      repeats a run; printed by every run

Exit code 1 when an answer was a server error, or not as described. Connections, jobs and dead letters of the key's
tenant do not survive this: it deletes what it finds.
"""
import argparse
import os
import random
import runpy
import sys
import tempfile

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "negative_data_rejection", "unsupported_method", "allow_header_conformance",
    "ignored_auth",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--key", default=os.environ.get("PATCHBAY_API_KEY"))
    parser.add_argument("--ca")
    parser.add_argument("--examples", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    if not options.key:
        parser.error("no key: set PATCHBAY_API_KEY")
    print(f"seed {options.seed}", flush=True)
    os.chdir(tempfile.mkdtemp(prefix="patchbay-fuzz-"))  # it keeps its examples where it runs
    # In this process: another one would show the key to everybody who lists processes.
    sys.argv = [
        "schemathesis", "run", options.url.rstrip("/") + "/openapi.json", "--no-color",
        "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing",
        "--header", f"Authorization: Bearer {options.key}", "--max-examples", str(options.examples),
        "--seed", str(options.seed), "--generation-database", "none", "--suppress-health-check", "all",
        "--request-timeout", "300", "--continue-on-failure", "--warnings", "off",
    ]
    if options.ca:
        sys.argv += ["--tls-verify", os.path.abspath(options.ca)]
    runpy.run_module("schemathesis.cli", run_name="__main__")


main()
