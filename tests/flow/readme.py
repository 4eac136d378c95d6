#!/usr/bin/env python3
"""tests/flow/readme.py - the walk in the README, typed at a terminal, line by line.

usage: readme.py WITNESSBOX README.md

Types what stands behind each prompt of the blocks marked `console`, in a bash of 100 columns, and holds
every line that comes against the next of the page. What is another one each time is in VOLATILE, and only
that; wherever it comes again it must be the same again.
"""

import os
import pathlib
import pty
import re
import select
import struct
import sys
import tempfile
import termios
import fcntl
import time

COLUMNS = 100
PATIENCE_S = 100
PROMPT = re.compile(r"(\$|[A-Za-z0-9][^<>:]*>)(?: (.*))?$")
MORE = " " * 6  # before what goes on after a backslash

# What is another one each time: how it looks.
VOLATILE = re.compile("|".join((
    r"\b[0-9a-hjkmnp-tv-z]{26}\b",                           # id of a record, log or bundle
    r"(?<=  )[0-9a-hjkmnp-tv-z]{8}(?=  )",                   # its beginning, in a column
    r"(?<= \()[0-9a-hjkmnp-tv-z]{8}(?=\))",
    r"\b[0-9a-f]{64}\b",                                     # root or hash
    r"\bage1[0-9a-z]{58}\b",                                 # recipient
    r"\bRW[0-9A-Za-z+/]{54}",                                # key of a signature
    r"(?<=\+)[0-9a-f]{8}\+[0-9A-Za-z+/]{44}",                # key of a log or a cosigner
    r"(?<=collect    )[0-9A-Za-z+/]{43}=",
    r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",                    # time
    r"^[a-z]+(?: [a-z]+){11}$",                              # head
    r"^[a-z]+(?: [a-z]+){6}$",                               # passphrase
    r"(?<=mark       )[a-z]+(?: [a-z]+){3}$",
    r"(?<=words      )[a-z]+(?: [a-z]+){11}$",               # of a card
    r"(?<=words of this card: )[a-z]+(?: [a-z]+){11}$",
)))
SHORT = re.compile(r"\b[0-9a-hjkmnp-tv-z]{6}\b")  # beginning of an id
# Rows of records come in the order of their roots: of a run of such, any one may be the next.
RECORD = re.compile(r"[0-9a-hjkmnp-tv-z]{26}  ")

# What only a fast computer says, where the key derivation is measured to take more memory.
FAST_ONLY = re.compile(r"witnessbox: warning: opening takes \d+ MiB of memory: ")

# What is typed where nothing is shown.
ASKS_SECRET = re.compile(r"(New passphrase|The same again|Passphrase for [a-z]+\.vault):$")
SECRET = "patient slush shove slow business auto license"


class Screen:
    """A program on a terminal, and the rows that it shows."""

    def __init__(self, words, folder, environment):
        self.rows, self.row, self.column, self.left = [""], 0, 0, ""
        self.bytes = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(words[0], words, environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))

    def put(self, text):
        for control, one in re.findall(r"(\x1b\[[0-9;?]*[A-Za-z])|(.)", text, re.S):
            if control:
                self.obey(int(re.sub(r"\D", "", control) or 1), control[-1])
            elif one == "\r":
                self.column = 0
            elif one == "\n":
                self.row += 1
                self.rows += [""] * (self.row + 1 - len(self.rows))
            else:
                row = self.rows[self.row].ljust(self.column)
                self.rows[self.row] = row[:self.column] + one + row[self.column + 1:]
                self.column += 1

    def obey(self, number, what):
        """ECMA-48: up, forward, erase what follows."""
        if what == "A":
            self.row -= number
        elif what == "C":
            self.column += number
        elif what == "J":
            self.rows[self.row:] = [self.rows[self.row][:self.column]]

    def wait(self, ready, wanted):
        """Until `ready` holds of the rows."""
        end = time.monotonic() + PATIENCE_S
        while not ready():
            if not select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
                sys.exit(f"waited for {wanted!r}; the screen ends with\n" + "\n".join(self.rows[-12:]))
            try:
                self.bytes += os.read(self.fd, 65536)
            except OSError:
                sys.exit(f"the terminal was closed before {wanted!r}\n" + "\n".join(self.rows[-12:]))
            try:
                text, self.bytes = self.bytes.decode(), b""
            except UnicodeDecodeError:
                continue  # the rest of a character is still to come
            self.put(text)

    def type(self, text):
        os.write(self.fd, text.encode() + b"\r")


class Walk:
    """The lines of the page, held against the rows of the screen."""

    def __init__(self, screen):
        self.screen, self.at = screen, 0
        self.known = {}  # what the page says: what it is here
        self.fast_only = 0

    def here(self, text):
        """The text of the page with what is known by now put in."""
        text = VOLATILE.sub(lambda found: self.known.get(found[0], found[0]), text)
        return SHORT.sub(lambda found: next((mine[:6] for page, mine in self.known.items()
                                             if len(page) == 26 and page.startswith(found[0])), found[0]), text)

    def type_behind(self, prompt, text):
        self.screen.wait(lambda: not self.has_whole_row() and
                         self.screen.rows[self.at].rstrip() == prompt.rstrip(), prompt)
        self.screen.type(text)
        self.screen.wait(lambda: self.screen.row > self.at, f"the end of {prompt} {text}")
        self.at += 1

    def has_whole_row(self):
        """Is there a whole row to compare? What only a fast computer says is stepped over."""
        if self.screen.row > self.at and FAST_ONLY.match(self.screen.rows[self.at]):
            self.at += 1
            self.fast_only += 1
        return self.screen.row > self.at

    def match(self, line, row):
        """What the row says for the new words of the line, or None."""
        pattern, new, end = "", [], 0
        for found in VOLATILE.finditer(line):
            pattern += re.escape(self.here(line[end:found.start()]))
            if found[0] in self.known:
                pattern += re.escape(self.known[found[0]])
            elif found[0] in new:
                pattern += f"(?:\\{new.index(found[0]) + 1})"
            else:
                pattern += f"({VOLATILE.pattern})"
                new.append(found[0])
            end = found.end()
        same = re.fullmatch(pattern + re.escape(self.here(line[end:])), row)
        return None if same is None else dict(zip(new, same.groups()))

    def compare(self, number, line):
        rows = self.screen.rows
        self.screen.wait(self.has_whole_row, line)
        at = self.at
        while (same := self.match(line, rows[at].rstrip())) is None:
            at += 1
            if not RECORD.match(line) or at >= self.screen.row or not RECORD.match(rows[at]):
                sys.exit(f"README line {number}:\n  the page   {line}\n  the screen {rows[self.at]}\n\n"
                         "all of it:\n" + "\n".join(rows))
        rows.insert(self.at, rows.pop(at))
        self.known.update(same)
        self.at += 1

    def line(self, number, line, goes_on):
        if ASKS_SECRET.match(line):
            self.type_behind(line, SECRET)
        elif goes_on:
            self.type_behind(MORE, self.here(line[len(MORE):]))
        elif (found := PROMPT.match(line)):
            self.type_behind(found[1], self.here(found[2] or ""))
        else:
            self.compare(number, line)


def blocks(page):
    """The numbered lines of every block that is marked `console`."""
    inside = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            inside = line == "```console"
        elif inside:
            yield number, line


def main():
    command, page = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    environment = {"PATH": f"{command.parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "PS1": "$ ", "PS2": MORE,
                   "TERM": "xterm", **{k: v for k, v in os.environ.items() if k.startswith(("LD_", "ASAN_"))}}
    with tempfile.TemporaryDirectory() as folder:
        environment["HOME"] = folder
        screen = Screen(["bash", "--norc", "--noprofile", "--noediting"], folder, environment)
        walk, goes_on, typed = Walk(screen), False, 0
        for number, line in blocks(page):
            walk.line(number, line, goes_on)
            is_typed = goes_on or PROMPT.match(line) is not None
            goes_on = is_typed and line.endswith("\\")
            typed += is_typed
        screen.wait(lambda: screen.rows[-1].rstrip() == "$", "$")
    if typed < 20:
        sys.exit(f"only {typed} lines were typed")
    print(f"{typed} lines typed, {walk.at - typed - walk.fast_only} compared")


if __name__ == "__main__":
    main()
