#!/usr/bin/env python3
"""tests/flow/raw_image.py - what is left on the disk itself, below the file system.

usage: raw_image.py WITNESSBOX

Makes an ext4 file system (data=ordered, Debian's default) in an image, mounts it by a
loop device, keeps a vault in it, and searches the raw image for sealed bytes: wraps,
bodies and slots that a shred, a passphrase change, a rekey and a burn should have
destroyed. Each search is also made before, where it must find them. Needs root, a loop
device and mkfs.ext4; exits 77 (skipped) without.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

IMAGE_BYTES = 64 << 20
PAGE = 16384
SLOT_AT, SLOT_BYTES, SEALED_AT = 96, 184, 104


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


class Disk:
    def __init__(self, folder, witnessbox):
        self.folder, self.witnessbox = folder, witnessbox
        self.image = os.path.join(folder, "image")
        self.mounted = os.path.join(folder, "disk")
        self.vault = os.path.join(self.mounted, "vault")
        self.passphrase = os.path.join(folder, "pass")
        self.other = os.path.join(folder, "other")
        for path, text in ((self.passphrase, "nine grey horses"), (self.other, "ten")):
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        os.mkdir(self.mounted)
        with open(self.image, "wb") as f:
            f.truncate(IMAGE_BYTES)
        subprocess.run(["mkfs.ext4", "-q", "-F", self.image], check=True)

    def mount(self):
        return subprocess.run(["mount", "-o", "loop,data=ordered", self.image, self.mounted],
                              check=False, capture_output=True).returncode == 0

    def umount(self):
        subprocess.run(["umount", self.mounted], check=True)

    def box(self, *words):
        command = [self.witnessbox, "--vault", self.vault, "--quiet"]
        if words[0] not in ("init", "burn"):
            command += ["--passphrase-file", self.passphrase]
        done = subprocess.run(command + list(words), text=True, capture_output=True,
                              check=False)
        if done.returncode != 0:
            sys.exit(f"{words}: {done.stderr}")
        return done.stdout.strip()

    def rows(self, query):
        """Rows of a copy outside of the image, so that reading leaves nothing there."""
        copy = os.path.join(self.folder, "copy")
        shutil.copy(self.vault, copy)
        with sqlite3.connect(copy) as db:
            found = db.execute(query).fetchall()
        db.close()
        return found

    def slots(self):
        """The bytes of the eight slots."""
        [(header,)] = self.rows("SELECT body FROM header")
        return [header[SLOT_AT + i * SLOT_BYTES:SLOT_AT + (i + 1) * SLOT_BYTES]
                for i in range(8)]

    def find(self, needles):
        """How many of the byte strings the raw image holds."""
        self.umount()
        with open(self.image, "rb") as f:
            raw = f.read()
        assert self.mount()
        return sum(raw.find(needle) >= 0 for needle in needles)


def samples(box):
    """Pieces of a long box: it may lie in several pages."""
    return [box[at:at + 24] for at in range(0, len(box) - 24, 2048)]


def expect(what, found, wanted):
    print(f"{what}: {found}")
    if found != wanted:
        sys.exit(f"FAILED: {what}: {found} found, expected {wanted}")


def run(disk):
    disk.box("init", "--kdf-memory", "64", "--new-passphrase-file", disk.passphrase)
    for i in range(40):
        last = disk.box("add", "incident", "-F", f"title=Incident number {i}")
    statement = disk.box("add", "statement", "-F", "text=They came at night.")
    with open(os.path.join(disk.folder, "photo"), "wb") as f:
        f.write(os.urandom(400000))
    evidence = disk.box("attach", statement, os.path.join(disk.folder, "photo"))
    disk.box("amend", statement, "--reason", "witness", "-F", "text=And went at dawn.")

    before = dict(disk.rows("SELECT row, wrap FROM wraps"))
    bodies = dict(disk.rows("SELECT row, body FROM bodies"))
    boxes = [box for (box,) in disk.rows("SELECT box FROM chunks")]
    chunks = [piece for box in boxes for piece in samples(box)]
    everything = list(before.values()) + [body[:24] for body in bodies.values()]
    expect("wraps and bodies in the raw image", disk.find(everything), len(everything))
    if disk.find(chunks) * 20 < len(chunks) * 19:  # a piece may lie across two pages
        sys.exit("FAILED: the attachment's pieces are not found before it is shredded")
    disk.box("shred", statement, "--reason", "asked for", "--yes")
    disk.box("shred", evidence, "--reason", "asked for", "--yes")
    left = {row for (row,) in disk.rows("SELECT row FROM wraps")}
    gone = [before[row] for row in before if row not in left]
    gone += [bodies[row][:24] for row in bodies if row not in left]
    expect("sealed strings of shredded revisions", len(gone), 6)
    expect("of these in the raw image after shred", disk.find(gone), 0)
    expect("of the attachment's pieces", disk.find(chunks), 0)

    old = disk.slots()
    expect("slots in the raw image", disk.find(old), 8)
    disk.box("passphrase", "change", "--new-passphrase-file", disk.other)
    shutil.copy(disk.other, disk.passphrase)
    changed = [a for a, b in zip(old, disk.slots()) if a != b]
    expect("slots that the change replaced", len(changed), 1)
    expect("of these in the raw image after it", disk.find(changed), 0)

    wraps = [wrap for (wrap,) in disk.rows("SELECT wrap FROM wraps")]
    sealed = [slot[SEALED_AT:] for slot in disk.slots()]
    expect("wraps in the raw image", disk.find(wraps), len(wraps))
    expect("sealed roots in the raw image", disk.find(sealed), 8)
    disk.box("rekey")
    expect("old wraps in the raw image after rekey", disk.find(wraps), 0)
    expect("old sealed roots in the raw image after rekey", disk.find(sealed), 0)
    disk.box("show", last)

    slots = disk.slots()
    expect("slots in the raw image", disk.find(slots), 8)
    disk.box("burn", "--yes")
    expect("slots in the raw image after burn", disk.find(slots), 0)


def main():
    if os.geteuid() != 0:
        skip("only root can mount an image")
    if shutil.which("mkfs.ext4") is None or shutil.which("mount") is None:
        skip("there is no mkfs.ext4 or mount")
    witnessbox = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="wb-raw-") as folder:
        disk = Disk(folder, witnessbox)
        if not disk.mount():
            skip("there is no loop device to be had")
        try:
            run(disk)
        finally:
            disk.umount()
    print("nothing of what was destroyed is in the raw image")


main()
