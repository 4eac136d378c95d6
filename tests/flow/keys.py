#!/usr/bin/python3
"""tests/flow/keys.py WITNESSBOX - keys and copies through the command, as people use it.

Passphrases, key files, rekey, shares (in a pipe and on a terminal), backup and restore;
what each says, and with which exit status it refuses.
"""

import json
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time


class Desk:
    """A folder with a vault, passphrase files, and the command."""

    def __init__(self, command, folder):
        self.command = command
        self.folder = folder
        self.vault = self.at("vault")

    def at(self, name):
        return os.path.join(self.folder, name)

    def file(self, name, text):
        with open(self.at(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.at(name)

    def run(self, *words, opens=None, status=0, given=None, vault=None):
        """(standard output, standard error); `opens` is a passphrase."""
        words = ["--vault", vault or self.vault, *words]
        if opens is not None:
            words += ["--passphrase-file", self.file("opens", opens)]
        done = subprocess.run([self.command, *words], input=given or "", text=True,
                              capture_output=True, check=False)
        if done.returncode != status:
            sys.exit(f"{words}: status {done.returncode}, not {status}: {done.stderr}")
        if status != 0 and len(done.stderr.strip().splitlines()) < 1:
            sys.exit(f"{words}: refused without a word")
        return done.stdout, done.stderr

    def json(self, *words, **options):
        return json.loads(self.run(*words, "--json", **options)[0])

    def new(self, text):
        return ["--new-passphrase-file", self.file("new", text)]


def check(right, what):
    if not right:
        sys.exit("keys: " + str(what))


def has(text, *wanted):
    for words in wanted:
        check(words in text, f"{words!r} is not in {text!r}")


def make(desk):
    desk.run("init", "--name", "Asel", "--kdf-memory", "64", *desk.new("one\n"))
    desk.run("add", "incident", "-F", "title=Brick factory", opens="one")


def passphrases(desk):
    make(desk)
    check(desk.run("passphrase", "add", "--label", "the desk", *desk.new("two"), opens="one")[0]
          == "1\n", "the slot is printed")
    check(desk.json("passphrase", "add", *desk.new("three"), opens="two") == {"slot": 2}, "add")
    check(desk.json("passphrase", "list", opens="three") == [
        {"slot": 0, "label": "first", "kind": "passphrase"},
        {"slot": 1, "label": "the desk", "kind": "passphrase"},
        {"slot": 2, "label": "slot 2", "kind": "passphrase"}], "list")
    listed = desk.run("passphrase", "list", opens="two")[0]
    check(re.fullmatch(r"0  passphrase  first\n"
                       r"1  passphrase  the desk  \(opened with it now\)\n"
                       r"2  passphrase  slot 2\n", listed), listed)
    desk.run("passphrase", "change", *desk.new("two and a half"), opens="two")
    desk.run("list", opens="two", status=3)
    desk.run("list", opens="two and a half")
    said = desk.run("passphrase", "change", "--kdf-memory", "128", *desk.new("x"), opens="one",
                    status=5)[1]
    has(said, "remove these first", "the desk", "slot 2")
    has(desk.run("passphrase", "remove", "nobody", opens="one", status=6)[1], "nobody: no slot")
    has(desk.run("passphrase", "remove", "the desk", opens="one")[1], "removed and rekeyed",
        "`identity rotate` makes other ones", "note the head now")
    desk.run("list", opens="two and a half", status=3)
    check(desk.json("passphrase", "remove", "2", opens="three") == {"slot": 2}, "remove")
    has(desk.run("passphrase", "remove", "first", opens="one", status=5)[1], "last passphrase")
    desk.run("passphrase", "change", "--kdf-memory", "128", "--kdf-passes", "4",
             *desk.new("one more"), opens="one")
    info = desk.json("info", opens="one more")
    check((info["kdf-memory"], info["kdf-passes"], info["kdf-lanes"]) == (128, 4, 4), info)
    check(info["slots"] == [{"slot": 0, "label": "first", "kind": "passphrase"}], info)
    check(info["last-backup"] is None, info)
    check([info["log"], str(info["entries"]), info["head"]] ==
          desk.json("head", opens="one more")["checkpoint"].splitlines()[:3], info)
    desk.run("passphrase", "change", "--portable", "--kdf-memory", "64", *desk.new("x"),
             opens="one more", status=2)
    has(desk.run("passphrase", "change", opens="one more", status=2)[1], "--new-passphrase-fd")
    log = [(e["action"], e["detail"]) for e in desk.json("log", opens="one more")]
    check([a for a, _ in log].count("rekey") == 2, log)
    check(("keys", "actor first\nabout passphrase removed: slot 1, the desk\n") in log, log)
    desk.run("verify", "--deep", opens="one more")


def suggestions(desk):
    text, said = desk.run("passphrase", "suggest")
    check(len(text.split()) == 7, text)
    has(said, "77 bits")
    got = desk.json("passphrase", "suggest", "--words", "12")
    check(len(got["passphrase"].split()) == 12 and got["bits"] == 132, got)
    desk.run("passphrase", "suggest", "--words", "3", status=2)
    check(text != desk.run("passphrase", "suggest")[0], "drawn twice")


def key_files(desk):
    photo = desk.file("photo", "some bytes")
    other = desk.file("other", "other bytes")
    desk.run("init", "--kdf-memory", "64", "--key-file", photo, *desk.new("one"))
    desk.run("list", opens="one", status=3)
    desk.run("list", "--key-file", other, opens="one", status=3)
    desk.run("list", "--key-file", photo, opens="one")
    desk.run("passphrase", "change", "--key-file", photo, *desk.new("two"), opens="one")
    desk.run("list", "--key-file", photo, opens="two")  # the same key file
    desk.run("passphrase", "change", "--key-file", photo, "--new-key-file", other,
             *desk.new("two"), opens="two")
    desk.run("list", "--key-file", photo, opens="two", status=3)
    desk.run("passphrase", "add", "--key-file", other, "--no-key-file", *desk.new("bare"),
             opens="two")
    desk.run("list", opens="bare")
    desk.run("list", "--key-file", other, opens="bare", status=3)
    has(desk.run("list", "--key-file", desk.at("none"), opens="bare", status=6)[1], "none")
    has(desk.run("list", "--key-file", desk.file("empty", ""), opens="bare", status=2)[1], "empty")
    has(desk.run("list", "--key-file", desk.vault, opens="bare", status=2)[1], "vault")


def rekeys(desk):
    make(desk)
    with open(desk.vault, "rb") as f:
        before = f.read()
    check(desk.json("rekey", opens="one") == {"rekeyed": True}, "rekey")
    check(os.listdir(desk.folder).count("vault-journal") == 0, "a journal is left")
    with open(desk.vault, "rb") as f:
        after = f.read()
    header = before.index(b"witnessbox vault")
    for slot in range(8):  # the sealed root key of each
        at = header + 96 + slot * 184 + 104
        check(before[at:at + 80] not in after, f"slot {slot} is as before")
    desk.run("verify", "--deep", opens="one")
    desk.run("rekey", opens="wrong", status=3)


def shares(desk):
    make(desk)
    lines = desk.run("recovery", "split", "-k", "3", "-n", "5", opens="one")[0].splitlines()
    check(len(lines) == 5, lines)
    check(all(re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4} ){16}[0-9a-hjkmnp-tv-z]{4}", x)
              for x in lines), lines)
    check([s["kind"] for s in desk.json("passphrase", "list", opens="one")]
          == ["passphrase", "recovery"], "the recovery slot is listed")
    restore = ["recovery", "restore", *desk.new("found")]
    has(desk.run(*restore, status=2)[1], "no share was given")
    has(desk.run(*restore, given="\n".join(lines[:2]), status=2)[1], "2 of the 3 shares")
    wrong = lines[1].replace(lines[1][7], "x" if lines[1][7] != "x" else "y")
    has(desk.run(*restore, given=f"{lines[0]}\n\n{wrong}\n{lines[2]}\n", status=2)[1],
        "share line 3: mistyped")
    has(desk.run(*restore, given=f"{lines[0]}\n{lines[0]}\n", status=2)[1],
        "share line 2: share number 1 was given already")
    other = Desk(desk.command, desk.folder)
    other.vault = desk.at("elsewhere")
    make(other)
    foreign = other.json("recovery", "split", "-k", "3", "-n", "3", opens="one")
    check(foreign["needed"] == 3 and len(foreign["shares"]) == 3, foreign)
    has(desk.run(*restore, given="\n".join([lines[4], foreign["shares"][0]]), status=2)[1],
        "share line 2: a share of another vault")
    restore = ["recovery", "restore", "--label", "me", *desk.new("found")]
    said = desk.run(*restore, given="\r\n".join(x.upper() for x in lines[4:1:-1]))[1]
    has(said, "Next: `recovery split`", "passphrase remove")
    check(desk.json("passphrase", "list", opens="found") == [
        {"slot": 0, "label": "first", "kind": "passphrase"},
        {"slot": 2, "label": "me", "kind": "passphrase"}], "after the restore")
    has(desk.run(*restore, given="\n".join(lines), status=3)[1], "void")
    desk.run("passphrase", "remove", "first", opens="found")
    desk.run("list", opens="one", status=3)
    desk.run("recovery", "split", "-k", "3", opens="found", status=2)
    desk.run("recovery", "split", "-k", "3", "-n", "2", opens="found", status=2)
    desk.run("verify", opens="found")


def copies(desk):
    make(desk)
    copy, again = desk.at("copy"), desk.at("again")
    check(desk.json("backup", copy, opens="one") == {"path": copy}, "backup")
    check(os.stat(copy).st_mode & 0o777 == 0o600, "mode of a backup")
    desk.run("backup", copy, opens="one", status=2)
    check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", desk.json("info", opens="one")
                       ["last-backup"]), "last backup")
    desk.run("add", "incident", "-F", "title=Later", opens="one")
    desk.run("add", "incident", "-F", "title=Latest", opens="one")
    head = desk.file("head", desk.run("head", opens="one")[0])
    has(desk.run("restore", copy, opens="wrong", vault=again, status=3)[1], "no slot opens")
    check(not os.path.exists(again), "a vault for a wrong passphrase")
    out, said = desk.run("restore", copy, "--head", head, "--reason", "laptop lost", opens="one",
                         vault=again)
    has(out, "lost: entries 4 to 5: the head proves")
    has(said, "restored, 4 log entries")
    desk.run("restore", copy, opens="one", vault=again, status=2)
    first = desk.json("log", opens="one", vault=again)[4]
    check(first["action"] == "restore" and first["index"] == 0, first)
    has(first["detail"], "reason laptop lost\n", "about 2 entries lost", "\nhead witnessbox/")
    desk.run("verify", "--deep", opens="one", vault=again)
    desk.run("verify", "--head", head, opens="one", vault=again, status=4)
    got = desk.json("restore", copy, opens="one", vault=desk.at("third"))
    check(got["entries"] == 4 and got["lost"] == 0, got)
    with open(copy, "r+b") as f:
        f.seek(6 * 16384 - 300)  # the end of page 6, where the first body is
        f.write(b"x" * 100)
    has(desk.run("restore", copy, opens="one", vault=desk.at("fourth"), status=4)[1],
        "row altered", "nothing was made of it")
    check(not os.path.exists(desk.at("fourth")), "a vault of a damaged backup")
    check(not [n for n in os.listdir(desk.folder) if "part" in n], "a temporary file is left")


class Terminal:
    """The command on a terminal of its own."""

    def __init__(self, desk, *words):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm"
            os.execv(desk.command, [desk.command, "--vault", desk.vault, *words])

    def expect(self, words, within=20):
        """What was shown up to and with the words; it is taken away."""
        until = time.monotonic() + within
        while words.encode() not in self.seen:
            if not select.select([self.fd], [], [], max(0, until - time.monotonic()))[0]:
                sys.exit(f"keys: {words!r} was not shown: {self.seen!r}")
            try:
                piece = os.read(self.fd, 65536)
            except OSError:
                piece = b""
            if piece == b"":
                sys.exit(f"keys: it ended before {words!r}: {self.seen!r}")
            self.seen += piece
        at = self.seen.index(words.encode()) + len(words.encode())
        shown, self.seen = self.seen[:at], self.seen[at:]
        return shown.decode()

    def type(self, line):
        os.write(self.fd, line.encode() + b"\n")

    def end(self):
        """All that came, and the exit status."""
        try:
            while piece := os.read(self.fd, 65536):
                self.seen += piece
        except OSError:
            pass
        return self.seen.decode(), os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def on_a_terminal(desk):
    make(desk)
    t = Terminal(desk, "passphrase", "change")
    t.expect("Passphrase for ")
    t.type("one")
    t.expect("New passphrase: ")
    t.type("password1")
    t.expect("The same again: ")
    t.type("password1")
    t.expect("may take about 2^")
    t.expect("still opens with the old passphrase")
    t.expect("Rekey now? [y/N] ")
    t.type("y")
    said, status = t.end()
    check(status == 0, said)
    has(said, "rekeyed")
    check("password1" not in said, "the passphrase was shown")
    check("rekey" in [e["action"] for e in desk.json("log", opens="password1")], "no rekey")

    desk.run("passphrase", "add", "--label", "desk", *desk.new("two"), opens="password1")
    card = desk.json("identity", opens="password1")
    t = Terminal(desk, "passphrase", "remove", "desk")
    t.expect("Passphrase for ")
    t.type("password1")
    t.expect("removed and rekeyed; a copy of the vault from before still opens with it\r\n")
    t.expect("Other keys (identity rotate)? [y/N] ")
    t.type("y")
    said, status = t.end()
    check(status == 0, said)
    has(said, "rotated: give your card to everybody again", "note the head now")
    check(desk.json("identity", opens="password1")["minisign"] != card["minisign"], "not rotated")

    t = Terminal(desk, "recovery", "split", "-k", "2", "-n", "3")
    t.expect("Passphrase for ")
    t.type("password1")
    lines = []
    for number in (1, 2, 3):
        t.expect("\033[2J")
        shown = t.expect("Read from your paper: group ")
        groups = re.findall(r"(\d+) ([0-9a-z]{4})\b", shown.split("down:")[1])
        check([int(n) for n, _ in groups] == list(range(1, 18)), shown)
        groups = [g for _, g in groups]
        lines.append(" ".join(groups))
        asked = int(t.expect(f" of share {number}: ").split()[0])
        t.type("zzzz" if groups[asked - 1] != "zzzz" else "yyyy")
        t.expect("compare the whole line")
        for _ in range(2):
            t.expect("group ")
            asked = int(t.expect(f" of share {number}: ").split()[0])
            t.type(groups[asked - 1].upper())
        t.expect("\033[2J")
    said, status = t.end()
    check(status == 0, said)
    has(said, "shares without a copy of the vault are nothing")

    t = Terminal(desk, "recovery", "restore")
    t.expect("Share 1: ")
    t.type(lines[2])
    t.expect("Share 2: ")
    t.type(lines[2])
    t.expect("was given already")
    t.expect("Share 2: ")
    t.type(lines[0])
    t.expect("\033[2J")
    t.expect("New passphrase: ")
    t.type("back again")
    t.expect("The same again: ")
    t.type("back again")
    said, status = t.end()
    check(status == 0, said)
    desk.run("list", opens="back again")


def shreds(desk):
    make(desk)
    told = desk.run("add", "statement", "-F", "text=They know the driver.", opens="one")[0].strip()
    person = desk.run("add", "person", "-F", "name=Azat", opens="one")[0].strip()
    t = Terminal(desk, "shred", person, "--reason", "asked for")
    t.expect("Passphrase for ")
    t.type("one")
    t.expect("Type its whole title to destroy it: ")
    t.type("Aza")
    said, status = t.end()
    check(status == 2 and "nothing was destroyed" in said, said)
    desk.run("show", person, opens="one")
    t = Terminal(desk, "shred", person, "--reason", "asked for")
    t.expect("Passphrase for ")
    t.type("one")
    t.expect("Type its whole title to destroy it: ")
    t.type("Azat")
    t.expect("New keys for all other records as well (rekey)? [y/N] ")
    t.type("y")
    said, status = t.end()
    check(status == 0, said)
    has(said, "rekeyed")
    desk.run("show", person, opens="one", status=6)
    has(desk.run("shred", told, "--reason", "asked for", opens="one", status=2)[1], "--yes")
    has(desk.run("shred", told, "--reason", "asked for", "--yes", opens="one")[1],
        "`rekey` makes keys that were copied before useless")
    actions = [e["action"] for e in desk.json("log", opens="one")]
    check(actions.count("shred") == 2 and actions.count("rekey") == 1, actions)
    desk.run("verify", "--deep", opens="one")


def main():
    command = os.path.abspath(sys.argv[1])
    for part in (passphrases, suggestions, key_files, rekeys, shares, copies, shreds,
                 on_a_terminal):
        with tempfile.TemporaryDirectory(prefix="wb-keys-") as folder:
            part(Desk(command, folder))
            print(part.__name__)


if __name__ == "__main__":
    main()
