#!/usr/bin/python3
"""tests/flow/go_tlog.py - our trees, notes and proofs, verified by Go's x/mod.

    go_tlog.py WITNESSBOX TLOG_MAKE VERIFY_GO

WITNESSBOX is the built command, TLOG_MAKE tests/flow/tlog_make.c, VERIFY_GO tests/go/verify.go.
Needs Debian's golang-go and golang-golang-x-mod-dev; exit 77 (skipped) without them.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

GOPATH = "/usr/share/gocode"
TREES = 10000
PASSPHRASE = b"the words of a test\n"

if not shutil.which("go") or not os.path.isdir(GOPATH + "/src/golang.org/x/mod/sumdb/tlog"):
    print("skipped: golang-go and golang-golang-x-mod-dev are not installed")
    sys.exit(77)


def build(folder, source):
    """The verifier, compiled offline in GOPATH mode."""
    program = os.path.join(folder, "verify")
    env = dict(os.environ, GO111MODULE="off", GOPATH=GOPATH, GOFLAGS="", GOPROXY="off",
               GOCACHE=os.path.join(folder, "cache"), HOME=folder)
    subprocess.run(["go", "build", "-o", program, source], env=env, check=True)
    return program


class Room:
    def __init__(self, witnessbox, make, source):
        self.witnessbox, self.make = witnessbox, make
        self.folder = tempfile.mkdtemp(prefix="wb-go-")
        self.words = os.path.join(self.folder, "words")
        with open(self.words, "wb") as f:
            f.write(PASSPHRASE)
        self.verifier = build(self.folder, source)

    def verify(self, lines, status=0):
        done = subprocess.run([self.verifier], input=lines, capture_output=True, check=False)
        if done.returncode != status:
            raise AssertionError(f"status {done.returncode}: {done.stderr.decode()[-500:]}")
        return dict(zip(done.stdout.decode().split()[::2], done.stdout.decode().split()[1::2]))

    def box(self, vault, *args):
        return subprocess.run([self.witnessbox, "--vault", vault, "--passphrase-file", self.words,
                               *args], capture_output=True, check=True).stdout.decode()

    def vault(self, name):
        path = os.path.join(self.folder, name)
        subprocess.run([self.witnessbox, "--vault", path, "init", "--name", name,
                        "--new-passphrase-file", self.words, "--kdf-memory", "64"],
                       capture_output=True, check=True)
        return path


def proof_line(text, vkey):
    """A tlog-proof as a line for the verifier."""
    head, note = text.split("\n\n", 1)
    lines = head.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    return json.dumps({"leaf": lines[1].split()[1], "index": int(lines[2].split()[1]),
                       "inclusion": lines[3:], "vkey": vkey, "note": note}).encode() + b"\n"


class Trees(unittest.TestCase):
    def test_ten_thousand_random_trees_agree_with_go(self):
        made = subprocess.run([room.make, str(TREES)], capture_output=True, check=True).stdout
        said = {k: int(v) for k, v in room.verify(made).items()}
        print(said)
        self.assertEqual(said["roots"], TREES)
        self.assertEqual(said["inclusions"], TREES)
        self.assertGreater(said["consistencies"], TREES * 9 // 10)
        self.assertGreater(said["refused"], 5 * TREES)

    def test_the_verifier_refuses_what_does_not_hold(self):
        made = subprocess.run([room.make, "1"], capture_output=True, check=True).stdout
        tree = json.loads(made)
        self.assertTrue(tree["inclusion"])
        raw = bytearray(base64.b64decode(tree["inclusion"][0]))
        raw[0] ^= 1
        tree["inclusion"][0] = base64.b64encode(raw).decode()
        room.verify(json.dumps(tree).encode(), status=4)


class Vault(unittest.TestCase):
    def test_the_proofs_of_a_vault_hold_under_its_key(self):
        vault = room.vault("ours")
        vkey = json.loads(room.box(vault, "--json", "identity"))["log"]
        ids = [json.loads(room.box(vault, "--json", "add", "statement", "-F", f"text=number {i}"))
               ["id"] for i in range(9)]
        lines = b"".join(proof_line(room.box(vault, "show", "--proof", i), vkey) for i in ids)
        self.assertEqual(room.verify(lines)["inclusions"], "9")

    def test_a_cosigned_head_is_still_a_note_to_go(self):
        ours, other = room.vault("asking"), room.vault("witness")
        vkey = json.loads(room.box(ours, "--json", "identity"))["log"]
        record = json.loads(room.box(ours, "--json", "add", "statement", "-F", "text=x"))["id"]
        path = {n: os.path.join(room.folder, n) for n in ("a.card", "b.card", "ask", "reply")}
        room.box(ours, "identity", "--export", path["a.card"])
        room.box(other, "identity", "--export", path["b.card"])
        room.box(ours, "contact", "add", path["b.card"], "--label", "witness")
        room.box(other, "contact", "add", path["a.card"], "--label", "asking")
        room.box(ours, "head", "--request", "witness", "-o", path["ask"])
        room.box(other, "cosign", path["ask"], "-o", path["reply"])
        room.box(ours, "head", "--import", path["reply"])
        proof = room.box(ours, "show", "--proof", record)
        self.assertEqual(proof.count("\u2014 witnessbox/"), 2)
        self.assertEqual(room.verify(proof_line(proof, vkey))["inclusions"], "1")


room = Room(*sys.argv[1:4])
try:
    result = unittest.main(argv=sys.argv[:1], exit=False).result
finally:
    shutil.rmtree(room.folder, ignore_errors=True)
sys.exit(0 if result.wasSuccessful() else 1)
