#!/usr/bin/env python3
"""tests/flow/renamed.py - a program that was given another name says that name, and no other.

usage: renamed.py FOLDER NAME      FOLDER: where it was installed (DESTDIR), built with program_name = NAME

What keeps the project's name are the library, which other programs link by it, and the formats, which other
programs read by it.
"""

import gzip
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

FOLDER, NAME = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
del sys.argv[1:]
LIBRARY = re.compile(r"/(include/witnessbox(/|$)|libwitnessbox\.|witnessbox\.pc$)")


def found(pattern):
    [path] = FOLDER.rglob(pattern)
    return path


class Renamed(unittest.TestCase):
    def run_(self, *words, status=0, **environment):
        libraries = found("libwitnessbox.so").parent
        done = subprocess.run([found("bin/" + NAME), *words], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env={"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": str(libraries), **environment})
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout + done.stderr

    def test_no_installed_file_has_another_name(self):
        files = [path for path in FOLDER.rglob("*") if not LIBRARY.search(str(path))]
        self.assertGreaterEqual(len([path for path in files if NAME in path.name]), 9)
        self.assertEqual([str(path) for path in files if "witnessbox" in path.name], [])

    def test_pages_and_completions_speak_of_it(self):
        pages = [found(name) for name in (NAME + ".1", NAME + "-documenter.7", NAME + "-organisation.7",
                                          NAME + "-archive.7", NAME + ".bash", "_" + NAME, NAME + ".fish")]
        for path in pages:
            data = path.read_bytes()
            text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode()
            self.assertNotRegex(text, r"(?i)\bwitnessbox", path.name)
            self.assertRegex(text, re.escape(NAME).replace("\\-", r"\\?-"), path.name)

    def test_help_and_errors_speak_of_it(self):
        said = self.run_("help") + self.run_("help", "add") + self.run_("--version") + self.run_("nothing", status=2)
        self.assertNotRegex(said, "(?i)witnessbox")
        self.assertIn(f"{NAME}: nothing: no such command; `{NAME} help` lists them", said)

    def test_its_usual_place_and_variable_are_its_own(self):
        with tempfile.TemporaryDirectory() as home:
            said = self.run_("list", status=6, HOME=home, WITNESSBOX_VAULT=home + "/v")
            self.assertIn(f"{home}/.local/share/{NAME}/vault: no vault here", said)
            variable = NAME.upper().replace("-", "_") + "_VAULT"
            self.assertIn(home + "/v: no vault here", self.run_("list", status=6, HOME=home, **{variable: home + "/v"}))

    def test_it_speaks_russian_under_its_name(self):
        said = self.run_("nothing", status=2, LC_ALL="C.UTF-8", LANGUAGE="ru")
        catalogue = list(FOLDER.rglob(NAME + ".mo"))
        self.assertEqual(len(catalogue), 1)
        self.assertIn(f"`{NAME} help`", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
