#!/usr/bin/env python3
"""Makes the corpora: what tests/vectors has in the form of each parser, the texts below,
and the files of tests/fuzz/corpus (inputs that once broke something, small by hand).

usage: seeds.py TESTS OUT STAMP"""

import base64
import json
import pathlib
import shutil
import sys

tests, out, stamp = (pathlib.Path(p) for p in sys.argv[1:])

EDTF = """1985 1985-04 1985-04-12 -1985 1985-04-12T23:20:30 1985-04-12T23:20:30Z
1985-04-12T23:20:30-04 1985-04-12T23:20:30+04:30 Y170000002 Y-170000002 2001-21 1984?
2004-06~ 2004-06-11% 201X 20XX 2004-XX 1985-04-XX 1985-XX-XX 1964/2008 1985-04/.. ../1985
1985-04-12/ /1985 2004-02-29 1900-02-28 9999-12-31 Y999999999999 1984~/2004-06% 2001-24
0000 -9999 2024-02-29T00:00:00+14:00""".split()
COMMANDS = [
    "add statement -F text=@told.txt --attach photo.jpg",
    "--vault v --json list --kind statement --limit 10",
    "export --to partner --to age1 --purpose un -o out.age abcd efgh",
    "passphrase change --yes", "init --name Asel --kdf-memory 64", "verify --deep",
    "head --words", "help add", "log abcd --process", "show abcd --proof",
]
QUESTIONS = ["azat isakov", 'witness:amon "police are here"', "turkmen*", '"the fact"*', "гадоев title:гад*",
             "2021-10-20 O'zbekiston", 'text:"they locked"', '"NEAR(a b)" AND OR', "کريم علی", "証人", "a:b", '"',
             "po*lice", "Ǆ ﷲ İ", "é e\u0301 ab\u200ccd"]
TEXTS = ["plain", "é", "e\u0301", "Дилором К.", "ﬁ", "مرحبا", "가", "가", "a\nb\n",
         "\u202eabc", "Å", "Ω"]
WORDS = ["abandon " * 11 + "about", "ZOO zone YOUTH young youn year wrong wrestle wreck "
         "worth world work"]
JSON = ["{}", "[]", '{"a":[1,true,null,{"b":"\\u00e9\\n"}]}', '[["x"],{"":"y"}]',
        '{"kind":"act","fields":{"incident":"i1","type":{"state":"unknown"}}}']


def put(target, name, data):
    folder = out / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def put_all(target, texts):
    for i, text in enumerate(texts):
        put(target, f"text-{i:02}", text)


def b64(data):
    return base64.b64encode(data).decode().rstrip("=")


def age_headers():
    x = f"-> X25519 {b64(bytes(range(32)))}\n{b64(bytes(32))}\n"
    grease = f"-> grease-1 a b c\n{b64(bytes(48))}\n\n"
    scrypt = f"-> scrypt {b64(bytes(16))} 18\n{b64(bytes(32))}\n"
    end = f"--- {b64(bytes(range(32, 64)))}\n"
    for stanzas in (x, x + x, x + grease, scrypt):
        yield "age-encryption.org/v1\n" + stanzas + end


def journal(magic, sector, page):
    return (magic + bytes(12) + sector.to_bytes(4, "big") + page.to_bytes(4, "big") +
            bytes(484) + bytes(600))


def page(header):
    """Page 2 as fuzz_page lays it out: a leaf with the one cell at its end."""
    size = 4 + len(header)
    blob = 12 + 2 * len(header)
    cell = bytes([0x80 | size >> 7, size & 0x7f, 1, 4, 0, 0x80 | blob >> 7, blob & 0x7f])
    if len(cell) - 3 + len(header) < size:
        cell = cell[:3] + bytes([4, 0]) + cell[5:]
    at = 16384 - len(cell) - len(header)
    front = bytes([13, 0, 0, 0, 1]) + at.to_bytes(2, "big") + bytes(1)
    return (front + at.to_bytes(2, "big")).ljust(16, b"\0") + cell + header


def from_vectors():
    vectors = {p.stem: json.loads(p.read_text()) for p in (tests / "vectors").glob("*.json")}

    def each(file, *whats):
        for name, case in vectors[file].items():
            if case["what"] in whats:
                yield name.replace(" ", "-"), case

    for name, case in each("bag", "card"):
        put("card", name, bytes.fromhex(case["card"]))
    for name, case in each("bag", "minisig"):
        put("minisign", name, bytes.fromhex(case["signature"]))
    for name, case in each("bag", "ustar"):
        put("ustar", name, bytes.fromhex(case["header"]))
    for name, case in each("bag", "bag"):
        put_all("bech32", case["recipients"] + [case["recipients"][0].upper()])
        for i, (path, data) in enumerate(zip(case["names"], case["data"])):
            data = bytes.fromhex(data)
            for target, ending in (("bag-info", "bag-info.txt"), ("record-json", ".json"),
                                   ("json", ".json"), ("minisign", ".minisig"),
                                   ("manifest", "manifest-sha256.txt"), ("card", "sender.txt")):
                if path.endswith(ending):
                    put(target, f"member-{i:02}", data)
    for name, case in each("log", "checkpoint"):
        note = bytes.fromhex(case["note"])
        put("note", name, note)
        put("note", "vkey", case["vkey"])
        put("checkpoint", name, note.split(b"\n\n")[0] + b"\n")
    for name, case in each("log", "proof"):
        put("proof", name, bytes.fromhex(case["proof"]))
    for name, case in each("keys", "header", "field header"):
        header = bytes.fromhex(case["header"])
        put("header", name, header)
        put("page", name, page(header))
    for name, case in each("keys", "shares"):
        for i, share in enumerate(case["shares"]):
            put("share", f"{name}-{i}", share)
    for file in ("records", "statements"):
        for name, case in each(file, "record", "names"):
            put("record-json", name.replace(",", ""), bytes.fromhex(case["json"]))
    for name, case in each("rows", "state"):
        put("state", name, bytes.fromhex(case["plain"]).ljust(int(case["padded"]), b"\0"))
    for name, case in each("rows", "body"):
        put("codec", name, bytes.fromhex(case["x"]))
    for name, case in each("rows", "draft row"):
        put("sheet", name, bytes.fromhex(case["plain"]))


shutil.rmtree(out, ignore_errors=True)
magic = bytes.fromhex("d9d505f920a163d7")
from_vectors()
put_all("age-header", age_headers())
put_all("age-stream", [b"\0\0\0\0" + bytes(n) for n in (0, 1, 65532, 65536, 70000)])
put_all("edtf", EDTF)
put_all("json", JSON)
put_all("line", JSON + (tests.parent / "tools/demo.jsonl").read_text().splitlines()[::5])
put_all("journal", [bytes(600), journal(magic, 512, 16384), journal(bytes(8), 512, 16384)])
put_all("options", [c.replace(" ", "\n") for c in COMMANDS])
put_all("text", TEXTS)
put_all("fold", TEXTS + QUESTIONS)
put_all("search", QUESTIONS)
put_all("words", WORDS)
for path in (tests / "fuzz/corpus").glob("*/*"):
    (out / path.parent.name).mkdir(parents=True, exist_ok=True)
    shutil.copy(path, out / path.parent.name)
stamp.write_text("")
