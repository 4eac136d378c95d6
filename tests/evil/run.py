#!/usr/bin/python3
"""tests/evil/run.py WITNESSBOX RULES - every hostile bundle against the real command.

Makes two vaults, exports from one, bends the bundle in every way of make.py and offers it
to the other: `inspect` and `import --accept` must refuse with the rule's status and
message, and the vault file must be byte-identical afterwards. Bundles by a stranger that
break no rule must be taken. RULES is vault/bundle/rules.c: every row must have a case.
Exit 77 without PyNaCl.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import nacl  # noqa: F401
except ImportError:
    print("skipped: PyNaCl (python3-nacl) is missing")
    sys.exit(77)

from make import CASES, TAKEN, Point, World

# Rules that no file can break by itself; tests/unit/test_reader.c does.
NOT_BY_FILE = {"changed", "age-words"}
CASES_EXPECTED = 157
EXITS = {"WB_ERR_FORMAT": 4, "WB_ERR_LIMIT": 4, "WB_ERR_INTEGRITY": 4, "WB_ERR_TOO_NEW": 4,
         "WB_ERR_POLICY": 5, "WB_ERR_LOCKED": 3, "WB_ERR_PASSPHRASE": 3}


def rules_load(path):
    text = open(path, encoding="ascii").read()
    rows = re.findall(r'\{WB_RULE_\w+,\s*"([a-z-]+)",\s*(WB_ERR_\w+),\s*"([^"]+)"\}', text)
    return {name: (EXITS[status], message) for name, status, message in rows}


class Vault:
    def __init__(self, command, folder, name):
        self.command, self.path = command, os.path.join(folder, name + ".vault")
        self.key = os.path.join(folder, name + ".pass")
        with open(self.key, "w", encoding="ascii") as f:
            f.write("correct horse " + name + "\n")
        self.must("init", "--name", name, "--kdf-memory", "64", "--new-passphrase-file",
                  self.key, unlock=False)

    def run(self, *words, unlock=True):
        unlocking = ["--passphrase-file", self.key] if unlock else []
        return subprocess.run([self.command, "--vault", self.path, *unlocking, *words],
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def must(self, *words, unlock=True):
        done = self.run(*words, unlock=unlock)
        if done.returncode != 0:
            sys.exit(f"{words[0]}: {done.stderr.decode()}")
        return done.stdout.decode()

    def add(self, *words):
        return self.must("add", *words, "--quiet").split()[0]

    def digest(self):
        with open(self.path, "rb") as f:
            return hashlib.sha256(f.read()).hexdigest()


def world_make(command, folder):
    alice, bob = Vault(command, folder, "alice"), Vault(command, folder, "bob")
    card = os.path.join(folder, "card")
    alice.must("identity", "--export", card)
    bob.must("contact", "add", card, "--label", "alice")
    bob.must("contact", "verify", "alice", "--how", "face to face")
    photo = os.path.join(folder, "photo.jpg")
    with open(photo, "wb") as f:
        f.write(os.urandom(150001))
    incident = alice.add("incident", "-F", "title=Raid", "-F", "date=2026-03")
    person = alice.add("person", "-F", "name=A witness")
    statement = alice.add("statement", "-F", "incident=" + incident, "-F", "witness=" + person,
                          "-F", "text=They came at night")
    alice.must("attach", statement, photo)
    point, out = Point(), os.path.join(folder, "honest")
    victim, author = (json.loads(v.must("identity", "--json")) for v in (bob, alice))
    alice.must("export", "--to", point.recipient, "--to", victim["recipient"], "--together",
               "--override", person + "=asked", "--override", statement + "=asked",
               "--incident", incident, "-o", out)
    with open(out, "rb") as f:
        world = World(f.read(), point, victim, author)
    # what he remembers: a bundle that left to alice, and one of mallory's that came
    told = bob.add("incident", "-F", "title=Told to alice alone")
    bob.must("export", "--to", "alice", told, "-o", os.path.join(folder, "left"))
    world.left = json.loads(bob.must("handoffs", "--json"))[0]
    came = os.path.join(folder, "came")
    with open(came, "wb") as f:
        f.write(world.came())
    bob.must("import", "--accept", came)
    return bob, out, world


def complain(problems, case, word, said, message):
    if message not in said:
        problems.append(f"{case.name}: {word}: said '{said.strip()}', not '{message}'")


def inspect_all(vault, folder, cases, rules, problems):
    """All in one command, which is unlocked once: a line for each file, in order, and a table
    of the same refusals at the end, with nothing of the bundles before it."""
    before = vault.digest()
    done = vault.run("inspect", *(os.path.join(folder, c.name) for c in cases))
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    lines = [line for line in lines if folder in line]
    table = done.stdout.decode("utf-8", "replace").splitlines()[1:]
    if len(lines) != len(cases) or done.returncode == 0:
        problems.append(f"inspect: {len(lines)} refusals of {len(cases)}")
    if len(table) != len(cases) or any(row.startswith("ok") for row in table):
        problems.append(f"inspect: {len(table)} rows for {len(cases)} refusals: {table[:3]}")
    for case, line in zip(cases, lines):
        complain(problems, case, "inspect", line, rules[case.rule][1])
    if vault.digest() != before:
        problems.append("inspect: the vault was changed")


def offer(vault, folder, case, rule, problems):
    """Refused with this rule, in one line, and no trace left."""
    status, message = rule
    before = vault.digest()
    done = vault.run("import", "--accept", os.path.join(folder, case.name))
    said = done.stderr.decode("utf-8", "replace")
    complain(problems, case, "import", said, message)
    if done.returncode != status:
        problems.append(f"{case.name}: status {done.returncode}, not {status}: {said}")
    if said.count("\n") != 1 or done.stdout:
        problems.append(f"{case.name}: more than one line, or output")
    if vault.digest() != before or os.path.exists(vault.path + "-journal"):
        problems.append(f"{case.name}: the vault was changed")


def accept(vault, path, problems, where):
    """A good bundle: otherwise the refusals above would prove nothing."""
    copy = vault.path + ".copy"
    shutil.copy(vault.path, copy)
    for words, status in ((["inspect", path], 0), (["import", "--accept", path], 0)):
        done = vault.run(*words)
        if done.returncode != status:
            problems.append(f"{where}: {words[0]}: status {done.returncode}: {done.stderr.decode()}")
    if vault.run("verify", "--deep").returncode != 0:
        problems.append(f"{where}: does not verify afterwards")
    os.replace(copy, vault.path)


def main():
    command, rules = os.path.abspath(sys.argv[1]), rules_load(sys.argv[2])
    only = sys.argv[3:]
    cases = [c for c in CASES if not only or c.name in only]
    problems, reached = [], {c.rule for c in cases}
    with tempfile.TemporaryDirectory() as folder:
        bob, honest, world = world_make(command, folder)
        accept(bob, honest, problems, "the honest bundle")
        for make in TAKEN:
            path = os.path.join(folder, make.__name__)
            with open(path, "wb") as f:
                f.write(make(world))
            accept(bob, path, problems, make.__name__)
        evil = os.path.join(folder, "evil")
        os.mkdir(evil)
        for case in cases:
            with open(os.path.join(evil, case.name), "wb") as f:
                f.write(case.make(world))
        inspect_all(bob, evil, cases, rules, problems)
        for case in cases:
            offer(bob, evil, case, rules[case.rule], problems)
    for line in problems:
        print("FAILED", line.strip())
    if only:
        return 1 if problems else 0
    missing = set(rules) - reached - NOT_BY_FILE
    for name in sorted(missing):
        print("FAILED no case breaks the rule", name)
    print(f"counted {len(CASES)} hostile bundles")
    print(f"{len(CASES)} hostile bundles against {len(reached)} of {len(rules)} rules, "
          f"{len(problems)} problems")
    if len(CASES) < CASES_EXPECTED:
        print(f"FAILED {CASES_EXPECTED} cases expected")
    return 1 if problems or missing or len(CASES) < CASES_EXPECTED else 0


if __name__ == "__main__":
    sys.exit(main())
