#!/usr/bin/env python3
"""tests/flow/feel.py - what the command is like to wait for, to interrupt and to read.

usage: feel.py WITNESSBOX
"""

import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import unicodedata
import unittest

from one_vault import OneVault, WITNESSBOX, main


class Watched:
    """The command with a terminal for its errors."""

    def __init__(self, *words, **environment):
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen([WITNESSBOX, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=theirs, env={**os.environ, "TERM": "xterm", **environment})
        os.close(theirs)
        self.said = ""

    def read(self, patience):
        if not select.select([self.ours], [], [], patience)[0]:
            return False
        try:
            got = os.read(self.ours, 65536)
        except OSError:
            return False
        self.said += got.decode(errors="replace")
        return got != b""

    def until(self, pattern, patience=20):
        end = time.monotonic() + patience
        while not re.search(pattern, self.said) and time.monotonic() < end:
            self.read(0.2)
        return re.search(pattern, self.said) is not None

    def end(self):
        with self.process.stdout as out:
            out.read()
        status = self.process.wait()
        while self.read(0.2):
            pass
        os.close(self.ours)
        return status


class Feel(OneVault):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.incident = cls.add("incident", "title=Something")

    def watch(self, *words, **environment):
        return Watched("--vault", self.vault, "--passphrase-file", self.key, *words, **environment)

    def log_size(self):
        return len(self.call(["log", "--json"]).stdout)

    def big(self, size):
        path = pathlib.Path(self.folder.name) / "film.mov"
        with open(path, "wb") as f:
            f.truncate(size)
        return path

    def test_colour_is_for_terminals_alone_and_never_with_no_color(self):
        for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False),
                                      ({"NO_COLOR": ""}, True)):
            watched = self.watch("show", "zzzz", **environment)
            self.assertEqual(watched.end(), 6)
            self.assertEqual("\x1b[31mwitnessbox: \x1b[0m" in watched.said, coloured, environment)
            self.assertIn("no record", watched.said)
        self.assertNotIn("\x1b", self.call(["show", "zzzz"], status=6).stderr)

    def test_a_long_attach_tells_how_far_it_is_and_interrupted_leaves_nothing_and_says_so(self):
        before, size = self.log_size(), os.path.getsize(self.vault)
        film = self.big(3 << 30)
        watched = self.watch("attach", self.incident, str(film))
        self.assertTrue(
            watched.until(r"attach: \d+ [kMG]?B of 3221 MB, \d+ [kMG]?B a second, \d+ (s|min) left"), watched.said)
        watched.process.send_signal(signal.SIGINT)
        self.assertEqual(watched.end(), -signal.SIGINT)
        self.assertIn("film.mov: interrupted, what was not finished is undone", watched.said)
        self.assertEqual(self.log_size(), before)
        self.assertEqual([name for name in os.listdir(self.folder.name) if "journal" in name], [])
        self.assertLess(os.path.getsize(self.vault) - size, 64 << 20)

    def test_an_interrupted_extract_leaves_no_piece_of_the_file(self):
        film = self.big(200 << 20)
        evidence = self.call(["attach", self.incident, str(film)]).stdout.strip()
        os.remove(film)
        out = pathlib.Path(self.folder.name) / "out"
        out.mkdir()
        for _ in range(20):
            watched = self.watch("extract", evidence, "-o", str(out))
            deadline = time.monotonic() + 20
            while not any(out.iterdir()) and time.monotonic() < deadline:
                time.sleep(0.005)
            watched.process.send_signal(signal.SIGINT)
            if watched.end() == -signal.SIGINT:
                break
            for name in out.iterdir():
                name.unlink()
        self.assertIn("interrupted, what was not finished is undone", watched.said)
        self.assertEqual(list(out.iterdir()), [])

    def test_after_attach_it_is_said_where_the_original_still_lies(self):
        told = pathlib.Path(self.folder.name) / "told.txt"
        told.write_text("They came.\n")
        said = f"the original still lies at {told.resolve()}"
        self.assertIn(said, self.call(["attach", self.incident, str(told)]).stderr)
        self.assertIn(said, self.call(["add", "incident", "-F", "title=Another", "--attach", str(told)]).stderr)
        self.assertEqual(self.call(["--quiet", "attach", self.incident, str(told)]).stderr, "")

    def shown(self, columns, *words, vault=None):
        """What a terminal of so many columns gets."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        process = subprocess.Popen([WITNESSBOX, "--vault", vault or self.vault, "--passphrase-file", self.key, *words],
                                   stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.DEVNULL)
        os.close(theirs)
        said = b""
        while True:
            try:
                got = os.read(ours, 65536)
            except OSError:
                break
            said += got
        os.close(ours)
        self.assertEqual(process.wait(), 0)
        return said.decode().replace("\r", "").splitlines()

    def test_a_card_on_a_terminal_is_safe_and_as_it_is_in_a_pipe(self):
        vault, name = self.vault + ".other", "Asel\u202etxt.exe"
        for words in (["init", "--name", name, "--kdf-memory", "64", "--new-passphrase-file", self.key],
                      ["identity", "--export", "-", "--passphrase-file", self.key]):
            done = subprocess.run([WITNESSBOX, "--vault", vault, *words], capture_output=True, text=True, check=True,
                                  stdin=subprocess.DEVNULL)
        self.assertIn(name, done.stdout)
        safe = "\n".join(self.shown(200, "identity", "--export", "-", vault=vault))
        self.assertNotIn("\u202e", safe)
        self.assertEqual(len(safe.splitlines()), len(done.stdout.splitlines()))

    def test_tables_fit_the_width_wide_characters_included(self):
        titles = ["Похищение активиста из его дома, о котором сообщили соседи и адвокат в тот же день",
                  "اختطاف ناشط من منزله أمام أعين جيرانه وأفراد أسرته في الليل دون أي تفسير من السلطات",
                  "一名活动人士在莫斯科的家中被带走邻居和律师都作了证并且向警方报告了此事但没有得到任何答复",
                  "Ba\u0308ume und E\u0301cole: taken in front of the school, said two of the teachers later"]
        for title in titles:
            self.add("incident", "title=" + title, "date=2021-10-20")
        plain = self.call(["list"]).stdout
        broken = 0
        for columns in (40, 60, 80):
            lines = self.shown(columns, "list") + self.shown(columns, "help", "export")
            for text in lines:
                if len(text.split()) > 1 or not text.isascii():
                    self.assertLessEqual(sum(map(width, text)), columns, text)
            said = "".join("".join(lines).split())
            for title in titles:
                self.assertIn("".join(title.split()), said)
            broken += len(lines) - len(plain.splitlines())
        self.assertGreater(broken, 30)
        self.assertTrue(all(title in plain for title in titles))  # nobody else's lines are touched


def width(character):
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


if __name__ == "__main__":
    main()
