#!/usr/bin/python3
"""tests/flow/many.py WITNESSBOX TOOLS - many records at once: load, dump, and back again.

Generated records of all kinds that may be added, in four scripts and with the values at
the edges, go in, come out, go into another vault and come out again: the same in
everything but the ids. Four hundred of them; ten thousand with WB_SWEEP=exhaustive. CSV as
Uwazi imports it; what consent keeps here; what damage leaves.
"""

import copy
import csv
import functools
import io
import json
import os
import random
import re
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from room import Room  # noqa: E402

RECORDS = 10_000 if os.environ.get("WB_SWEEP") == "exhaustive" else 400
LINES = ["Азат Исаков", "Қодиров Ғайрат, Ҳисор, ҷӯй", "شرف‌الدین گدایف", "Türkmenistan, Aşgabat, ýyl",
         "人権 👩‍⚖️", " spaces at both ends ", "\"quoted\" \\ and, comma; | bar", "=1+1", "-x", "@x", "+x",
         "tab\there", "\u202eright to left\u202c", "\ufeffmark", "\u0001\u001b[31m\u007f\u009b",
         "e\u0301 ı ə ғ", "x" * 1024, "unknown", "null", "0", "2021-10-20", "# no comment"]
TEXTS = LINES + ["two\nlines\r\nand a tab\t", "\n", "ends with a line feed\n", "абв\n" * 3000, "\u2028\u2029"]
SAMPLES = {
    "line": LINES, "text": TEXTS,
    "date": ["2021-10-20", "2021-03", "2019", "2021-11~", "2021-10-20/..", "../2021", "201X", "-0044",
             "2021-21", "1985-04-12T23:20:30Z", "Y170000002", "2004-06-11%"],
    "count": ["0", "3", "3..5", "999999999999"],
    "language": ["ru", "tg-Cyrl", "tk", "fa-Arab-IR", "uz-Latn-UZ"],
    "sha256": ["0" * 64, "0123456789abcdef" * 4],
    "number": ["0", "7", "999999999999999999"],
    "point": ["geo:55.7558,37.6173", "geo:-12.5,-74.006;u=500"],
    "term": ["01", "0102", "240301"],
}
STATES = ["unknown", "not-asked", "refused"]


class Vault:
    def __init__(self, room, name):
        self.room, self.path = room, room.vault(name)

    def call(self, *words, status=0):
        return self.room.run(self.path, *words, status=status)

    def json(self, *words, status=0):
        return self.room.box(self.path, *words, status=status)

    def lines(self, *words):
        return [json.loads(line) for line in self.call("dump", *words)[0].split("\n")[:-1]]

    def entries(self):
        return len(self.json("log"))


def check(right, what):
    if not right:
        sys.exit("many: " + str(what))


def has(text, *wanted):
    for words in wanted:
        check(words in text, f"{words!r} is not in {text!r}")


# ---- ten thousand records ----

class Maker:
    """Records that are right in themselves, each field of each kind now and then."""

    def __init__(self, kinds, keys):
        self.random = random.Random(20211020)
        self.kinds = [k for k in kinds if k["by-hand"]]
        self.keys = keys  # kind -> keys that references may name
        self.turn = {}

    def sample(self, field):
        if field["value"] == "ref":
            kinds = [field["target"]] if field["target"] else list(self.keys)
            return self.random.choice(self.keys[self.random.choice(kinds)])
        samples = [c["word"] for c in field["codes"]]
        samples = samples or SAMPLES[field["value"]]
        at = self.turn.get(field["value"], 0)  # in turn, so that every one is used
        self.turn[field["value"]] = at + 1
        return samples[at % len(samples)]

    def value(self, field):
        if field["value"] != "ref" and not field["required"] and self.random.random() < 0.1:
            return {"state": self.random.choice(STATES)}
        return self.sample(field)

    def fields(self, kind):
        made = {}
        for field in kind["fields"]:
            if field["kept"] or (not field["required"] and self.random.random() < 0.6):
                continue
            count = self.random.choice([1, 1, 2, 5]) if field["repeats"] else 1
            values = [self.value(field) for _ in range(count)]
            made[field["name"]] = values[0] if count == 1 else values
        return made

    def record(self, kind, key):
        fields = self.fields(kind)
        if kind["kind"] == "consent":  # nobody refuses here: the gate has a test of its own
            fields = {"about": fields["about"], "purpose": fields["purpose"], "decision": "yes",
                      "level": "named"}
        if fields.get("late") == "yes":
            fields["late"] = "no"
        return {"kind": kind["kind"], "key": key, "fields": fields}


def make_records(vault):
    kinds = vault.json("kinds")
    names = [k["kind"] for k in kinds if k["by-hand"]]
    keys = {name: [f"{name} {i}" for i in range(RECORDS // len(names))] for name in names}
    maker = Maker(kinds, keys)
    made = [maker.record(k, key) for k in maker.kinds for key in keys[k["kind"]]]
    made += [maker.record(maker.kinds[0], f"more {i}") for i in range(RECORDS - len(made))]
    maker.random.shuffle(made)
    check({r["kind"] for r in made} == set(names) and len(made) == RECORDS, "not all kinds")
    references = {k["kind"]: {f["name"] for f in k["fields"] if f["value"] == "ref"} for k in kinds}
    return made, references


def renamed(records, references):
    """The records with keys and references called by their place in the file."""
    names = {r["key"]: f"record {i}" for i, r in enumerate(records)}
    return [rename(r, names, references) for r in records]


def rename(record, names, references):
    def value(field, v):
        if isinstance(v, list):
            return [value(field, x) for x in v]
        return names[v] if field in references[record["kind"]] and isinstance(v, str) else v

    return {"kind": record["kind"], "key": names[record["key"]],
            "fields": {f: value(f, v) for f, v in record["fields"].items()}}


def write_lines(path, records):
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    return path


def test_what_is_loaded_is_dumped_and_loads_again_as_the_same(room):
    a, b = Vault(room, "a"), Vault(room, "b")
    made, references = make_records(a)
    check(a.json("load", write_lines(a.path + ".jsonl", made))["added"] == RECORDS, "load")
    out, again = a.path + ".out", b.path + ".out"
    done = a.json("dump", "-o", out)
    check(done["records"] == RECORDS and done["damaged"] == 0, done)
    check(b.json("load", out)["added"] == RECORDS, "load of the dump")
    b.call("dump", "-o", again)
    with open(out, "rb") as f, open(again, "rb") as g:
        first, second = f.read(), g.read()
    check(not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", first), "a control character in a dump")
    first, second = ([json.loads(line) for line in x.splitlines()] for x in (first, second))
    wanted = renamed(made, references)
    compared = 0
    for got in first, second:
        for one, other in zip(wanted, renamed(got, references), strict=True):
            if one != other:
                check(False, f"{one} came out as {other}")
            compared += len(one["fields"])
    check(compared > 10 * RECORDS, f"only {compared} fields compared")
    check(not {r["key"] for r in first} & {r["key"] for r in second}, "an id came back")
    entry = a.json("log")[-1]
    roots = re.findall(r"(?m)^root (\w{64})$", entry["detail"])
    check(entry["action"] == "dump" and len(roots) == RECORDS and roots == sorted(roots), "the entry")
    has(entry["detail"], "purpose internal\n")
    b.call("verify")
    return f"{RECORDS} records, {compared} fields compared"


def test_a_paragraph_of_16_mib_goes_in_comes_out_and_goes_in_again(room):
    a, b = Vault(room, "long-a"), Vault(room, "long-b")
    limit, path, out = 16 << 20, room.path("long.txt"), room.path("long.jsonl")
    words = "Азат Исаков шарқ, شرف الدین, 人権: one line of many.\n".encode()
    text = (words * (limit // len(words) + 1))[:limit].decode(errors="ignore").encode().ljust(limit, b"x")
    for size, status in ((limit + 1, 2), (limit, 0)):
        with open(path, "wb") as f:
            f.write(text.ljust(size, b"y"))
        said = a.call("add", "statement", "-F", "text=@" + path, status=status)[1]
    check(said == "" and len(a.json("list")) == 1, "one of them is too long")
    for vault, lines in (a, out), (b, out + "2"):
        if vault is b:
            b.call("load", out)
        vault.call("dump", "-o", lines)
        with open(lines, encoding="utf-8") as f:
            check(json.load(f)["fields"]["text"].encode() == text, "not as it was told")
    return f"{limit} bytes"


# ---- files, states, revisions ----

@functools.cache
def first_small(room):
    v = Vault(room, "small")
    photo = v.path + ".jpg"
    with open(photo, "wb") as f:
        f.write(b"\xff\xd8 not much of a photo")
    v.incident = v.json("add", "incident", "-F", "title=Gate | door", "-F", "date=2019",
                        "-F", "place-coordinates=geo:38.5598,68.787;u=500")["id"]
    v.person = v.json("add", "person", "-F", "name=Dilorom K.", "-F", "pseudonym=Witness 1")["id"]
    v.statement = v.json("add", "statement", "-F", "text=They came.", "-F", "witness=" + v.person,
                         "-F", "incident=" + v.incident, "-F", "date:unknown")["id"]
    v.evidence = v.json("attach", v.statement, photo)["id"]
    return v


def small(room, name):
    """A vault with an incident, a witness, a statement and a file about it: a copy of the
    first one that was made so."""
    v = copy.copy(first_small(room))
    v.path = shutil.copy(v.path, room.path(name))
    return v


def test_a_file_is_named_in_a_dump_and_not_in_it(room):
    a, b = small(room, "files"), Vault(room, "files-b")
    out = a.path + ".out"
    said = a.call("dump", "-o", out)[1]
    has(said, "1 of them name a file", f"warning: {out} is not encrypted")
    b.call("load", out)
    listed = b.json("list", "--kind", "evidence")
    shown = b.json("show", listed[0]["id"])
    check(shown["fields"]["file-name"] == "small.jpg" and shown["fields"]["size"] == "22", shown)
    check(shown["fields"]["sha256"] == a.json("show", a.evidence)["fields"]["sha256"], shown)
    b.call("extract", listed[0]["id"], "-o", room.folder, status=6)
    b.call("verify", "--deep")


def test_only_the_newest_revision_is_dumped(room):
    a = small(room, "newest")
    a.call("amend", a.statement, "--reason", "witness", "-F", "text+=They left.")
    lines = {r["key"]: r for r in a.lines()}
    check(len(lines) == 4 and lines[a.statement]["fields"]["text"] == ["They came.", "They left."], lines)
    check(lines[a.statement]["fields"]["date"] == {"state": "unknown"}, lines)


def test_a_dump_takes_no_other_files_place(room):
    a = small(room, "place")
    out = a.path + ".out"
    with open(out, "w", encoding="ascii") as f:
        f.write("mine")
    before = a.entries()
    has(a.call("dump", "-o", out, status=2)[1], "is there already")
    with open(out, encoding="ascii") as f:
        check(f.read() == "mine", "overwritten")
    check(a.entries() == before, "a dump that was not written is in the log")


# ---- CSV ----

def rows_of(v, kind):
    out = v.path + "." + kind + ".csv"
    v.call("dump", "--format", "csv", "--kind", kind, "-o", out)
    with open(out, "rb") as f:
        raw = f.read()
    check(raw.endswith(b"\r\n"), "the last row does not end")
    text = raw.decode("utf-8")
    check("\n" not in text.replace("\r\n", "") or '"' in text, "a bare line feed")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_is_what_uwazi_imports(room):
    v = small(room, "csv")
    columns = [f["name"] for f in v.json("kinds", "incident")["fields"]]
    incident = rows_of(v, "incident")[0]
    for name in columns:
        check(name.replace("-", "_") in incident, f"{name} is no column")
    check(incident["title"] == f"Gate \u00a6 door ({v.incident[:8]})", incident["title"])
    check((incident["date"], incident["date_edtf"]) == ("2019-01-01:2019-12-31", "2019"), incident)
    check((incident["place_coordinates"], incident["place_coordinates_geo"]) ==
          ("38.5598|68.787", "geo:38.5598,68.787;u=500"), incident)
    statement = rows_of(v, "statement")[0]
    check(statement["incident"] == incident["title"], "a relation is called as its entity")
    check(statement["witness"] == f"Dilorom K. ({v.person[:8]})", statement["witness"])
    check(statement["not_given"] == "date: unknown" and statement["date"] == "", statement)
    check(statement["record"] == v.statement, "which record a row is")


def test_dates_become_ranges_of_days(room):
    v = Vault(room, "dates")
    wanted = {"2021-10-20": "2021-10-20:2021-10-20", "2021-03": "2021-03-01:2021-03-31",
              "2019": "2019-01-01:2019-12-31", "2021-11~": "2021-11-01:2021-11-30",
              "2020-02": "2020-02-01:2020-02-29", "201X": "2010-01-01:2019-12-31",
              "2021-10-20/..": "", "../2021": "", "-0044": "", "Y170000002": "",
              "2021-01/2021-02": "2021-01-01:2021-02-28"}
    write_lines(v.path + ".jsonl", [{"kind": "incident", "fields": {"title": d, "date": d}}
                                    for d in wanted])
    v.call("load", v.path + ".jsonl")
    got = {r["date_edtf"].lstrip("'"): r["date"] for r in rows_of(v, "incident")}
    check(got == wanted, got)


def test_no_cell_is_a_formula(room):
    v = Vault(room, "cells")
    write_lines(v.path + ".jsonl", [
        {"kind": "person", "fields": {"name": t, "other-names": [t, t], "description": t}}
        for t in LINES])
    v.call("load", v.path + ".jsonl")
    rows, cells = rows_of(v, "person"), 0
    for row, wanted in zip(rows, LINES, strict=True):
        for cell in row.values():
            check(not re.match(r"[=+\-@\t\r]", cell), f"a formula: {cell!r}")
            cells += 1
        check(row["description"] in (wanted, "'" + wanted), row)
        check(len(row["other_names"].split("|")) == 2, row)
    check(cells > 500, f"only {cells} cells")


# ---- what stays here ----

def test_what_consent_keeps_here_is_named_and_nothing_is_written(room):
    v = small(room, "consent")
    v.call("add", "consent", "-F", "about=" + v.statement, "-F", "purpose=internal", "-F", "decision=no")
    out, before = v.path + ".out", v.entries()
    said = v.call("dump", "-o", out, status=5)[1]
    has(said, f"statement {v.statement} stays here: ")
    check(not os.path.exists(out) and not os.path.exists(out + ".part"), "written all the same")
    check(v.entries() == before, "logged all the same")
    left = {r["key"] for r in v.lines("--leave-out-refused")}
    check(v.statement not in left and v.incident in left, left)
    check(v.entries() == before + 1, "not logged")


def test_for_a_partner_a_person_without_consent_goes_without_a_name(room):
    v = small(room, "partner")
    got = {r["key"]: r["fields"] for r in v.lines("--purpose", "partner", "--leave-out-refused")}
    check(got[v.person] == {"pseudonym": "Witness 1"}, got)
    check(v.statement not in got and v.evidence not in got, "without consent")
    said = v.call("dump", "--purpose", "partner", "--leave-out-refused", "-o", v.path + ".partner")[1]
    has(said, "2 written", "2 of them are written without what identifies somebody")
    check("came to us" not in said, said)
    other = Vault(room, "partner-other")
    check(other.json("load", v.path + ".partner")["added"] == 2, "what is left loads again")
    note = v.json("add", "note", "-F", "about=" + v.person, "-F", "text=Call after dark.")["id"]
    check(note in {r["key"] for r in v.lines()}, "our own note in our own dump")
    check(note not in {r["key"] for r in v.lines("--purpose", "partner", "--leave-out-refused")},
          "a private note for a partner")
    has(v.call("dump", "--purpose", "sale", status=2)[1], "see `kinds consent`")


def test_a_name_in_a_text_of_somebody_who_stays_unnamed_is_in_the_way(room):
    v = small(room, "named")
    night = v.json("add", "incident", "-F", "title=How Dilorom K. was held")["id"]
    v.call("add", "act", "-F", "incident=" + night, "-F", "type=beating")
    before, out = v.entries(), v.path + ".out"
    partner = ["dump", "--purpose", "partner", "--leave-out-refused", "-o", out]
    for words, told in (([], f"incident {night}: title 1 names Dilorom K., person {v.person}"),
                        (["--format", "csv", "--kind", "act"], "title of a reference 1 names Dilorom K.")):
        said = v.call(*partner, *words, status=5)[1]
        has(said, told, "1 name of those who stay unnamed would go in the texts, nothing was written")
    check(not os.path.exists(out) and v.entries() == before, "written or logged all the same")
    v.call(*partner, "--keep-name", v.person, status=2)
    v.call(*partner, "--keep-name", v.person + "=said at the trial")
    entry = v.json("log")[-1]
    check(entry["action"] == "dump" and v.entries() == before + 1, entry)
    has(entry["detail"], f"reason name kept, {v.person}: said at the trial\n", "purpose partner\n")
    check(night in {r["key"] for r in v.lines()}, "inside nobody is unnamed")


def test_what_is_for_the_public_has_no_id_of_the_vault(room):
    v = small(room, "public")
    act = v.json("add", "act", "-F", "incident=" + v.incident, "-F", "type=beating", "-F", "victim=" + v.person)["id"]
    v.call("add", "consent", "-F", "about=" + v.person, "-F", "purpose=publication", "-F", "decision=yes",
           "-F", "level=named")
    public, said = ["dump", "--purpose", "publication", "--leave-out-refused"], []
    for out in "1", "2":
        v.call(*public, "-o", v.path + out)
        v.call(*public, "--format", "csv", "--kind", "act", "-o", v.path + out + ".csv")
        for path in v.path + out, v.path + out + ".csv":
            with open(path, encoding="utf-8") as f:
                said.append(f.read())
    for text in said:
        for id in v.incident, v.person, v.statement, v.evidence, act:
            check(id[:8] not in text, f"{id} is in {text}")
    ids = [{json.loads(line)["key"] for line in text.splitlines()} for text in said[::2]]
    check(len(ids[0]) == 4 and not ids[0] & ids[1], ids)
    other = Vault(room, "public-other")
    check(other.json("load", v.path + "1")["added"] == 4, "what is for the public loads")
    [loaded] = other.json("list", "--kind", "act")
    fields = other.json("show", loaded["id"])["fields"]
    check(other.json("show", fields["victim"])["fields"]["name"] == "Dilorom K.", fields)
    check(other.json("show", fields["incident"])["fields"]["title"] == "Gate | door", fields)


def test_an_id_of_the_vault_in_a_text_for_the_public_is_in_the_way(room):
    v = Vault(room, "ids")
    other = v.json("add", "incident", "-F", "title=Elsewhere")["id"]
    night = v.json("add", "incident", "-F", "title=Another night",
                   "-F", f"description=See {other}, and tskmmpvv8cmrkz0ph8kthmmp1g.")["id"]
    v.call("add", "act", "-F", "incident=" + night, "-F", "type=beating")  # its reference does not go
    before, out = v.entries(), v.path + ".out"
    public = ["dump", "--purpose", "publication", "-o", out]
    for words in [], ["--format", "csv", "--kind", "incident"]:
        said = v.call(*public, *words, status=5)[1]
        has(said, f"incident {night}: description 1 has the id {other}\n",
            "1 names or ids that lead back would go in the texts, nothing was written: amend the text")
    check(not os.path.exists(out) and v.entries() == before, "written or logged all the same")
    v.call(*public, "--format", "csv", "--kind", "act")
    v.call(*public[:-1], out + "2", "--keep-name", night + "=known anyhow")
    has(v.json("log")[-1]["detail"], f"reason name kept, {night}: known anyhow\n")
    check(night in {r["key"] for r in v.lines("--purpose", "archive")}, "where ids go anyhow nobody minds")


# ---- damage ----

def test_one_damaged_record_is_named_and_the_others_are_given(room):
    for number, lost in (1, "incident"), (3, "statement"):
        v = small(room, "damage" + lost)
        with sqlite3.connect(v.path) as db:
            row, body = db.execute("SELECT row, body FROM bodies ORDER BY row LIMIT 1 OFFSET ?",
                                   (number,)).fetchone()
            db.execute("UPDATE bodies SET body = ? WHERE row = ?",
                       (body[:50] + bytes([body[50] ^ 1]) + body[51:], row))
        db.close()
        out, id = v.path + ".out", getattr(v, lost)
        said = v.call("dump", "-o", out, status=4)[1]
        has(said, f"{id}: ", "records that do not open and are left out: 1; all others are written")
        with open(out, encoding="utf-8") as f:
            got = {json.loads(line)["key"] for line in f}
        check(got == {v.incident, v.person, v.statement, v.evidence} - {id}, got)
        before = v.entries()
        has(v.call("dump", "--purpose", "partner", "-o", out + "2", status=4)[1], "one of them may say no")
        check(not os.path.exists(out + "2") and v.entries() == before, "written although one may say no")


# ---- lines that cannot be loaded ----

def test_rejects_are_kept_beside_and_load_once_mended(room):
    v = Vault(room, "rejects")
    lines, rejects = v.path + ".jsonl", v.path + ".rejects"
    with open(lines, "w", encoding="utf-8") as f:
        f.write('{"kind":"person","fields":{"name":"A"}}\n{"kind":"person","fields":{"nam":"Б"}}\n')
    has(v.call("load", lines, status=2)[1], "line 2: person has no field nam")
    check(v.json("list") == [], "something was added")
    said = v.call("load", lines, "--keep-going", rejects, status=2)[1]
    has(said, f"1 line rejected, with the reason in {rejects}")
    check(len(v.json("list")) == 1, "the good line")
    with open(rejects, encoding="utf-8") as f:
        text = f.read()
    check(text.startswith("# line 2: person has no field nam") and
          text.endswith('\n{"kind":"person","fields":{"nam":"Б"}}\n'), text)
    has(v.call("load", lines, "--keep-going", rejects, status=2)[1], "is there already")
    check(len(v.json("list")) == 1, "added although the rejects could not be kept")
    with open(rejects, "w", encoding="utf-8") as f:
        f.write(text.replace("nam\"", "name\""))
    check(v.json("load", rejects)["added"] == 1, "mended")
    check(v.json("load", lines, "--keep-going", v.path + ".r2", status=2)["rejected"] == 1, "json")


def main():
    tests = [f for name, f in globals().items() if name.startswith("test_")]
    room = Room(*map(os.path.abspath, sys.argv[1:3]))
    try:
        for test in tests:
            said = test(room)
            print(f"{test.__name__}{': ' + said if said else ''}", flush=True)
    finally:
        shutil.rmtree(room.folder)


main()
