#!/usr/bin/env python3
"""tests/flow/sandbox.py - what the process really asks the kernel for, by strace.

usage: sandbox.py WITNESSBOX

Every command runs once in a realistic order under `strace -f`, the shell on a terminal
with commands in it. After the sandbox is entered (the seccomp call), nothing may open a
socket, start a program or a process, or open a file outside of the allowed set; before
it, only what the loader needs. Then on kernels that lack the calls for it, which a
filter around the command makes believe. Needs strace; exits 77 (skipped) without it.
"""

import ctypes
import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from table import Table

PASSPHRASE = "six brown foxes"
CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)$")
OPENED = re.compile(r'open(?:at|at2)?\((?:AT_FDCWD|\d+)?(?:<([^>]*)>)?,? ?"((?:[^"\\]|\\.)*)"')
UNFINISHED = re.compile(r"^(\d+ +)?(.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"^(\d+ +)?<\.\.\. \w+ resumed>(.*)$")
NEVER = {"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto",
         "sendmsg", "execveat", "fork", "vfork", "ptrace", "process_vm_readv",
         "process_vm_writev", "io_uring_setup", "bpf", "perf_event_open", "mount"}
# Without root, strace reads nothing of a process that forbids dumps. What such a process may do is not changed
# by it, so that there this one call, the first prctl of each, is answered and not made.
READABLE = [] if os.geteuid() == 0 else ["-e", "inject=prctl:retval=0:when=1"]
ALWAYS = ("/proc/", "/dev/null", "/dev/zero", "/dev/urandom", "/dev/tty")


class OldKernel:
    """A preexec_fn: from there on these calls are not known to the kernel."""

    PR_SET_SECCOMP, ALLOW, ERRNO, EQUAL = 22, 0x7FFF0000, 0x00050000, 4

    class Compare(ctypes.Structure):
        _fields_ = [("argument", ctypes.c_uint), ("how", ctypes.c_int),
                    ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]

    def __init__(self, *calls):
        self.calls = calls
        self.library = ctypes.CDLL("libseccomp.so.2")
        self.library.seccomp_init.restype = ctypes.c_void_p

    def refuse(self, rules, name, number, *compare):
        call = self.library.seccomp_syscall_resolve_name(name.encode())
        array = (self.Compare * len(compare))(*compare)
        done = self.library.seccomp_rule_add_array(
            ctypes.c_void_p(rules), ctypes.c_uint32(self.ERRNO | number), call, len(compare), array)
        if done != 0:
            raise OSError(-done, name)

    def __call__(self):
        rules = self.library.seccomp_init(ctypes.c_uint32(self.ALLOW))
        for name in self.calls:
            self.refuse(rules, name, errno.ENOSYS)
        if "seccomp" in self.calls:  # nor the older way to it
            self.refuse(rules, "prctl", errno.EINVAL,
                        self.Compare(0, self.EQUAL, self.PR_SET_SECCOMP, 0))
        if self.library.seccomp_load(ctypes.c_void_p(rules)) != 0:
            raise OSError("seccomp_load")


def joined(lines):
    """The lines of a trace, where a call that another thread interrupted is one line, at its end."""
    begun = {}
    for line in lines:
        if (half := UNFINISHED.match(line)):
            begun[half[1]] = half[0].removesuffix(" <unfinished ...>")
        elif (half := RESUMED.match(line)) and half[1] in begun:
            yield begun.pop(half[1]) + half[2]
        else:
            yield line
    for line in begun.values():
        yield line + " = ?"


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

    def words(self, *words, vault="vault/v", strace=True):
        command = [self.witnessbox, "--vault", self.path(vault)]
        if words[0] not in ("init", "help", "kinds", "burn"):
            command += ["--passphrase-file", self.path("pass")]
        command += words
        if strace:
            command = [STRACE, "-f", "-y", "-qq", "-s", "400", *READABLE, "-o", self.path("trace"), *command]
        return command

    def read_trace(self):
        with open(self.path("trace"), encoding="utf-8", errors="replace") as f:
            self.trace = list(joined(f.read().splitlines()))

    def run(self, *words, status=0, vault="vault/v", strace=True, stdin=None, kernel=None):
        done = subprocess.run(self.words(*words, vault=vault, strace=strace),
                              cwd=self.path("out"), text=True, input=stdin,
                              preexec_fn=kernel, capture_output=True, check=False)
        if status is not None and done.returncode != status:
            raise AssertionError(f"{words}: status {done.returncode}: {done.stderr}")
        if strace:
            self.read_trace()
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
        return out, self.hold(allowed, *words)

    def hold(self, allowed, *words):
        """The trace of the command that just ran; how many files it opened inside."""
        name = " ".join(words[:2]) if " ".join(words[:2]) in self.named else words[0]
        Sandbox.commands.add(name)
        for at, line in enumerate(room.trace):
            call = CALL.match(line)
            if call is None or at == 0:  # the first is strace's execve of us
                continue
            self.assertNotIn(call[1], NEVER | {"execve"}, line)
            if call[1] in ("clone", "clone3") and "ENOSYS" not in line:
                self.assertIn("CLONE_THREAD", line)
            self.assertNotRegex(line, r"^(\d+ +)?open\w*\([^\"]*0x[0-9a-f]+", "strace cannot read which file")
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
        return files

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
        self.check(vault + [here], "shell", status=2)  # nobody is there to type
        self.shell(vault + [here], statement)
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
        self.check(vault + [bundle, room.path("in")], "import", bundle, "--receipt",
                   room.path("in/receipt.age"), vault="vault/p")
        self.check(vault, "handoffs", vault="vault/p")
        root = json.loads(room.run("show", incident, "--json", strace=False))["root"]
        self.check(vault, "adopt", f"{incident}@{root}", vault="vault/p")
        self.check(vault + [room.path("out")], "export", "--to", "Partner", "--all",
                   "--leave-out-refused", "--split", "200K", "-o", room.path("out"))
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
        self.check(vault, "add", "consent", "-F", f"about={statement}", "-F", "purpose=partner",
                   "-F", "decision=yes", "-F", "level=named")
        self.check(vault + [here], "export", "--to", "Partner", statement)
        self.check(vault + [here], "withdraw", statement, "--yes", "-o", room.path("out"))
        self.check(vault, "shred", statement, "--reason", "asked for", "--yes")
        self.check(vault, "contact", "remove", "Partner", "--reason", "seized", "--yes")
        self.check(vault, "burn", "--yes", vault="vault/p")
        missing = set(self.named) - Sandbox.commands
        self.assertEqual(missing, set(), "commands that this test does not run")

    def shell(self, allowed, statement):
        """One session with commands of several kinds, a lock in the middle."""
        table = Table(*room.words("shell"), cwd=room.path("out"))
        ready = r"Documenter> \r$"
        table.expect(ready)
        room.write("out/more", "And one more thing.")
        for line in ("list", f"amend {statement} --reason witness -F text=@more",
                     "report statement " + statement + " -o shell.html", "verify", "drafts"):
            table.say(line)
            table.expect(ready)
        table.say(f"attach {statement} " + room.path("in/photo.jpg"))
        table.expect("witnessbox: .*photo.jpg: .*\n")  # it was not named at the start
        table.expect(ready)
        table.say("lock")
        table.expect("Locked")
        table.say("head")
        table.expect("Passphrase for ")
        table.say(PASSPHRASE)
        table.expect(ready)
        table.say("exit")
        self.assertEqual(table.wait(), 0)
        room.read_trace()
        self.assertGreater(self.hold(allowed, "shell"), 5)
        self.assertTrue(os.path.exists(room.path("out/shell.html")))
        os.remove(room.path("out/shell.html"))

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

    def test_where_the_kernel_has_none_it_works_and_info_says_so(self):
        for calls, words, json_words in (
                ([], ["network, new programs: forbidden"], {"calls-limited": True}),
                (["landlock_create_ruleset"],
                 ["network, new programs: forbidden", "files: not limited, the kernel has no Landlock"],
                 {"calls-limited": True, "files-limited": False}),
                (["landlock_create_ruleset", "seccomp"],
                 ["network, new programs: not forbidden, the kernel has no seccomp",
                  "files: not limited, the kernel has no Landlock"],
                 {"calls-limited": False, "files-limited": False})):
            kernel = {"kernel": OldKernel(*calls), "vault": f"vault/old{len(calls)}", "strace": False}
            room.run("init", "--kdf-memory", "64", "--new-passphrase-file", room.path("pass"), **kernel)
            told = room.run("add", "statement", "-F", "text=@" + room.path("in/told.txt"), **kernel)
            self.assertIn("They came at night.", room.run("show", told, **kernel))
            info = room.run("info", **kernel)
            for line in words:
                self.assertIn(line, info)
            self.assertLessEqual(json_words.items(), json.loads(room.run("info", "--json", **kernel)).items())


if __name__ == "__main__":
    STRACE = shutil.which("strace")
    if STRACE is None:
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
