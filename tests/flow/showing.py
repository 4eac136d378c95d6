#!/usr/bin/python3
"""tests/flow/showing.py WITNESSBOX TOOLS - what show and list say beyond one revision.

What changed between revisions, forks and how they are joined, what belongs to a record,
who sent it, and what is said where something does not open.
"""

import json
import os
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from room import Room  # noqa: E402


def check(right, what):
    if not right:
        sys.exit("showing: " + str(what))


def has(text, *wanted):
    for words in wanted:
        check(words in text, f"{words!r} is not in {text!r}")


def case(room, name):
    """An incident with a victim, an act, a perpetrator's part in it and a statement."""
    v = room.vault(name)

    def add(kind, *fields):
        return room.box(v, "add", kind, *[x for f in fields for x in ("-F", f)])["id"]

    incident = add("incident", "title=Brick factory", "date=2026-03")
    person = add("person", "name=Dilorom K.", "pseudonym=Witness 1")
    act = add("act", "incident=" + incident, "victim=" + person, "type=abduction", "date=2026-03-02")
    add("involvement", "act=" + act, "degree=carried it out")
    add("act", "incident=" + incident, "type=beating", "date=2026-03-01")
    statement = add("statement", "incident=" + incident, "witness=" + person, "text=One.", "text=Two.",
                    "text=Three.")
    add("consent", "about=" + statement, "person=" + person, "purpose=partner", "decision=yes",
        "level=named")
    return v, {"incident": incident, "person": person, "act": act, "statement": statement}


def test_history_says_what_each_revision_changed(room):
    v, ids = case(room, "history")
    room.run(v, "amend", ids["statement"], "--reason", "witness", "-F", "text=One.", "-F",
             "text=Zwei.", "-F", "text=Three.", "-F", "place:unknown")
    room.run(v, "amend", ids["statement"], "--reason", "transcription", "-F", "text+=Four.")
    text = room.run(v, "show", "--history", ids["statement"])[0]
    has(text, "  add by first\n", "  amend by first, witness\n", "  amend by first, transcription\n",
        "  text                 2 - Two.\n  text                 2 + Zwei.\n",
        "  place               + (unknown)\n", "  text                 4 + Four.\n")
    check("One." not in text and "Three." not in text, "what did not change is told: " + text)
    told = room.box(v, "show", "--history", ids["statement"])
    check([r["revision"] for r in told] == [1, 2, 3], told)
    check([r["head"] for r in told] == [False, False, True], told)
    check(told[1]["changes"][0] == {"field": "text", "at": 2, "removed": ["Two."], "added": ["Zwei."]},
          told[1])
    check(told[2]["previous"] == [told[1]["root"]] and told[2]["reason"] == "transcription", told)


def test_an_incident_is_a_tree_and_a_person_names_what_names_it(room):
    v, ids = case(room, "tree")
    lines = room.run(v, "show", ids["incident"])[0].split("belongs to it\n")[1].splitlines()
    check([line.split()[0] for line in lines] ==
          ["act", "act", "involvement", "statement", "consent"], lines)
    check([len(line) - len(line.lstrip()) for line in lines] == [2, 2, 4, 2, 4], lines)
    has(lines[0], "2026-03-01", "beating")
    has(lines[1], "abduction; victim Dilorom K.")
    has(lines[4], "partner: yes; person Dilorom K.")
    has(room.run(v, "show", ids["statement"])[0], f"witness             {ids['person']}  Dilorom K.\n")
    named = room.run(v, "show", ids["person"])[0].split("named in\n")[1]
    check([line.split()[0] for line in named.splitlines()] == ["act", "statement", "consent"], named)
    shown = room.box(v, "show", ids["incident"])
    check([(p["depth"], p["kind"], p["field"]) for p in shown["parts"]] ==
          [(1, "act", "incident"), (1, "act", "incident"), (2, "involvement", "act"),
           (1, "statement", "incident"), (2, "consent", "about")], shown["parts"])
    check([p["field"] for p in room.box(v, "show", ids["person"])["named-in"]] ==
          ["victim", "witness", "person"], "named-in")


def test_what_belongs_to_an_incident_stands_by_first_day_last_day_and_text(room):
    v = room.vault("dates")
    incident = room.box(v, "add", "incident", "-F", "title=Dates")["id"]
    wanted = ["../1986", "-1985", "1984", "1985-01-01", "1985-01", "1985-01~", "1985", "1985-XX", "1985/..",
              "1985-21", "Y10000", None]
    lines = room.write("dates.jsonl", "".join(
        json.dumps({"kind": "act", "fields": {"incident": incident, "type": "beating",
                                              **({"date": date} if date else {})}}) + "\n"
        for date in sorted(wanted, key=lambda date: (date or "")[::-1])))
    room.run(v, "load", lines)
    got = [part["date"] or None for part in room.box(v, "show", incident)["parts"]]
    check(got == wanted, got)


def test_our_own_note_stands_beside_what_somebody_else_sent(room):
    v, ids = case(room, "notes-a")
    other = room.vault("notes-b")
    room.meet(v, other)
    room.agree(v, ids["statement"], ids["person"])
    bundle = room.path("notes.age")
    room.run(v, "export", "--to", "notes-b", "--incident", ids["incident"], "-o", bundle)
    room.run(other, "import", bundle)
    has(room.run(other, "show", ids["incident"])[0], "received            from notes-a, verified then, ")
    check(room.box(other, "show", ids["incident"])["received"]["trust"] == "verified", "trust")
    room.run(other, "add", "note", "-F", "about=" + ids["incident"], "-F", "text=Ask again in May.")
    named = room.run(other, "show", ids["incident"])[0].split("named in\n")[1]
    has(named, "note", "Ask again in May.")
    check("received" not in room.box(v, "show", ids["incident"]), "our own was received")


def fork(room):
    """One record amended in two copies of a vault, both revisions in the first."""
    v, ids = case(room, "fork")
    other, partner = room.path("fork-copy"), room.vault("fork-partner")
    room.meet(v, partner)
    shutil.copy(v, other)
    room.run(v, "amend", ids["incident"], "--reason", "other", "-F", "place=Osh")
    room.run(other, "amend", ids["incident"], "--reason", "other", "-F", "place=Jalal-Abad")
    for sender, receiver, name in ((other, partner, "1"), (partner, v, "2")):
        bundle = room.path("fork.age" + name)
        to = "fork-partner" if receiver == partner else "fork"
        room.run(sender, "export", "--to", to, ids["incident"], "-o", bundle)
        room.run(receiver, "import", bundle)
    return v, ids["incident"]


def test_a_fork_is_shown_and_an_amendment_joins_it(room):
    v, id = fork(room)
    text = room.run(v, "show", id)[0]
    has(text, "fork                2 revisions that do not know of each other", "place               Osh\n")
    check(room.box(v, "show", id)["heads"] == 2, "heads")
    told = room.box(v, "show", "--history", id)
    heads = sorted(r["root"] for r in told if r["head"])
    check(len(told) == 3 and len(heads) == 2, told)
    has(room.run(v, "show", "--history", id)[0], "  (head)\n", "  received from fork-partner, verified then",
        "  place               + Osh\n", "  place               + Jalal-Abad\n")
    before = len(room.box(v, "log"))
    room.run(v, "amend", id, "--reason", "other", status=2)
    joined = room.box(v, "amend", id, "--reason", "other", "--join", "-F", "place=Osh or Jalal-Abad")
    check(joined["revision"] == 3 and len(room.box(v, "log")) == before + 1, joined)
    shown = room.box(v, "show", id)
    check(shown["previous"] == heads and shown["heads"] == 1, shown)
    check("fork" not in room.run(v, "show", id)[0], "still a fork")
    room.run(v, "verify")


def test_where_there_is_no_fork_there_is_nothing_to_join(room):
    v, ids = case(room, "one-head")
    before = len(room.box(v, "log"))
    said = room.run(v, "amend", ids["incident"], "--reason", "other", "--join", status=2)[1]
    has(said, "there is no fork to join: it has one head")
    check(len(room.box(v, "log")) == before, "something was saved")


def damage(v, number):
    """Changes one byte in the body of the record that was stored as that one."""
    with sqlite3.connect(v) as db:
        row, body = db.execute("SELECT row, body FROM bodies ORDER BY row LIMIT 1 OFFSET ?",
                               (number,)).fetchone()
        db.execute("UPDATE bodies SET body = ? WHERE row = ?",
                   (body[:50] + bytes([body[50] ^ 1]) + body[51:], row))
    db.close()


def test_one_damaged_record_is_told_and_the_others_are_shown(room):
    v, ids = case(room, "damaged")
    damage(v, 3)  # the first act, behind our identity
    done, said = room.run(v, "show", ids["incident"], status=4)
    has(done, "title               Brick factory", "beating", "statement")
    check("abduction" not in done, done)
    has(said, "damaged")
    room.run(v, "show", ids["act"], status=4)
    done, said = room.run(v, "list", status=4)
    check(len(done.splitlines()) == 6, done)


def test_a_damaged_revision_hides_neither_the_others_nor_what_belongs_to_them(room):
    v, ids = case(room, "revision")
    id = ids["incident"]
    room.run(v, "amend", id, "--reason", "other", "-F", "place=Osh")
    newest = room.box(v, "amend", id, "--reason", "other", "-F", "place=Jalal-Abad")
    damage(v, 8)  # the second of it
    done, said = room.run(v, "show", id, status=4)
    check(done == "", done)
    has(said, "its body is altered", "other revisions of it open: `show --history` has them")
    done, said = room.run(v, "show", "--history", id, status=4)
    has(done, "revision 1 ", "revision 3 ", "  (what it follows is not here)")
    has(said, "1 revision of it does not open; run verify")
    shown = json.loads(room.run(v, "show", "--json", id + "@" + newest["root"][:8], status=4)[0])
    check(len(shown["parts"]) == 5 and shown["fields"]["place"] == "Jalal-Abad", shown)
    check("heads" not in shown, "heads are told although one may not open")
    done = room.run(v, "show", id + "@" + newest["root"][:8], status=4)[0]
    has(done, "Jalal-Abad", "belongs to it", "consent")


def main():
    tests = [f for name, f in globals().items() if name.startswith("test_")]
    room = Room(*map(os.path.abspath, sys.argv[1:3]))
    try:
        for test in tests:
            test(room)
            print(test.__name__, flush=True)
    finally:
        shutil.rmtree(room.folder)


main()
