#!/usr/bin/python3
"""tests/flow/guided.py WITNESSBOX DEMO.JSONL - guided entry on a pseudo-terminal.

The founding case is written down in full by answering questions, and must come to what
`load` makes of the same lines. What is typed outlives kill -9, signals and a closed
terminal as a sealed draft; nothing of it reaches a file readable.
"""

import copy
import functools
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time

from founding import REFERENCES, Vault, as_written, check
from table import Table

BASE = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
STATES = {"unknown": "*", "not-asked": "/", "refused": "!"}
PROMPT = r"(?:^|\n|\r)(?:(\d+)|(Save it\?)[^>]*|([a-z-]+) \(yes, no, ask\)|([^\r\n>]+?)(?: \(needed\))?)> \r$"
ABOUT = re.compile(r"About the ([a-z]+) (.*) \(\. is enough of it\):\r?\n")


class Shell:
    """One session at a vault: what is typed there costs no unlocking."""

    def __init__(self, vault, cwd=None):
        self.vault = vault
        self.table = Table(vault.command, "--vault", vault.path, "--passphrase-file", vault.key, cwd=cwd)
        self.ready = vault.name + r"> \r$"
        self.table.expect(self.ready)

    def add(self, kind):
        self.table.say("add " + kind)
        return Guided(self.vault, self.table, kind, self.ready)

    def go_on(self):
        self.table.say("add --continue")
        return Guided(self.vault, self.table, "statement", self.ready)

    def json(self, line):
        self.table.say(line + " --json")
        found = self.table.expect(r"\n([\[{].*)\r\n(?:witnessbox: note: .*\r\n)?\r*" + self.ready)
        return json.loads(found[1])

    def leave(self):
        self.table.say("exit")
        check(self.table.wait() == 0, "exit")


class Guided:
    """Questions, and somebody who answers them."""

    def __init__(self, vault, table, kind, ready=None):
        self.vault, self.table, self.kind, self.ready = vault, table, kind, ready

    @classmethod
    def alone(cls, vault, *words):
        """A command of its own."""
        return cls(vault, Table(vault.command, "--vault", vault.path, "--passphrase-file",
                                vault.key, "add", *words), "statement")

    def prompt(self):
        """The field that is asked for, "text" for the account, "save" at the end."""
        found = self.table.expect(PROMPT)
        for kind, _ in ABOUT.findall(self.table.shown):
            self.kind = kind
        if found[1] or found[2] or found[3]:
            return "text" if found[1] else "save" if found[2] else "consent " + found[3]
        return self.vault.fields[self.kind].get(found[4]) or \
            self.vault.fields["consent"].get(found[4]) or found[4]

    def answer(self, field, *texts):
        """Waits for the question about that field, passing over others, and answers it."""
        while (name := self.prompt()) != field:
            check(name != "save", f"{field} was not asked for")
            self.table.say("")
        for text in texts:
            self.table.say(text)
            if text != texts[-1]:
                check(self.prompt() == field, f"{field}: one answer was enough")

    def enough(self):
        """Skips to the summary."""
        while self.prompt() != "save":
            self.table.say(".")

    def save(self):
        """Answers the summary: how many records, and the id of the first."""
        self.table.say("y")
        found = self.table.expect(r"Saved: (\d+) records?\.\r\n([0-9a-z]{26})\r\n")
        if self.ready is None:
            check(self.table.wait() == 0, "the exit status")
        else:
            self.table.expect(self.ready)
        return int(found[1]), found[2]


@functools.cache
def first_vault(command):
    folder = tempfile.TemporaryDirectory(dir=BASE)
    vault = Vault(command, folder.name, "vault")
    vault.name, vault.folder = "vault", folder
    vault.fields = {kind["kind"]: {f["label"]: f["name"] for f in kind["fields"]}
                    for kind in vault.json("kinds")}
    return vault


def vault_of(command, folder, file="vault"):
    """A new vault: a copy of the first, which costs no stretching of a passphrase."""
    vault = copy.copy(first_vault(command))
    vault.path = shutil.copy(vault.path, os.path.join(folder, file))
    vault.key = shutil.copy(vault.key, os.path.join(folder, file + ".pass"))
    return vault


# ---- the founding case


def titles(lines):
    """What each line goes by when another one names it."""
    fields = {"incident": "title", "source": "title", "person": "name"}
    return {line["key"]: line["fields"][fields[line["kind"]]] for line in lines
            if line["kind"] in fields}


def texts_of(name, values, ids, names, references):
    """What is typed for a field."""
    for v in values if isinstance(values, list) else [values]:
        if isinstance(v, dict):
            yield STATES[v["state"]]
        elif name in references:
            yield ids[v] if v in ids else names[v]
        else:
            yield v


def sit(shell, line, lines, ids, references):
    """One sitting: this line, and every line that is named on the way. Answers how many
    records were saved."""
    names = titles(lines)
    by_title = {(one["kind"], names[one["key"]]): one for one in lines if one.get("key") in names}
    g, done = shell.add(line["kind"]), [line]

    def answers(one):
        return {f: list(texts_of(f, v, ids, names, references)) for f, v in one["fields"].items()}

    left = answers(line)
    while (field := g.prompt()) != "save":
        for kind, title in ABOUT.findall(g.table.shown):
            done.append(by_title[kind, title])
            left = answers(done[-1])
            del left["name" if kind == "person" else "title"]  # it came by that
        if left.get(field):
            g.table.say(left[field].pop(0))
        else:
            g.table.say("" if any(left.values()) else ".")
    check(not any(left.values()), f"not asked for: {left}")
    count, first = g.save()
    listed = {(r["kind"], r["title"]): r["id"] for r in shell.json("list")}
    for one in done:
        if "key" in one:
            ids[one["key"]] = first if one is line else listed[one["kind"], names[one["key"]]]
    check(count == len(done), f"{count} records, not {len(done)}")
    return done


def test_the_founding_case_comes_to_what_load_makes_of_it(vault, folder, demo):
    with open(demo, encoding="utf-8") as f:
        lines = [json.loads(line) for line in f]
    ids, done, sittings, shell = {}, [], 0, Shell(vault)
    for line in lines:
        if not any(line is one for one in done):
            done += sit(shell, line, lines, ids, REFERENCES)
            sittings += 1
    records = {one["id"]: shell.json("show " + one["id"]) for one in reversed(shell.json("list"))}
    shell.leave()
    fields = 0
    for line, record in zip(done, records.values()):
        check(record["kind"] == line["kind"], f"{record['kind']} is not {line['kind']}")
        written = as_written(line["fields"], ids)
        check(record["fields"] == written, f"{record['fields']} is not {written}")
        fields += len(written)
    check(len(records) == len(lines) == len(done), "not every record was written down")
    print(f"{len(records)} records, {fields} fields in {sittings} sittings")
    check(fields > 300, "so few fields")


# ---- what is typed is not lost


def drafts(vault):
    return vault.json("drafts")


def begin(vault):
    g = Guided.alone(vault, "statement")
    g.answer("text", "They came at night.", "Two of them wore masks.")
    check(g.prompt() == "text", "the account goes on")
    return g


def go_on(vault, typed):
    """The draft is gone on with, and is what was told and `typed`."""
    shell = Shell(vault)
    g = shell.go_on()
    g.table.expect(re.escape("3> " + typed))
    g.table.say("")
    g.enough()
    for text in "They came at night.", "Two of them wore masks.", typed:
        check(text in g.table.shown, f"{text!r} is lost")
    _, id = g.save()
    check(shell.json("drafts") == [], "the draft stayed")
    record = shell.json("show " + id)
    shell.leave()
    check(record["fields"]["text"] == ["They came at night.", "Two of them wore masks."]
          + ([typed] if typed else []), "the account is another")


def test_kill_9_loses_no_paragraph(vault, folder, demo):
    g = begin(vault)
    g.table.kill()
    check(g.table.wait() == -signal.SIGKILL, "killed")
    [draft] = drafts(vault)
    check((draft["kind"], draft["words"]) == ("statement", "They came at night."), str(draft))
    g = Guided.alone(vault, "--continue", str(draft["draft"]))
    check(g.prompt() == "text" and "Two of them wore masks." in g.table.shown, "it goes on there")
    g.table.kill()
    g.table.wait()
    go_on(vault, "")


def test_a_signal_seals_what_was_typed_and_puts_the_terminal_right(vault, folder, demo):
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        one = vault_of(vault.command, folder, number.name)
        g = begin(one)
        g.table.type("Ғайр аз ин")
        g.table.expect("Ғайр аз ин")
        g.table.kill(number)
        g.table.expect(r"Kept as draft \d+; `add --continue` goes on with it\.")
        check(g.table.is_cooked(), "the terminal is still raw")
        check(g.table.wait() == -number, f"{number.name}: the signal was not obeyed")
        go_on(one, "Ғайр аз ин")


def test_a_closed_terminal_loses_nothing(vault, folder, demo):
    g = begin(vault)
    g.table.type("half a li")
    g.table.expect("half a li")
    os.close(g.table.fd)
    os.waitpid(g.table.pid, 0)
    go_on(vault, "half a li")


def test_control_d_and_an_empty_answer_at_the_end_keep_a_draft(vault, folder, demo):
    g = begin(vault)
    g.table.type("\x04")
    g.table.expect(r"Kept as draft \d+")
    check(g.table.wait() == 0, "control D")
    g = Guided.alone(vault, "--continue")
    g.enough()
    g.table.say("")
    g.table.expect(r"Kept as draft \d+")
    check(g.table.wait() == 0 and len(drafts(vault)) == 1, "an empty answer")
    number = str(drafts(vault)[0]["draft"])
    vault.run("drafts", "--remove", number, "--yes")
    check(drafts(vault) == [], "the draft stayed")
    g = Guided.alone(vault, "statement")
    g.prompt()
    g.table.type("\x04")
    g.table.expect("Nothing was written")
    check(g.table.wait() == 0 and drafts(vault) == [], "a draft of nothing")


# ---- typing


def saved_text(g, shell):
    g.enough()
    _, id = g.save()
    return shell.json("show " + id)["fields"]["text"]


def test_what_is_pasted_is_split_at_empty_lines(vault, folder, demo):
    pasted = "Абзац один,\rвторая строка.\r\r\rAbsatz zwei."
    wanted = ["Абзац один,\nвторая строка.", "Absatz zwei."]
    shell = Shell(vault)
    for text in "\x1b[200~" + pasted + "\x1b[201~", pasted, pasted.replace("\r", "\r\n"):
        g = shell.add("statement")
        check(g.prompt() == "text", "the account comes first")
        g.table.type(text)
        g.table.expect("zwei")
        g.table.say("")
        got = saved_text(g, shell)
        check(got == wanted or got == "\n".join(wanted), f"{got!r} of {text!r}")


def test_keys_move_and_delete_by_character_and_word(vault, folder, demo):
    left, right, home, end, delete = "\x1b[D", "\x1b[C", "\x1b[H", "\x1b[F", "\x1b[3~"
    typed = {
        "абв" + left + "х": "абхв",
        "日本語" + left + left + "\x7f": "本語",
        "e\u0301a" + "\x7f" + "\x7f" + "x": "x",
        "one two" + "\x17" + "three": "one three",
        "one two" + home + delete + "O" + end + "!": "One two!",
        "one two" + "\x1b[1;5D" + "\x1bb" + "\x1b[1;5C" + "-": "one- two",
        "gone\x15left": "left",
        "keep gone\x1bb\x0b": "keep ",
        "a\x01b" + right + "c" + "\x1b[99;7~" + "d": "bacd",
    }
    shell = Shell(vault)
    for keys, wanted in typed.items():
        g = shell.add("incident")
        g.prompt()
        g.table.say(keys)
        g.enough()
        _, id = g.save()
        got = shell.json("show " + id)["fields"]["title"]
        check(got == wanted.strip(), f"{keys!r}: {got!r}, not {wanted!r}")


def test_what_is_typed_cannot_command_the_terminal_and_is_kept_as_it_is(vault, folder, demo):
    shell = Shell(vault)
    g = shell.add("incident")
    g.prompt()
    g.table.type("a\u202eb\x1b[200~c\x1b]0;x\x07d\u0085\x1b[201~")
    g.table.expect(r"a\\u\{202e\}bc")
    g.table.say("")
    g.enough()
    _, id = g.save()
    got = shell.json("show " + id)["fields"]["title"]
    check(got.startswith("a\u202ebc") and "\x1b" not in got and "\x07" not in got, repr(got))


def test_one_key_says_unknown_refused_not_asked_and_back(vault, folder, demo):
    shell = Shell(vault)
    g = shell.add("statement")
    g.answer("text", "Я видела всё.", "")
    g.answer("witness", "Дилором К.")
    g.answer("incident", "?")
    g.table.expect("or how it begins, or a new name")
    g.answer("incident", "-")
    check(g.prompt() == "witness" and "Дилором К." in g.table.shown, g.table.shown)
    g.table.say("")
    g.answer("incident", "*")
    g.answer("basis", "sa", "he", "")
    g.answer("connection", "!")
    g.answer("language", "/")
    g.answer("date", "2021-13")
    g.table.expect("month is 13")
    g.table.expect(r"> 2021-13\r$")  # it is still there to be corrected
    g.table.say("\x15today")
    g.answer("place", "Moskow")
    g.answer("channel", "-")
    check(g.prompt() == "place", "back to the place")
    g.table.say(",")
    g.table.expect("Moskow")
    g.table.say("\x7f\x7f\x7f" + "cow")
    g.enough()
    count, id = g.save()
    fields = shell.json("show " + id)["fields"]
    check(count == 2, "the statement and its witness")
    for name, state in ("incident", "unknown"), ("connection", "refused"), ("language", "not-asked"):
        check(fields[name] == {"state": state}, f"{name}: {fields[name]}")
    check(fields["basis"] == ["saw", "heard"] and fields["place"] == "Moscow", str(fields))
    check(re.fullmatch(r"\d{4}-\d\d-\d\d", fields["date"]) is not None, fields["date"])
    check(shell.json("show " + fields["witness"])["fields"]["name"] == "Дилором К.", "the witness")


def test_consents_are_made_in_the_same_sitting(vault, folder, demo):
    shell = Shell(vault)
    g = shell.add("statement")
    g.answer("text", "I agree to this.", "")
    g.answer("witness", "Дилором К.")
    g.answer("incident", ".")
    g.answer("pseudonym", "Witness 1")
    g.answer("other-names", ".")
    g.answer("consent partner", "y")
    g.answer("consent publication", "n")
    g.answer("level", "pseudonym")
    g.answer("how", "spoken")
    g.enough()
    count, id = g.save()
    witness = shell.json("show " + id)["fields"]["witness"]
    consents = [shell.json("show " + r["id"])["fields"] for r in shell.json("list --kind consent")]
    got = {(c["about"], c["purpose"], c["decision"]) for c in consents}
    check(got == {(about, *what) for about in (id, witness)
                  for what in (("partner", "yes"), ("publication", "no"))}, str(got))
    check(all(c["level"] == "pseudonym" and c["how"] == "spoken" and c["person"] == witness
              for c in consents), "what is said once holds for all")
    check(count == 6, f"{count} records")
    check([e["action"] for e in shell.json("log")].count("add") >= 6, "the log")


def test_a_name_that_is_there_already_is_told_and_its_id_taken(vault, folder, demo):
    shell = Shell(vault)
    shell.table.say("add person -F 'name=Азат Исаков'")
    person = shell.table.expect(r"([0-9a-z]{26})\r\n")[1]
    shell.table.expect(shell.ready)
    g = shell.add("statement")
    g.answer("text", "I am here.", "")
    g.answer("witness", "Азат Исаков")
    g.table.expect("one of this name is in the vault already.*\r\n.*answer " + person[:8])
    g.answer("incident", "-")
    g.answer("witness", ",")
    g.answer("witness", person[:8])
    g.table.expect("that is the person Азат Исаков")
    g.enough()
    count, id = g.save()
    check(count == 1, "no second person")
    check(shell.json("show " + id)["fields"]["witness"] == person, "the witness")


def test_a_field_vault_takes_in_what_is_told_and_its_owner_reads_it(vault, folder, demo):
    card, path = os.path.join(folder, "card"), os.path.join(folder, "field")
    vault.run("identity", "--export", card)
    field = copy.copy(vault)
    field.path, field.name = path, "field"
    field.run("init", "--owner", card, "--kdf-memory", "64", "--new-passphrase-file", field.key,
              locked=True)
    shell = Shell(field)
    g = shell.add("statement")
    g.answer("text", "Они пришли.", "")
    g.answer("witness", "Anna")
    g.enough()
    g.save()
    shell.table.say("list")
    shell.table.expect("a field vault, where `list` does not work")
    shell.table.expect(shell.ready)
    g = shell.add("statement")
    g.answer("text", "More.")
    g.prompt()
    g.table.type("\x04")
    g.table.expect("only the owner of the vault can go on with it")
    shell.table.expect(shell.ready)
    shell.leave()
    vault.run("collect", path)
    titles = {r["title"] for r in vault.json("list")}
    check({"Они пришли.", "Anna"} <= titles, str(titles))


def test_a_file_goes_with_the_first_record(vault, folder, demo):
    photo = os.path.join(folder, "gate.jpg")
    with open(photo, "wb") as f:
        f.write(os.urandom(70000))
    g = Guided.alone(vault, "statement", "--attach", photo)
    g.answer("text", "This is the gate.", "")
    g.enough()
    check("and the file " + photo in g.table.shown, "the summary names it")
    _, id = g.save()
    check([f["name"] for f in vault.json("show", id)["files"]] == ["gate.jpg"], "the file")


def test_what_is_needed_is_asked_for_before_it_can_be_saved(vault, folder, demo):
    shell = Shell(vault)
    g = shell.add("statement")
    g.answer("text", "")
    g.answer("witness", "Somebody")
    g.enough()
    g.table.say("y")
    g.table.expect("text is needed")
    g.answer("text", "Now it is said.", "")
    check(saved_text(g, shell) == "Now it is said.", "the account")


def test_testimony_typed_as_an_argument_is_warned_of(vault, folder, demo):
    for words, warned in (["-F", "text=They came."], True), (["-F", "text:unknown"], False):
        t = Table(vault.command, "--vault", vault.path, "--passphrase-file", vault.key, "add",
                  "statement", *words)
        t.expect(r"[0-9a-z]{26}\r\n")
        check(("history" in t.shown) == warned, t.shown)
        check(t.wait() == 0, "it is done all the same")


def test_nothing_that_is_typed_lies_readable_in_a_file(vault, folder, demo):
    g = begin(vault)
    g.table.type("and more")
    g.table.expect("and more")
    found = 0
    for name in os.listdir(folder):
        if os.path.isfile(os.path.join(folder, name)):
            with open(os.path.join(folder, name), "rb") as f:
                data = f.read()
            found += 1
            for canary in b"They came at night", b"masks", b"and more":
                check(canary not in data, f"{name} has {canary}")
    check(found >= 2, "no files were looked at")
    g.table.kill()
    g.table.wait()


def main():
    command, demo = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    tests = [(n[5:], t) for n, t in globals().items() if n.startswith("test_")]
    wanted = sys.argv[3:]
    for name, test in tests:
        if wanted and not any(w in name for w in wanted):
            continue
        with tempfile.TemporaryDirectory(dir=BASE) as folder:
            start = time.monotonic()
            test(vault_of(command, folder), folder, demo)
            print(f"ok: {name} ({time.monotonic() - start:.1f} s)")


if __name__ == "__main__":
    main()
