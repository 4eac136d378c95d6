#!/usr/bin/python3
"""tests/flow/big.py WITNESSBOX [MIB] - a large attachment in and out in little memory.

Writes MIB (2048) MiB of pseudo random bytes, attaches and extracts them through the
command with a key derivation of 64 MiB, compares SHA-256, and demands that no run of the
command ever held more than 128 MiB (its resident peak, as the kernel counted it).
"""

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time

PEAK_LIMIT_MIB = 128
BLOCK_BYTES = 1 << 20


def write_noise(path, blocks):
    """One random block, with the number of its place in it: no two are alike."""
    block = bytearray(random.Random(5).randbytes(BLOCK_BYTES))
    digest = hashlib.sha256()
    with open(path, "wb") as f:
        for number in range(blocks):
            block[:8] = number.to_bytes(8, "little")
            block[-8:] = (number * 0x9E3779B97F4A7C15 % (1 << 64)).to_bytes(8, "little")
            digest.update(block)
            f.write(block)
    return digest.hexdigest()


def digest_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as f:
        while part := f.read(BLOCK_BYTES):
            digest.update(part)
    return digest.hexdigest()


class Command:
    def __init__(self, program, vault, key):
        self.words = [program, "--vault", vault, "--passphrase-file", key]
        self.peak = 0

    def run(self, *words):
        """Its output as JSON, its seconds; remembers the highest peak."""
        began = time.monotonic()
        read, write = os.pipe()
        pid = os.posix_spawn(self.words[0], [*self.words, *words, "--json"], os.environ,
                             file_actions=[(os.POSIX_SPAWN_DUP2, write, 1),
                                           (os.POSIX_SPAWN_CLOSE, read)])
        os.close(write)
        with os.fdopen(read, "rb") as f:
            out = f.read()
        _, status, usage = os.wait4(pid, 0)  # of this child alone
        seconds = time.monotonic() - began
        if status != 0:
            sys.exit(f"big: {' '.join(words)}: status {os.waitstatus_to_exitcode(status)}")
        peak = usage.ru_maxrss / 1024
        self.peak = max(self.peak, peak)
        print(f"big: {words[0]}: {seconds:.1f} s, peak {peak:.0f} MiB", flush=True)
        return json.loads(out) if out.strip() else None, seconds


def main():
    program = os.path.abspath(sys.argv[1])
    mib = int(sys.argv[2]) if len(sys.argv) > 2 else 2048
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        name, key = os.path.join(folder, "film.mp4"), os.path.join(folder, "key")
        vault, out = os.path.join(folder, "vault"), os.path.join(folder, "out")
        with open(key, "w", encoding="ascii") as f:
            f.write("a passphrase of several words\n")
        subprocess.run([program, "--vault", vault, "init", "--kdf-memory", "64",
                        "--new-passphrase-file", key], check=True, stdout=subprocess.DEVNULL)
        digest = write_noise(name, mib)
        command = Command(program, vault, key)
        about, _ = command.run("add", "statement", "-F", "text=See the film.")
        evidence, into = command.run("attach", about["id"], name)
        os.unlink(name)
        shown, _ = command.run("show", evidence["id"])
        if shown["fields"]["sha256"] != digest:
            sys.exit("big: the SHA-256 that was recorded is not that of the file")
        os.mkdir(out)
        _, back = command.run("extract", evidence["id"], "-o", out)
        if digest_of(os.path.join(out, "film.mp4")) != digest:
            sys.exit("big: what came out is not what went in")
        os.unlink(os.path.join(out, "film.mp4"))
        verified, _ = command.run("verify", "--deep")
        if not verified["ok"] or verified["files"] != 1:
            sys.exit("big: verify is not clean")
        print(f"big: {mib} MiB: in {mib / into:.0f} MiB/s, out {mib / back:.0f} MiB/s, "
              f"highest peak {command.peak:.0f} MiB of {PEAK_LIMIT_MIB}")
        if command.peak > PEAK_LIMIT_MIB:
            sys.exit(f"big: more than {PEAK_LIMIT_MIB} MiB were held")


main()
