#!/usr/bin/python3
"""tools/vectors.py - test vectors of both formats, made and checked by an independent program.

    vectors.py                                       writes tests/vectors/*.json
    vectors.py --check [FILE]...                     reads such files, whoever wrote them; without
                                                     FILE the committed ones, which must also be
                                                     what it would write itself
    vectors.py --open VAULT --passphrase-file FILE   opens a real vault, recomputes everything
    ... --owner OWNERVAULT                           the passphrase is that of OWNERVAULT, and VAULT
                                                     a field vault made for it
    vectors.py --make VAULT --passphrase-file FILE   makes a small vault with fixed randomness

A case is made by vault_writer.py and checked by the readers (vault_reader.py, verify_record.py,
verify_bundle.py). Needs Debian's python3-nacl and libargon2.so.1. Exit 0, or 4 when something
does not hold. tests/vectors/README.md says what is in a case.
"""

import argparse
import json
import os
import sys

import vectors_check
import vectors_make
from vault_make import vault_make
from vault_open import vault_check
from vault_reader import argon2id
from verify_record import Refused, demand

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "vectors")
FILE_BYTES_MAX = 80000


def argon2_check():
    """RFC 9106 section 5.3: this machine's libargon2 is the one we think."""
    out = argon2id(b"\1" * 32, b"\2" * 16, 32, 3, 4, b"\3" * 8, b"\4" * 12)
    demand(out.hex().startswith("0d640df58d78766c08c037a34a8b53c9"), "argon2id: RFC 9106 5.3")


def text_of(cases):
    return json.dumps(cases, indent=1, ensure_ascii=True) + "\n"


def write():
    for name, make in vectors_make.FILES.items():
        text = text_of(make())
        demand(len(text) <= FILE_BYTES_MAX, f"{name}: {len(text)} bytes, limit {FILE_BYTES_MAX}")
        with open(os.path.join(FOLDER, name), "w", encoding="ascii") as f:
            f.write(text)
        print(f"{name}: {len(text)} bytes")


def check_file(path):
    with open(path, encoding="utf-8") as f:
        cases = json.load(f)
    demand(cases, f"{path}: no cases")
    for name, case in cases.items():
        try:
            vectors_check.check(case)
        except (Refused, KeyError, ValueError, AttributeError) as problem:
            raise Refused(f"{path}: {name}: {problem!r}") from None
    print(f"counted {len(cases)} vectors")


def check(paths):
    argon2_check()
    for name, make in vectors_make.FILES.items() if not paths else []:
        path = os.path.join(FOLDER, name)
        check_file(path)
        with open(path, encoding="ascii") as f:
            demand(f.read() == text_of(make()), f"{name}: not what would be written now")
    for path in paths:
        check_file(path)


def passphrase_of(args):
    demand(args.passphrase_file, "--passphrase-file is needed")
    with open(args.passphrase_file, "rb") as f:
        return f.read()


def key_file_of(args):
    if not args.key_file:
        return None
    with open(args.key_file, "rb") as f:
        return f.read()


def main():
    parser = argparse.ArgumentParser(description="Makes and checks the test vectors.")
    parser.add_argument("--check", nargs="*", metavar="FILE")
    parser.add_argument("--open", metavar="VAULT")
    parser.add_argument("--make", metavar="VAULT")
    parser.add_argument("--passphrase-file", metavar="FILE")
    parser.add_argument("--key-file", metavar="FILE")
    parser.add_argument("--owner", metavar="OWNERVAULT")
    args = parser.parse_args()
    try:
        if args.open:
            counts = vault_check(args.open, passphrase_of(args), key_file_of(args), args.owner)
            print("\n".join(f"{n:8} {name}" for name, n in counts.items()))
        elif args.make:
            vault_make(args.make, passphrase_of(args))
        elif args.check is not None:
            check(args.check)
        else:
            write()
    except Refused as problem:
        print(f"vectors: {problem}", file=sys.stderr)
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
