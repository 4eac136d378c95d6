#!/usr/bin/env python3
"""tests/flow/portable.py - the portable binary: the same from two folders, and alone in the world. As root.

Builds it twice with tools/portable, from folders of different names, and compares. Then runs tools/demo with it
from a read-only medium in a chroot that holds nothing else, no library and no /proc.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
# Stands in the place of the command: the same words, in the same folder, seen from inside of the chroot.
WRAPPER = """#!/usr/bin/python3
import os, sys
inside = os.path.relpath(os.getcwd(), {root!r})
os.chroot({root!r})
os.chdir("/" + inside)
os.execve("/medium/witnessbox", ["witnessbox", *sys.argv[1:]], {{}})
"""


def copy(folder):
    """What is under version control, as it stands here."""
    folder.mkdir(parents=True)
    names = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, check=True, capture_output=True).stdout.split(b"\0")[:-1]
    for name in map(os.fsdecode, names):
        if (TOP / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, folder / name)


def build(folder):
    subprocess.run([folder / "tools/portable"], check=True)
    return folder / "build-portable/witnessbox"


def main():
    if os.geteuid() != 0:
        sys.exit("portable.py: only root can make a chroot")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wb-portable-"))
    root = folder / "root"
    try:
        folders = folder / "one", folder / "another/much-deeper"
        for place in folders:
            copy(place)
        one, other = map(build, folders)
        if one.read_bytes() != other.read_bytes():
            sys.exit("two folders make two different files")
        for name in ("medium", "work"):
            (root / name).mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", root / "medium"], check=True)
        shutil.copy2(one, root / "medium/witnessbox")
        subprocess.run(["mount", "-o", "remount,ro", root / "medium"], check=True)
        (folder / "bin").mkdir()
        wrapper = folder / "bin/witnessbox"
        wrapper.write_text(WRAPPER.format(root=str(root)))
        wrapper.chmod(0o755)
        subprocess.run([TOP / "tools/demo", wrapper], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "TMPDIR": str(root / "work")})
        print("the same from two folders; the demo went through in an empty chroot, from a read-only medium")
    finally:
        if os.path.ismount(root / "medium"):
            subprocess.run(["umount", root / "medium"], check=True)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
