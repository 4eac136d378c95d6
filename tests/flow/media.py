#!/usr/bin/env python3
"""tests/flow/media.py - a disk that is full, and one that cannot be written to.

usage: media.py WITNESSBOX

A small ext4 file system in an image, mounted by a loop device, holds a vault and all that
its commands make. Every command that writes is given too little room, none at all first,
then somewhat more, until it has enough: whatever it cannot do it says in one line, with
status 1, and the vault opens, is sound and as it was. Then the same on a read-only mount,
where the commands that read go on working. Needs root, a loop device and mkfs.ext4; exits
77 (skipped) without.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

IMAGE_BYTES = 24 << 20
ROOMS = (0, 40 << 10, 600 << 10, 3 << 20)  # free bytes
PASSPHRASE, OTHER = "nine grey horses", "ten"


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def fail(what):
    sys.exit(f"FAILED: {what}")


class Disk:
    def __init__(self, folder, witnessbox):
        self.folder, self.witnessbox = folder, witnessbox
        self.image, self.mounted = os.path.join(folder, "image"), os.path.join(folder, "disk")
        self.desk = os.path.join(folder, "desk")  # elsewhere, with room enough
        os.mkdir(self.mounted)
        os.mkdir(self.desk)
        with open(self.image, "wb") as f:
            f.truncate(IMAGE_BYTES)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", self.image], check=True)
        for name, text in (("pass", PASSPHRASE), ("other", OTHER), ("lines",
                           '{"kind":"incident","fields":{"title":"A night"}}\n' * 50)):
            with open(self.at(name), "w", encoding="utf-8") as f:
                f.write(text)
        with open(self.at("photo"), "wb") as f:
            f.write(os.urandom(400000))

    def at(self, name):
        return os.path.join(self.desk, name)

    def on(self, name):
        return os.path.join(self.mounted, name)

    def mount(self, *options):
        return subprocess.run(["mount", "-o", ",".join(("loop",) + options), self.image,
                               self.mounted], check=False, capture_output=True).returncode == 0

    def umount(self):
        subprocess.run(["umount", self.mounted], check=True)

    def fill(self, free):
        """Takes all room of the disk but `free` bytes."""
        ballast = os.open(self.on("ballast"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        step = 1 << 20
        while step >= 512:
            try:
                os.write(ballast, bytes(step))
                os.fsync(ballast)
            except OSError:
                step //= 2
        if free > 0:
            os.ftruncate(ballast, os.fstat(ballast).st_size - free)
        os.fsync(ballast)
        os.close(ballast)

    def reset(self, free=None):
        """The disk as it was made, with so much room left."""
        for name in os.listdir(self.mounted):
            if name != "lost+found":
                os.remove(self.on(name))
        for name in os.listdir(self.at("made")):
            shutil.copy(os.path.join(self.at("made"), name), self.on(name))
        os.sync()
        if free is not None:
            self.fill(free)

    def run(self, words, given="", status=0, vault="v"):
        """(standard output, standard error, status); a status of None: whatever it is."""
        command = [self.witnessbox, "--vault", self.on(vault), "--quiet"]
        if words[0] not in ("init", "burn") and words[:2] != ["recovery", "restore"]:
            command += ["--passphrase-file", self.at("pass")]
        done = subprocess.run(command + words, cwd=self.mounted, text=True, input=given,
                              capture_output=True, check=False)
        if status is not None and done.returncode != status:
            fail(f"{words}: status {done.returncode}: {done.stderr}")
        return done.stdout.strip(), done.stderr, done.returncode

    def names(self):
        return set(os.listdir(self.mounted)) - {"ballast", "lost+found"}

    def state(self, vault):
        """What the vault holds, as its log tells; it opens and is sound. None without one."""
        if not os.path.exists(self.on(vault)):
            return None
        verified = json.loads(self.run(["verify", "--deep", "--json"], vault=vault)[0])
        return verified["records"], json.loads(self.run(["log", "--json"], vault=vault)[0])


def make(disk):
    """Two vaults that know each other, a bundle, a request, shares, a backup, a field vault;
    the words of every command that writes."""
    new = ["--new-passphrase-file", disk.at("pass")]
    for name in ("v", "p", "t"):
        disk.run(["init", "--name", name, "--kdf-memory", "64", *new], vault=name)
        disk.run(["identity", "--export", disk.at(name + ".card")], vault=name)
    for one, other in (("v", "p"), ("p", "v")):
        disk.run(["contact", "add", disk.at(other + ".card"), "--label", other], vault=one)
    disk.run(["contact", "verify", "v", "--how", "phone"], vault="p")
    incident = disk.run(["add", "incident", "-F", "title=A night", "-F", "date=2026-03"])[0]
    told = disk.run(["add", "statement", "-F", "text=They came.", "-F", "incident=" + incident])[0]
    disk.run(["add", "consent", "-F", "about=" + told, "-F", "purpose=partner", "-F",
              "decision=yes", "-F", "level=named"])
    evidence = disk.run(["attach", told, disk.at("photo")])[0]
    disk.run(["passphrase", "add", "--label", "second", "--new-passphrase-file", disk.at("other")])
    shares = disk.run(["recovery", "split", "-k", "2", "-n", "3"])[0].splitlines()
    disk.run(["contact", "verify", "p", "--how", "phone"])
    disk.run(["export", "--to", "p", "--all", "--leave-out-refused", "-o", disk.at("bundle")])
    disk.run(["head", "--request", "p", "-o", disk.at("request")])
    disk.run(["backup", disk.at("backup")])
    disk.run(["init", "--owner", disk.at("v.card"), "--kdf-memory", "64", *new], vault="f")
    disk.run(["add", "statement", "-F", "text=They came."], vault="f")
    shutil.move(disk.on("f"), disk.at("field"))
    os.mkdir(disk.at("made"))
    for name in ("v", "p"):
        shutil.copy(disk.on(name), os.path.join(disk.at("made"), name))
    disk.run(["cosign", disk.at("request"), "-o", disk.at("reply")], vault="p")
    disk.run(["import", disk.at("bundle")], vault="p")
    shutil.copy(disk.on("p"), os.path.join(disk.at("made"), "q"))
    root = json.loads(disk.run(["show", told, "--json"])[0])["root"]
    other = ["--new-passphrase-file", disk.at("other")]
    return {  # words of each, and what else is needed
        "init": (["init", "--kdf-memory", "64", *new], {"vault": "n"}),
        "add": (["add", "incident", "-F", "title=Another night"], {}),
        "amend": (["amend", told, "--reason", "witness", "-F", "text=They came at night."], {}),
        "adopt": (["adopt", f"{told}@{root}"], {"vault": "q"}),
        "attach": (["attach", told, disk.at("photo")], {}),
        "extract": (["extract", evidence], {"logs": True}),
        "load": (["load", disk.at("lines")], {}),
        "dump": (["dump", "-o", disk.on("dump")], {"logs": True}),
        "head": (["head", "--import", disk.at("reply")], {}),
        "cosign": (["cosign", disk.at("request"), "-o", disk.on("reply")], {"vault": "p"}),
        "identity rotate": (["identity", "rotate"], {}),
        "contact add": (["contact", "add", disk.at("t.card"), "--label", "third"], {}),
        "contact verify": (["contact", "verify", "v", "--how", "read aloud"], {"vault": "p"}),
        "contact remove": (["contact", "remove", "p", "--reason", "gone", "--yes"], {}),
        "export": (["export", "--to", "p", "--all", "--leave-out-refused", "-o", disk.on("out")],
                   {"logs": True}),
        "import": (["import", disk.at("bundle")], {"vault": "p"}),
        "collect": (["collect", disk.at("field")], {}),
        "report incident": (["report", "incident", incident, "-o", disk.on("i.html")],
                            {"logs": True}),
        "report statement": (["report", "statement", told, "-o", disk.on("s.html")],
                             {"logs": True}),
        "report custody": (["report", "custody", evidence, "-o", disk.on("c.html")],
                           {"logs": True}),
        "passphrase change": (["passphrase", "change", *other], {}),
        "passphrase add": (["passphrase", "add", "--label", "third", *other], {}),
        "passphrase remove": (["passphrase", "remove", "second"], {}),
        "rekey": (["rekey"], {}),
        "recovery split": (["recovery", "split", "-k", "2", "-n", "2"], {}),
        "recovery restore": (["recovery", "restore", "--label", "again", *new],
                             {"given": "\n".join(shares[:2]) + "\n"}),
        "backup": (["backup", disk.on("copy")], {"logs": True}),
        "restore": (["restore", disk.at("backup")], {"vault": "n"}),
        "shred": (["shred", told, "--reason", "asked for", "--yes"], {}),
        "withdraw": (["withdraw", told, "--reason", "asked to", "--yes", "-o", disk.mounted],
                     {"logs": True}),  # what then was not written is said, and can be exported
        "burn": (["burn", "--yes"], {}),
    }


# Neither written to nor read from a vault here: help; the shell, whose commands these are;
# a bundle that is looked at below.
OTHERS = {"inspect", "kinds", "passphrase suggest", "shell", "help"}


def reading(disk):
    told = json.loads(disk.run(["list", "--kind", "statement", "--json"])[0])[0]["id"]
    return {"show": [told], "list": [], "search": ["came"], "log": [], "gaps": [told], "verify": [],
            "identity": [], "contact list": [], "passphrase list": [], "info": [], "handoffs": [],
            "drafts": [], "head": []}


def hold(disk, name, how, before, names):
    """A command that failed has left all as it was."""
    vault = how.get("vault", "v")
    after = disk.state(vault)
    if how.get("logs"):  # its entry comes first: the file is what failed
        if after[0] < before[0]:
            fail(f"{name}: records are gone")
        after = (before[0], after[1][:len(before[1])])
    if after != before:
        fail(f"{name}: the vault is not as it was")
    if disk.names() != names:
        fail(f"{name}: left {disk.names() ^ names}")


def refuse(disk, name, words, how):
    """Runs it; whether it failed, as it must when it does."""
    _, said, status = disk.run(words, how.get("given", ""), None, how.get("vault", "v"))
    if status == 0:
        return False
    lines = [x for x in said.strip().splitlines() if not x.startswith("witnessbox: warning: ")]
    if status != 1 or len(lines) != 1 or not lines[0].startswith("witnessbox: "):
        fail(f"{name}: status {status}: {said!r}")
    print(f"  {name}: {lines[0][12:].replace(disk.folder, '')}")
    return True


def full(disk, commands):
    failures = 0
    for name, (words, how) in commands.items():
        disk.reset()
        before, names = disk.state(how.get("vault", "v")), disk.names()
        for free in ROOMS:
            disk.reset(free)
            if not refuse(disk, name, words, how):
                break
            hold(disk, name, how, before, names)
            failures += 1
        else:
            fail(f"{name}: never had room enough")
        if (free == 0) != (name == "burn"):  # which writes in place
            fail(f"{name}: with {free} bytes left it was done")
    print(f"a full disk: {len(commands)} commands, {failures} times refused, each vault as before")


def read_only(disk, commands):
    disk.reset()
    before = {vault: disk.state(vault) for vault in ("v", "p", "q", "n")}
    words_of = reading(disk)
    names = disk.names()
    disk.umount()
    if not disk.mount("ro"):
        fail("it cannot be mounted read-only")
    for name, (words, how) in commands.items():
        if not refuse(disk, name, words, how):
            fail(f"{name}: done on a medium that cannot be written to")
    for name, words in words_of.items():
        disk.run(name.split() + words)
    disk.run(["inspect", disk.at("bundle")], vault="p")
    for vault, state in before.items():
        if disk.state(vault) != state:
            fail(f"{vault} is not as it was")
    if disk.names() != names:
        fail(f"left {disk.names() ^ names}")
    disk.umount()
    if not disk.mount():
        fail("it cannot be mounted again")
    print(f"a read-only medium: {len(commands)} commands refused, {len(words_of) + 1} read")


def run(disk):
    commands = make(disk)
    listed = {c["name"] for c in json.loads(disk.run(["help", "--json"])[0])["commands"]}
    missing = listed - set(commands) - set(reading(disk)) - OTHERS
    if missing:
        fail(f"commands that this test does not run: {missing}")
    full(disk, commands)
    read_only(disk, commands)


def main():
    if os.geteuid() != 0:
        skip("only root can mount an image")
    if shutil.which("mkfs.ext4") is None or shutil.which("mount") is None:
        skip("there is no mkfs.ext4 or mount")
    with tempfile.TemporaryDirectory(prefix="wb-media-") as folder:
        disk = Disk(folder, os.path.abspath(sys.argv[1]))
        if not disk.mount():
            skip("there is no loop device to be had")
        try:
            run(disk)
        finally:
            disk.umount()


main()
