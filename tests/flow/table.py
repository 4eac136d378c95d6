"""tests/flow/table.py - a pseudo-terminal with somebody typing at it, for tests of what is asked."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

PATIENCE_S = 20
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x07")


class Table:
    """A command on a terminal of 100 columns; what it shows, without the control sequences."""

    def __init__(self, *words, columns=100, cwd=None):
        self.seen, self.pending = "", b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            if cwd is not None:
                os.chdir(cwd)
            os.environ["COLUMNS"] = str(columns)
            os.execv(words[0], list(words))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def read(self, patience):
        ready, _, _ = select.select([self.fd], [], [], patience)
        if not ready:
            return False
        try:
            got = os.read(self.fd, 65536)
        except OSError:
            got = b""
        self.pending += got
        try:
            text, self.pending = self.pending.decode(), b""
        except UnicodeDecodeError:
            return True  # the rest of a character is still to come
        self.seen += CONTROLS.sub("", text)
        return got != b""

    def expect(self, *wanted):
        """Waits until one of these regular expressions is found in what was shown since the
        last one; `shown` is what it was up to its end."""
        end = time.monotonic() + PATIENCE_S
        while True:
            for one in wanted:
                found = re.search(one, self.seen)
                if found:
                    self.shown, self.seen = self.seen[:found.end()], self.seen[found.end():]
                    return found
            if time.monotonic() > end or not self.read(max(0, end - time.monotonic())):
                sys.exit(f"waited for {wanted}, saw: {self.seen[-1500:]!r}")

    def type(self, text):
        data = text.encode()
        while data:
            data = data[os.write(self.fd, data):]

    def say(self, text):
        self.type(text + "\r")

    def is_cooked(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ICANON)

    def kill(self, number=signal.SIGKILL):
        os.kill(self.pid, number)

    def wait(self):
        """Its exit status, or minus the signal that ended it."""
        while self.read(PATIENCE_S):
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
