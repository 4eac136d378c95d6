#!/usr/bin/env python3
"""tests/flow/sandbox.py - what the process really asks the kernel for, by strace.

usage: sandbox.py WITNESSBOX

Every command runs once in a realistic order under `strace -f`. After the sandbox is
entered (the seccomp call), nothing may open a socket, start a program or a process, or
open a file outside of the allowed set; before it, only what the loader needs. Needs
strace; exits 77 (skipped) without it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PASSPHRASE = "six brown foxes"
CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)$")
OPENED = re.compile(r'open(?:at|at2)?\((?:AT_FDCWD|\d+)?(?:<([^>]*)>)?,? ?"((?:[^"\\]|\\.)*)"')
NEVER = {"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto",
         "sendmsg", "execveat", "fork", "vfork", "ptrace", "process_vm_readv",
         "process_vm_writev", "io_uring_setup", "bpf", "perf_event_open", "mount"}
ALWAYS = ("/proc/", "/dev/null", "/dev/zero", "/dev/urandom", "/dev/tty")


class Room:
    def __init__(self, witnessbox):
        self.witnessbox = witnessbox
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="wb-sandbox-"))
        for name in ("vault", "in", "out"):
            os.mkdir(self.path(name))
        self.write("pass", PASSPHRASE)
        self.write("in/told.txt", "They came at night.\n\nWe hid.")
        self.write("in/photo.jpg", "not really a picture" * 5000)
        self.write("in/lines.jsonl", '{"kind":"incident","fields":{"title":"A night"}}\n')

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def run(self, *words, status=0, vault="vault/v", strace=True, stdin=None):
        trace = self.path("trace")
        command = [self.witnessbox, "--vault", self.path(vault)]
        if words[0] not in ("init", "help", "kinds", "burn"):
            command += ["--passphrase-file", self.path("pass")]
        command += words
        if strace:
            command = ["strace", "-f", "-y", "-qq", "-s", "400", "-o", trace] + command
        done = subprocess.run(command, cwd=self.path("out"), text=True, input=stdin,
                              capture_output=True, check=False)
        if status is not None and done.returncode != status:
            raise AssertionError(f"{words}: status {done.returncode}: {done.stderr}")
        if strace:
            with open(trace, encoding="utf-8", errors="replace") as f:
                self.trace = f.read().splitlines()
        return done.stdout.strip()


def after_entry(trace):
    """The lines after both halves of the sandbox are in force."""
    for at, line in enumerate(trace):
        if re.search(r"\bseccomp\(SECCOMP_SET_MODE_FILTER, (?!0, NULL)", line) and \
                line.rstrip().endswith("= 0"):
            return trace[at + 1:]
    return None


def opened(line):
    """(path, ok) of a line that opens a file, its folder resolved; or None."""
    found = OPENED.search(line)
    if found is None:
        return None
    path = os.path.normpath(os.path.join(found[1] or room.path("out"), found[2]))
    return path, "= -1 " not in line


class Sandbox(unittest.TestCase):
    commands = set()

    def check(self, allowed, *words, **how):
        """Runs a command and holds its trace against the allowed folders and files."""
        out = room.run(*words, **how)
        name = " ".join(words[:2]) if " ".join(words[:2]) in self.named else words[0]
        Sandbox.commands.add(name)
        for at, line in enumerate(room.trace):
            call = CALL.match(line)
            if call is None or at == 0:  # the first is strace's execve of us
                continue
            self.assertNotIn(call[1], NEVER | {"execve"}, line)
            if call[1] in ("clone", "clone3") and "ENOSYS" not in line:
                self.assertIn("CLONE_THREAD", line)
        inside = after_entry(room.trace)
        self.assertIsNotNone(inside, f"{words}: the sandbox was not entered")
        files = 0
        for line in inside:
            found = opened(line)
            if found is None or not found[1]:
                continue
            files += 1
            path = found[0]
            if not path.startswith(ALWAYS) and not any(
                    path == one or path.startswith(one + "/") for one in allowed):
                self.fail(f"{words}: opened {path}")
        return out, files

    @classmethod
    def setUpClass(cls):
        text = subprocess.run([room.witnessbox, "help", "--json"], text=True,
                              capture_output=True, check=True).stdout
        cls.named = [c["name"] for c in json.loads(text)["commands"]]

    def test_every_command_keeps_to_what_it_was_given(self):
        home, given = room.path("vault"), room.path("pass")
        vault = [home, given]
        here = room.path("out")
        self.check(vault, "init", "--kdf-memory", "64", "--name", "Documenter",
                   "--new-passphrase-file", given)
        room.run("init", "--kdf-memory", "64", "--name", "Partner", "--new-passphrase-file",
                 given, vault="vault/p", strace=False)
        incident, _ = self.check(vault, "add", "incident", "-F", "title=A night")
        told = room.path("in/told.txt")
        statement, _ = self.check(vault + [told], "add", "statement", "-F",
                                  f"incident={incident}", "-F", f"text=@{told}")
        photo = room.path("in/photo.jpg")
        evidence, _ = self.check(vault + [photo], "attach", statement, photo)
        self.check(vault + [told], "amend", statement, "--reason", "witness", "-F",
                   f"text=@{told}", "-F", "place=a barn")
        lines = room.path("in/lines.jsonl")
        self.check(vault + [lines], "load", lines)
        bad = room.path("in/bad.jsonl")
        room.write("in/bad.jsonl", "bad")
        self.check(vault + [room.path("in")], "load", bad, "--keep-going",
                   room.path("in/rejects"), status=2)
        self.check(vault + [here], "dump", "-o", room.path("out/all.jsonl"))
        _, files = self.check(vault, "show", statement)
        self.assertGreater(files, 0)  # it has seen the vault being opened
        self.check(vault, "drafts")
        self.check(vault + [os.getcwd()], "shell", status=2)  # nobody is there to type
        self.check(vault, "list")
        self.check(vault, "search", "barn")
        self.check(vault, "gaps", statement)
        self.check(vault, "kinds")
        self.check(vault, "help")
        self.check(vault, "log")
        self.check(vault, "info")
        self.check(vault, "verify", "--deep")
        self.check(vault, "head", "--words")
        self.check(vault + [room.path("in")], "head", "-o", room.path("in/head"))
        self.check(vault + [room.path("in/head")], "verify", "--head", room.path("in/head"))
        self.check(vault + [here], "extract", evidence)
        self.check(vault + [room.path("in")], "extract", evidence, "-o", room.path("in"),
                   status=2)  # photo.jpg is there
        card = room.path("in/card")
        self.check(vault + [room.path("in")], "identity", "--export", card)
        self.check(vault + [card], "contact", "add", card, vault="vault/p")
        self.check(vault, "contact", "verify", "Documenter", "--how", "phone",
                   vault="vault/p")
        self.check(vault, "contact", "list", vault="vault/p")
        room.run("identity", "--export", room.path("in/partner"), vault="vault/p",
                 strace=False)
        room.run("contact", "add", room.path("in/partner"), strace=False)
        room.run("contact", "verify", "Partner", "--how", "phone", strace=False)
        bundle = room.path("out/one.age")
        self.check(vault + [here], "export", "--to", "Partner", "--all",
                   "--leave-out-refused", "-o", bundle)
        self.check(vault + [here], "export", "--to", "Partner", incident)
        self.check(vault + [bundle], "inspect", bundle, vault="vault/p")
        self.check(vault + [bundle], "import", bundle, vault="vault/p")
        request = room.path("in/request")
        self.check(vault + [room.path("in")], "head", "--request", "Partner", "-o", request)
        self.check(vault + [room.path("in")], "cosign", request, "-o", room.path("in/signed"),
                   vault="vault/p")
        pages = vault + [room.path("out")]
        self.check(pages, "report", "incident", incident, "-o", room.path("out/i.html"))
        self.check(pages, "report", "statement", statement, "-o", room.path("out/s.html"))
        self.check(pages, "report", "custody", evidence, "-o", room.path("out/c.html"))
        self.keys(vault)
        self.field(vault, card)
        self.check(vault, "shred", statement, "--reason", "asked for", "--yes")
        self.check(vault, "burn", "--yes", vault="vault/p")
        missing = set(self.named) - Sandbox.commands
        self.assertEqual(missing, set(), "commands that this test does not run")

    def field(self, vault, card):
        """A field vault on another stick, and its owner."""
        os.mkdir(room.path("stick"))
        stick = [room.path("stick"), room.path("pass")]
        self.check(stick + [card], "init", "--owner", card, "--kdf-memory", "64",
                   "--new-passphrase-file", room.path("pass"), vault="stick/f")
        said, _ = self.check(stick, "add", "statement", "-F", "text=They came.",
                             vault="stick/f")
        photo = room.path("in/photo.jpg")
        self.check(stick + [photo], "attach", said, photo, vault="stick/f")
        self.check(stick, "info", vault="stick/f")
        self.check(stick, "verify", vault="stick/f")
        self.check(stick, "show", said, vault="stick/f", status=5)
        self.check(vault + [room.path("stick/f")], "collect", room.path("stick/f"))

    def keys(self, vault):
        """Passphrases, recovery and copies."""
        second = room.path("second")
        room.write("second", "another one")
        both = vault + [second]
        self.check(both, "passphrase", "add", "--label", "second",
                   "--new-passphrase-file", second)
        self.check(both, "passphrase", "change", "--new-passphrase-file", room.path("pass"))
        self.check(vault, "passphrase", "list")
        self.check(vault, "passphrase", "suggest")
        self.check(vault, "rekey")
        self.check(vault, "identity", "rotate")
        shares, _ = self.check(vault, "recovery", "split", "-k", "2", "-n", "3")
        shutil.copy(room.path("vault/v"), room.path("vault/r"))
        self.check(both, "recovery", "restore", "--new-passphrase-file", second,
                   vault="vault/r", stdin="\n".join(shares.splitlines()[:2]) + "\n")
        self.check(vault, "passphrase", "remove", "second")
        copy = room.path("in/backup")
        self.check(vault + [room.path("in")], "backup", copy)
        self.check(vault + [copy], "restore", copy, vault="vault/again")


if __name__ == "__main__":
    if shutil.which("strace") is None:
        print("skipped: there is no strace")
        sys.exit(77)
    room = Room(os.path.abspath(sys.argv[1]))
    try:
        if subprocess.run(["strace", "-o", "/dev/null", "true"], check=False,
                          capture_output=True).returncode != 0:
            print("skipped: strace may not trace here")
            sys.exit(77)
        unittest.main(argv=sys.argv[:1], verbosity=2)
    finally:
        shutil.rmtree(room.folder)
