"""tests/flow/one_vault.py - a vault of its own for each class of tests."""

import os
import subprocess
import sys
import tempfile
import unittest

WITNESSBOX = sys.argv[1]


class OneVault(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.vault = os.path.join(cls.folder.name, "v")
        cls.key = os.path.join(cls.folder.name, "p")
        with open(cls.key, "w", encoding="ascii") as f:
            f.write("seven lanterns over the harbour\n")
        cls.call(["init", "--name", "a", "--kdf-memory", "64", "--new-passphrase-file", cls.key],
                 locked=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def call(cls, words, status=0, locked=False):
        unlocking = [] if locked else ["--passphrase-file", cls.key]
        done = subprocess.run([WITNESSBOX, "--vault", cls.vault, *unlocking, *words], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != status:
            raise AssertionError(f"{words}: {done.returncode}: {done.stderr}")
        return done

    @classmethod
    def add(cls, kind, *fields):
        """The id of a new record."""
        return cls.call(["add", kind, *cls.given(fields)]).stdout.strip()

    @staticmethod
    def given(fields):
        return [word for field in fields for word in ("-F", field)]


def main():
    unittest.main(argv=[sys.argv[0], "-v"])
