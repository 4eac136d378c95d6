"""tests/lib/room.py - a folder with vaults in it, worked through the command."""

import json
import os
import subprocess
import tempfile


class Room:
    """A folder with vaults in it."""

    def __init__(self, witnessbox, tools):
        self.witnessbox, self.tools = witnessbox, tools
        self.folder = tempfile.mkdtemp(prefix="wb-room-")
        self.words = self.write("words", b"the words of a test\n")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        return self.path(name)

    def read(self, path):
        with open(path, "rb") as f:
            return f.read()

    def run(self, vault, *args, status=0):
        """(standard output, standard error) of the command on a vault."""
        done = subprocess.run([self.witnessbox, "--vault", vault, "--passphrase-file", self.words,
                               *args], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != status:
            raise AssertionError(f"{' '.join(args)}: status {done.returncode}, wanted {status}\n"
                                 f"{done.stdout.decode()[-2000:]}{done.stderr.decode()}")
        return done.stdout.decode(), done.stderr.decode()

    def box(self, vault, *args, status=0):
        return json.loads(self.run(vault, "--json", *args, status=status)[0] or "null")

    def vault(self, name):
        return self.init(name, "--name", name)

    def init(self, name, *options):
        path = self.path(name)
        subprocess.run([self.witnessbox, "--vault", path, "init", *options,
                        "--new-passphrase-file", self.words, "--kdf-memory", "64"],
                       capture_output=True, check=True)
        return path

    def meet(self, one, other):
        """Both take each other's card, under the names of the files."""
        for a, b in ((one, other), (other, one)):
            card = self.path(os.path.basename(b) + ".card")
            if not os.path.exists(card):
                self.run(b, "identity", "--export", card)
            self.run(a, "contact", "add", card, "--label", os.path.basename(b))
            self.run(a, "contact", "verify", os.path.basename(b), "--how", "read aloud")

    def cosign(self, vault, witness):
        """The whole way of a request, by files."""
        name = os.path.basename(vault)
        ask, reply = self.path(name + ".ask"), self.path(name + ".reply")
        for path in (ask, reply):
            if os.path.exists(path):
                os.remove(path)
        self.run(vault, "head", "--request", os.path.basename(witness), "-o", ask)
        self.run(witness, "cosign", ask, "-o", reply)
        return self.run(vault, "head", "--import", reply)

    def add(self, vault, title="An incident"):
        return self.box(vault, "add", "incident", "-F", "title=" + title)["id"]

    def agree(self, vault, *ids, purpose="partner", level="named"):
        """Whoever it concerns agrees that these records go to anybody for a purpose."""
        for about in ids:
            self.box(vault, "add", "consent", "-F", "about=" + about, "-F", "purpose=" + purpose,
                     "-F", "decision=yes", "-F", "level=" + level, "-F", "when=2026-01-10")

    def record(self, *args, status=0):
        done = subprocess.run([os.path.join(self.tools, "verify_record.py"), *args],
                              capture_output=True, check=False)
        if done.returncode != status:
            raise AssertionError(f"{args}: {done.returncode}\n{done.stdout.decode()}"
                                 f"{done.stderr.decode()}")
        return done.stdout.decode()
