#!/usr/bin/python3
"""tests/golden/make.py WITNESSBOX TOOLS FOLDER - golden files of a format version, made once.

FOLDER must not be there: what is in the tree is never made again (README.md here). Every
file is written by the command as a person would use it; `facts.json` keeps what the
command then said of them.
"""

import gzip
import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../lib"), os.path.join(HERE, "../flow")]
from room import Room  # noqa: E402
from table import Table  # noqa: E402

PARAGRAPHS = ["Полиция пришла в шесть утра.", "They took him to the car."]
PHOTO = bytes(range(256)) + b"not a picture"
# What is asked of the vault "asel" when it is made, and for ever.
ASKED = [["list"], ["list", "--kind", "consent"], ["log"], ["drafts"], ["contact", "list"], ["identity"],
         ["handoffs"], ["passphrase", "list"], ["search", "полиция"], ["verify", "--deep"]]
# The files, and which vault they are for.
FILES = {"asel.card": "archive", "head.txt": "archive", "request.txt": "archive", "reply.txt": "asel",
         "bundle.age": "archive", "receipt.age": "asel", "notice.age": "archive"}


def pack(room, name, out):
    """A vault as it is now; most of it is empty pages."""
    with open(room.path(name), "rb") as f, open(os.path.join(out, name + ".gz"), "wb") as to:
        to.write(gzip.compress(f.read(), 9, mtime=0))


def draft(room, vault):
    """A statement that is begun at a terminal and not saved."""
    table = Table(room.witnessbox, "--vault", vault, "--passphrase-file", room.words, "add", "statement")
    table.expect("1> ")
    table.say("She has not finished.")
    table.expect("2> ")
    table.say("")
    while "Save it" not in table.expect(r"[^\n]*> \r$")[0]:
        table.say(".")
    table.say("")
    if table.wait() != 0:
        sys.exit(table.seen)


def fill(room, asel):
    """Its records, in two trees of the log and under keys of two epochs."""
    incident = room.add(asel, "A man taken from his home")
    person = room.box(asel, "add", "person", "-F", "name=Азат Исаков", "-F", "pseudonym=Activist A")["id"]
    room.run(asel, "head", "--restart", "--reason", "a second copy was used")
    statement = room.box(asel, "add", "statement", "-F", "incident=" + incident, "-F", "witness=" + person,
                         "-F", "text=" + PARAGRAPHS[0], "-F", "date=2021-10~", "-F", "language=ru")["id"]
    room.run(asel, "rekey")
    room.run(asel, "amend", statement, "--reason", "witness", "-F", "text+=" + PARAGRAPHS[1])
    evidence = room.box(asel, "attach", statement, room.write("photo.jpg", PHOTO))["id"]
    gone = room.add(asel, "Written down by mistake")
    room.run(asel, "shred", gone, "--reason", "a mistake", "--yes")
    room.agree(asel, person, statement, evidence)
    return [incident, person, statement, evidence]


def exchange(room, asel, archive):
    """Cards, a cosigned head, a bundle, its receipt, a notice; each vault as before it."""
    room.meet(asel, archive)
    room.run(archive, "contact", "list")
    shutil.copy(archive, room.path("archive.blank"))
    room.run(asel, "head", "--request", "archive", "-o", room.path("request.txt"))
    room.run(archive, "cosign", room.path("request.txt"), "-o", room.path("reply.txt"))
    room.run(asel, "head", "--import", room.path("reply.txt"))


def send(room, asel, archive, ids):
    room.run(asel, "export", "--to", "archive", "--with-report", "-o", room.path("bundle.age"), *ids)
    shutil.copy(asel, room.path("asel.sent"))
    room.run(archive, "import", room.path("bundle.age"), "--receipt", room.path("receipt.age"))
    os.mkdir(room.path("notices"))
    room.run(room.path("asel.sent"), "withdraw", ids[2], "--reason", "asked to", "--yes", "-o", room.path("notices"))
    [notice] = os.listdir(room.path("notices"))
    shutil.copy(os.path.join(room.path("notices"), notice), room.path("notice.age"))


def field(room, asel):
    vault = room.path("field")
    room.run(asel, "identity", "--export", room.path("owner.card"))
    room.init("field", "--owner", room.path("owner.card"))
    room.box(vault, "add", "statement", "-F", "text=In the field.")


def keys(room, asel, out):
    """A second passphrase with a key file; shares, of which two are enough."""
    second = room.write("second.txt", "the second words\n")
    key = room.write("second.key", bytes(range(64)))
    room.run(asel, "passphrase", "add", "--label", "second", "--new-passphrase-file", second, "--new-key-file", key)
    shares = room.run(asel, "recovery", "split", "-k", "2", "-n", "3")[0]
    for path in (room.write("shares.txt", shares), room.words, second, key):
        shutil.copy(path, out)


def inspect(room, vault, name):
    said = room.box(room.path(vault), "inspect", room.path(name))
    return {key: value for key, value in said.items() if key != "file"}


def main(witnessbox, tools, out):
    os.mkdir(out)
    room = Room(witnessbox, tools)
    asel, archive = room.vault("asel"), room.vault("archive")
    ids = fill(room, asel)
    keys(room, asel, out)
    exchange(room, asel, archive)
    send(room, asel, archive, ids)
    field(room, asel)
    draft(room, asel)
    room.write("head.txt", room.run(asel, "head")[0])
    for name in ("asel", "archive", "field"):
        pack(room, name, out)
    os.replace(room.path("archive"), room.path("archive.full"))
    shutil.copy(room.path("archive.blank"), room.path("archive"))
    pack(room, "archive", out)
    for name in FILES:
        shutil.copy(room.path(name), out)
    facts = {"ids": ids, "words": room.run(asel, "head", "--words")[0],
             "asked": [[q, room.box(asel, *q)] for q in ASKED + [["show", "--history", i] for i in ids]],
             "inspect": {name: [vault, inspect(room, vault, name)] for name, vault in FILES.items()}}
    room.run(asel, "dump", "--leave-out-refused", "-o", os.path.join(out, "dump.jsonl"))
    with open(os.path.join(out, "facts.json"), "w", encoding="utf-8") as f:
        json.dump(facts, f, ensure_ascii=False, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
