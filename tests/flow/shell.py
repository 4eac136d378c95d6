#!/usr/bin/python3
"""tests/flow/shell.py WITNESSBOX - the shell on a pseudo-terminal.

One unlock, many commands; what goes wrong leads back to the prompt; the lock; Tab; files
of the current folder and --dir and no others; nothing in a history file.
"""

import os
import re
import signal
import sys
import tempfile
import time

from founding import check
from guided import BASE, Shell, vault_of
from table import Table


def test_many_commands_run_in_one_session_and_errors_lead_back(vault, folder):
    shell = Shell(vault)
    shell.table.say("add incident -F 'title=A night' -F date=2021")
    [id] = re.findall(r"[0-9a-z]{26}", shell.table.expect(r"[0-9a-z]{26}\r\n")[0])
    shell.table.expect(shell.ready)
    for line, told in (("nonsense", "no such command"), ("show", "is missing"),
                       ("show zzzz", "no record"), ("list 'x", "a quote has no end"),
                       ("contact", "what?"), ("add incident -F title=", "empty"),
                       ("--vault x list", "not in it"), ("init", "leave it first"),
                       ("shell", "this is the shell"), ("extract", "is missing")):
        shell.table.say(line)
        shell.table.expect("witnessbox: .*" + re.escape(told))
        shell.table.expect(shell.ready)
    check(shell.json("show " + id)["fields"]["title"] == "A night", "the record")
    shell.table.say("kinds incident")
    shell.table.expect("Something that happened")
    shell.table.expect(shell.ready)
    shell.table.say("help")
    shell.table.expect("In the shell:")
    shell.leave()
    check(vault.json("verify")["ok"], "verify")


def test_lock_wipes_and_the_passphrase_leads_back(vault, folder):
    with open(vault.key, encoding="ascii") as f:
        passphrase = f.read().strip()
    shell = Shell(vault)
    shell.table.say("list --kind person")
    shell.table.expect(shell.ready)
    shell.table.say("lock")
    shell.table.expect("Locked\\.")
    shell.table.expect(vault.name + r" \(locked\)> \r$")
    shell.table.say("kinds")  # needs no vault
    shell.table.expect(vault.name + r" \(locked\)> \r$")
    check(vault.json("list") == [], "another process can have it meanwhile")
    shell.table.say("list")
    shell.table.expect("Passphrase for .*: ")
    shell.table.type("wrong\n")
    shell.table.expect("no slot opens")
    shell.table.expect("Passphrase for .*: ")
    shell.table.type(passphrase + "\n")
    shell.table.expect(shell.ready)
    shell.table.type("\x1b[A" * 5)  # what was typed before the lock is not called back
    shell.table.expect(r"> kinds\r$")
    shell.table.say("")
    shell.table.expect(shell.ready)
    shell.leave()


def test_an_interrupted_interview_leads_back_with_its_draft(vault, folder):
    shell = Shell(vault)
    shell.table.say("add statement")
    shell.table.expect(r"1> \r$")
    shell.table.say("They came.")
    shell.table.expect(r"2> \r$")
    shell.table.type("half")
    shell.table.expect("half")
    shell.table.kill(signal.SIGINT)
    shell.table.expect(r"Kept as draft \d+")
    shell.table.expect(shell.ready)
    [draft] = shell.json("drafts")
    check(draft["words"] == "They came.", str(draft))
    shell.table.say("add --continue")
    shell.table.expect(r"2> half\r$")
    shell.table.kill(signal.SIGTERM)
    check(shell.table.wait() == -signal.SIGTERM, "another signal leads out")
    check(len(vault.json("drafts")) == 1, "the draft")
    shell = Shell(vault)
    check("1 draft is not saved yet" in shell.table.shown, "it is said at the next start")
    shell.leave()


def write_many(folder):
    """Lines that take a while to load."""
    path = os.path.join(folder, "many.jsonl")
    with open(path, "w", encoding="ascii") as f:
        for number in range(300000):
            f.write('{"kind":"incident","fields":{"title":"Night %d"}}\n' % number)
    return path


def test_control_c_ends_a_long_command_and_not_the_session(vault, folder):
    write_many(folder)
    shell = Shell(vault, cwd=folder)
    shell.table.say("load many.jsonl")
    time.sleep(1)
    shell.table.type("\x03")
    shell.table.expect(r"many.jsonl: .*interrupted, what was not finished is undone\r\n")
    shell.table.expect(shell.ready)
    check(shell.json("list") == [], "nothing was added")
    shell.table.say("add incident -F title=After")
    shell.table.expect(shell.ready)
    shell.table.say("contact verify")  # after an interrupt as before it
    shell.table.expect("is missing")
    shell.table.expect(shell.ready)
    shell.table.say("shred " + shell.json("list")[0]["id"] + " --reason test")
    shell.table.expect("Type its whole title to destroy it: ")
    shell.table.type("\x03")
    shell.table.expect("witnessbox: interrupted\r\n")
    shell.table.expect(shell.ready)
    check(len(shell.json("list")) == 1, "nothing was destroyed")
    shell.leave()
    check(vault.json("verify", "--deep")["ok"], "verify")


def test_control_c_ends_a_command_of_its_own_which_says_so(vault, folder):
    table = Table(vault.command, "--vault", vault.path, "--passphrase-file", vault.key, "load",
                  write_many(folder))
    time.sleep(2)
    table.type("\x03")
    table.expect("interrupted, what was not finished is undone")
    check(table.wait() == -signal.SIGINT, "it died of the signal")
    check(not os.path.exists(vault.path + "-journal"), "no journal is left")
    check(vault.json("list") == [], "nothing was added")
    check(vault.json("verify", "--deep")["ok"], "verify")


def test_burn_needs_no_leaving(vault, folder):
    shell = Shell(vault)
    shell.table.say("burn --yes")
    check(shell.table.wait() == 0, "it ends the shell")
    with open(vault.path, "rb") as f:
        data = f.read(2 * 16384)
    check(len(data) == 32768 and not any(data[16384:]), "the header is still there")


def test_tab_completes_what_is_unique_and_shows_what_is_not(vault, folder):
    shell = Shell(vault)
    shell.table.say("add person -F name=Azat")
    id = shell.table.expect(r"([0-9a-z]{26})\r\n")[1]
    shell.table.expect(shell.ready)
    for typed, wanted in (("kin", "kinds "), ("contact l", "contact list "),
                          ("add stat", "add statement "), ("list --ki", "list --kind "),
                          ("list --kind per", "list --kind person "),
                          ("add statement -F wit", "add statement -F witness="),
                          ("add statement -F basis=sa", "add statement -F basis=saw "),
                          ("show " + id[:6], "show " + id + " ")):
        shell.table.type(typed + "\t")
        shell.table.expect("> " + re.escape(wanted) + r"\r$")
        shell.table.say("\x15")
        shell.table.expect(shell.ready)
    shell.table.type("add in\t\t")
    shell.table.expect(r"incident  involvement  intervention")
    shell.table.say("\x15")
    shell.table.expect(shell.ready)
    shell.leave()


def test_files_of_the_folder_and_of_dir_are_open_and_no_others(vault, folder):
    desk = tempfile.TemporaryDirectory()  # the vault's own folder is open anyway
    here, there, other = (os.path.join(desk.name, name) for name in ("here", "there", "other"))
    for place in here, there, other:
        os.mkdir(place)
        with open(os.path.join(place, "told.txt"), "w", encoding="utf-8") as f:
            f.write("They came.\n\nThey went.\n")
    table = Table(vault.command, "--vault", vault.path, "--passphrase-file", vault.key, "shell",
                  "--dir", there, cwd=here)
    ready = vault.name + r"> \r$"
    table.expect(ready)
    for path in "told.txt", os.path.join(there, "told.txt"):
        table.say("add statement -F text=@" + path)
        table.expect(r"[0-9a-z]{26}\r\n")
        table.expect(ready)
    table.say("info")
    table.expect(ready)
    if "only those named" in table.shown:
        table.say("add statement -F text=@" + os.path.join(other, "told.txt"))
        table.expect("Permission denied")
        table.expect("begin it with --dir FOLDER")
        table.expect(ready)
    table.say("identity --export card")
    table.expect(ready)
    check(os.path.exists(os.path.join(here, "card")), "a file that was made")
    desk.cleanup()
    table.say("exit")
    check(table.wait() == 0, "exit")


def test_without_a_terminal_it_says_so(vault, folder):
    import subprocess
    done = subprocess.run([vault.command, "--vault", vault.path, "--passphrase-file", vault.key,
                           "shell"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    check((done.returncode, done.stderr) == (2, "witnessbox: shell: only on a terminal\n"), done)


def test_nothing_goes_into_a_history_file(vault, folder):
    home = os.path.join(folder, "home")
    os.mkdir(home)
    os.environ["HOME"] = home
    shell = Shell(vault)
    shell.table.say("add incident -F title=Something")
    shell.table.expect(shell.ready)
    shell.leave()
    check(os.listdir(home) == [], f"made in the home folder: {os.listdir(home)}")


def main():
    command = os.path.abspath(sys.argv[1])
    for name, test in list(globals().items()):
        if name.startswith("test_") and (not sys.argv[2:] or any(w in name for w in sys.argv[2:])):
            with tempfile.TemporaryDirectory(dir=BASE) as folder:
                test(vault_of(command, folder), folder)
                print(f"ok: {name[5:]}")


if __name__ == "__main__":
    main()
