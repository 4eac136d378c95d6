#!/usr/bin/python3
"""tests/flow/founding.py WITNESSBOX DEMO.JSONL - the founding case, handed over whole.

Writes the case down in one vault through the command, adds a statement of several
paragraphs with a file and a consent, exports it, takes it in elsewhere, and compares
every field of every record with what was written down: nothing lost, nothing changed,
roots equal, dates as written, names in both scripts.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile

NAMES = {"Azat Isakov": "Азат Исаков", "Izzat Amon": "Иззат Амон",
         "Sharofiddin Gadoev": "Шарофиддин Гадоев"}
DATES = {"2021-10-20", "2021-03", "2019", "2021-11~", "2021-10-20/..", "../2021"}
KINDS = {"incident", "person", "act", "involvement", "statement", "source", "intervention",
         "consent", "evidence"}
REFERENCES = {"incident", "related-incident", "victim", "act", "perpetrator", "witness", "person",
              "source", "based-on", "party", "about"}
STATEMENT = """Я вышла на лестницу около шести утра. Внизу хлопнула дверь.

Двое держали его за руки. Один говорил в телефон: «Взяли, едем».

I asked where they were taking him; "home", said the one with the telephone.
He laughed.

Ман дигар чизе надидам. Ғайр аз ин чизе намедонам.
"""


class Vault:
    def __init__(self, command, folder, name):
        self.command = command
        self.path = os.path.join(folder, name)
        self.key = os.path.join(folder, name + ".pass")
        with open(self.key, "w", encoding="ascii") as f:
            f.write("five words that nobody guesses: " + name + "\n")
        self.run("init", "--name", name, "--kdf-memory", "64", "--new-passphrase-file", self.key,
                 locked=True)

    def run(self, *words, locked=False):
        """Standard output; nothing may go wrong."""
        unlocking = [] if locked else ["--passphrase-file", self.key]
        done = subprocess.run([self.command, "--vault", self.path, *unlocking, *words],
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{' '.join(words)}: {done.returncode}: {done.stderr.decode()}")
        return done.stdout.decode()

    def json(self, *words):
        return json.loads(self.run(*words, "--json"))

    def all(self):
        """Every record that is shared, oldest first, by id."""
        return {line["id"]: self.json("show", line["id"])
                for line in reversed(self.json("list"))}

    def digest(self):
        with open(self.path, "rb") as f:
            return hashlib.sha256(f.read()).hexdigest()


def check(right, what):
    if not right:
        sys.exit("founding: " + what)


def as_written(fields, ids):
    """The fields of a line as `show` must give them back: keys are ids now, and one
    value stands alone."""
    def values(name, v):
        v = v if isinstance(v, list) else [v]
        v = [ids[x] for x in v] if name in REFERENCES else v
        return v[0] if len(v) == 1 else v

    return {name: values(name, v) for name, v in fields.items()}


def compare_with_lines(records, demo, ids):
    with open(demo, encoding="utf-8") as f:
        lines = [json.loads(line) for line in f]
    compared = 0
    for line, record in zip(lines, records.values()):
        check(record["kind"] == line["kind"], f"{record['id']}: kind")
        written = as_written(line["fields"], ids)
        check(record["fields"] == written, f"{record['id']}: {record['fields']} is not {written}")
        compared += len(written)
    return compared


def write_down(a, folder, demo):
    """The case from its lines, then what a witness adds, as a person would type it."""
    with open(demo, encoding="utf-8") as f:
        lines = [json.loads(line) for line in f]
    done = a.json("load", demo)
    check(done["added"] == len(lines), "load: not every line was added")
    ids = {line["key"]: listed["id"] for line, listed in zip(lines, reversed(a.json("list")))
           if "key" in line}
    text, photo = os.path.join(folder, "statement.txt"), os.path.join(folder, "двор.jpg")
    with open(text, "w", encoding="utf-8") as f:
        f.write(STATEMENT)
    with open(photo, "wb") as f:
        f.write(os.urandom(700001))
    witness = a.json("add", "person", "-F", "name=Огулджан Аннаева", "-F",
                     "other-names=Oguljan Annayeva", "-F", "pseudonym=Neighbour", "-F",
                     "birth:unknown", "-F", "religion:not-asked", "-F", "ethnicity:refused")["id"]
    statement = a.json("add", "statement", "-F", "incident=" + ids["isakov"], "-F",
                       "witness=" + witness, "-F", "text=@" + text, "-F", "language=ru", "-F",
                       "date=2021-11-02", "-F", "date-words=две недели спустя")["id"]
    for about in witness, statement:
        a.run("add", "consent", "-F", "about=" + about, "-F", "person=" + witness, "-F",
              "purpose=partner", "-F", "decision=yes", "-F", "level=named")
    evidence = a.json("attach", statement, photo)["id"]
    return statement, evidence, photo, ids


def exchange_cards(a, b, folder):
    for one, other, label in (a, b, "archive"), (b, a, "documenter"):
        card = os.path.join(folder, label + ".card")
        other.run("identity", "--export", card)
        one.run("contact", "add", card, "--label", label)
        one.run("contact", "verify", label, "--how", "met in person")


def compare_vaults(ours, theirs):
    """Equal in everything that is said of a record."""
    check(set(ours) == set(theirs), f"{len(ours)} records left, {len(theirs)} arrived")
    for id, record in ours.items():
        came = theirs[id].pop("received")
        check((came["from"], came["trust"]) == ("documenter", "verified"), f"{id}: {came}")
        check(theirs[id] == record, f"{id}: {theirs[id]} is not {record}")
        check(record["withheld"] == 0, f"{id}: something is withheld")
    check({r["kind"] for r in ours.values()} == KINDS, "a kind is missing")
    people = {r["fields"]["name"]: r["fields"].get("other-names")
              for r in theirs.values() if r["kind"] == "person"}
    for latin, cyrillic in NAMES.items():
        check(people.get(latin) == cyrillic, f"{latin}: not {cyrillic}")
    dates = {str(r["fields"].get("date")) for r in theirs.values()}
    check(DATES <= dates, f"dates: {DATES - dates} are not as written")
    degrees = {r["fields"]["degree-code"] for r in theirs.values() if r["kind"] == "involvement"}
    check(degrees == {"carried-out", "assisted"}, "two degrees of involvement")


def check_statement(b, statement, evidence, photo, folder):
    paragraphs = STATEMENT.rstrip("\n").split("\n\n")
    shown = b.json("show", statement)
    check(shown["fields"]["text"] == paragraphs, "the paragraphs are not as written")
    check(shown["files"][0]["name"] == "двор.jpg", "the file's name is not as it was")
    out = os.path.join(folder, "out")
    os.mkdir(out)
    b.run("extract", evidence, "-o", out)
    with open(photo, "rb") as f, open(os.path.join(out, "двор.jpg"), "rb") as g:
        check(f.read() == g.read(), "the file's bytes are not as they were")


def check_second_hand_over(a, b, statement, folder):
    """An amendment goes after it; the same again changes nothing."""
    bundle = os.path.join(folder, "second.age")
    new = a.json("amend", statement, "--reason", "witness", "-F", "text+=Больше ничего.")
    check(new["revision"] == 2, "amend: not the second revision")
    a.run("export", "--to", "archive", statement, "-o", bundle)
    check(b.json("import", bundle)["added"] == 1, "import: not one more")
    shown = b.json("show", statement)
    shown.pop("received")
    check(shown == a.json("show", statement), "the second revision differs")
    check(shown["fields"]["text"][-1] == "Больше ничего.", "the paragraph is not there")
    before = b.digest()
    check(b.json("import", bundle)["added"] == 0, "import twice: something was added")
    check(b.digest() == before, "import twice: the vault changed")


def main():
    command, demo = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=base) as folder:
        a, b = Vault(command, folder, "documenter"), Vault(command, folder, "archive")
        exchange_cards(a, b, folder)
        statement, evidence, photo, ids = write_down(a, folder, demo)
        bundle = os.path.join(folder, "case.age")
        a.run("export", "--all", "--to", "archive", "-o", bundle)
        ours = a.all()
        compared = compare_with_lines(ours, demo, ids)
        report = b.json("import", bundle)
        check(report["added"] == len(ours) and report["trust"] == "verified",
              f"import: {report['added']} added, {report['trust']}")
        compare_vaults(ours, b.all())
        check_statement(b, statement, evidence, photo, folder)
        check_second_hand_over(a, b, statement, folder)
        for vault in a, b:
            check(vault.json("verify", "--deep")["ok"], "verify: not clean")
        fields = sum(len(r["fields"]) for r in ours.values())
        check(len(ours) >= 45 and compared >= 300, f"only {len(ours)} records, {compared} fields")
        print(f"founding: {len(ours)} records, {fields} fields equal on both sides, "
              f"{compared} as they were written down")


if __name__ == "__main__":
    main()
