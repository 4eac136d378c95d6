#!/usr/bin/python3
"""tools/verify_record.py - checks one record of a bundle from its JSON alone.

An independent reader: written from vault/bundle/FORMAT.md section 4 and vault/store/FORMAT.md
sections 7 and 9, it shares nothing with the program. Needs Python 3.8; only --log and
--cosigner need PyNaCl.

    verify_record.py RECORD.json [--log VKEY]... [--cosigner VKEY]...

With --cosigner some proof must stand on a checkpoint that this key has cosigned: from the time
that is printed on, nobody can have changed, back-dated or dropped what it covers.

Prints one line per check and nothing of the record's content. Exit 0 all holds, 4 something
does not, 2 usage. Field names are taken as given: they are not part of the root.
"""

import argparse
import base64
import hashlib
import json
import re
import struct
import sys
from time import gmtime, strftime
from types import SimpleNamespace

ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
SINGLE, LIST, CLOSED = range(3)
STATES = ["absent", None, "unknown", "not-asked", "refused"]
TEXT, WITHHELD = 1, 255
ACTIONS = ("add amend adopt complete import collect shred create export dump report extract "
           "cosign keys rekey withdraw contact identity backup restore restart").split()
WITH_ROOT = 7  # that many of the actions name a root
NOTE_ED25519, NOTE_COSIGNATURE = 0x01, 0x04


class Refused(Exception):
    """The bytes are not what the format says; the text says where and what."""


def demand(condition, message):
    if not condition:
        raise Refused(message)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def u16(n):
    return struct.pack("<H", n)


def u32(n):
    return struct.pack("<I", n)


# ---- small texts, each with exactly one spelling


def id_text(raw):
    bits = int.from_bytes(raw, "big") << 2
    return "".join(ID_LETTERS[bits >> shift & 31] for shift in range(125, -1, -5))


def id_parse(text, where):
    demand(len(text) == 26 and all(c in ID_LETTERS for c in text), f"{where}: not an id")
    bits = 0
    for c in text:
        bits = bits << 5 | ID_LETTERS.index(c)
    demand(bits & 3 == 0, f"{where}: last two bits are not zero")
    return (bits >> 2).to_bytes(16, "big")


def hex_parse(text, size, where):
    demand(isinstance(text, str) and re.fullmatch(r"[0-9a-f]*", text)
           and len(text) == 2 * size, f"{where}: not {2 * size} lower-case hex digits")
    return bytes.fromhex(text)


def number_parse(text, below, where):
    demand(isinstance(text, str) and re.fullmatch(r"0|[1-9][0-9]{0,19}", text)
           and int(text) < below, f"{where}: not a decimal number below {below}")
    return int(text)


def base64_parse(text, where, size=None):
    demand(re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", text) and len(text) % 4 == 0,
           f"{where}: not padded base64")
    try:
        raw = base64.b64decode(text)
    except ValueError:
        raise Refused(f"{where}: not padded base64") from None
    demand(base64.b64encode(raw).decode() == text, f"{where}: base64 is not canonical")
    demand(size is None or len(raw) == size, f"{where}: {len(raw)} bytes, not {size}")
    return raw


def time_parse(text, where):
    m = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", text, re.ASCII)
    demand(m, f"{where}: not a time like 2026-11-23T05:40:39Z")
    year, month, day, hour, minute, second = map(int, m.groups())
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    demand(1 <= month <= 12 and 1 <= day <= days[month - 1] and hour < 24 and minute < 60
           and second < 60, f"{where}: no such time")


# ---- places and roots, store FORMAT section 7


def value_hash(field, index, salt, tag, text):
    return sha256(b"witnessbox/v1 value", salt, u16(field), u32(index), bytes([tag]), text)


def list_hash(field, salt, elements):
    return sha256(b"witnessbox/v1 list", salt, u16(field), u32(len(elements)), *elements)


def place_hash(place):
    """place.values of a single: one; of a list: any number, element i counted from 1."""
    if place.form == CLOSED:
        return place.hash
    hashes = [v.hash if v.tag == WITHHELD
              else value_hash(place.field, i if place.form == LIST else 0, v.salt, v.tag, v.text)
              for i, v in enumerate(place.values, 1)]
    return hashes[0] if place.form == SINGLE else list_hash(place.field, place.salt, hashes)


def root_hash(r):
    kind = r.kind.encode()
    return sha256(b"witnessbox/v1 root", bytes([len(kind)]), kind, u16(r.schema), r.id,
                  u32(r.revision), bytes([len(r.previous)]), *r.previous, u16(len(r.places)),
                  *[u16(p.field) + place_hash(p) for p in r.places])


# ---- the JSON, bundle FORMAT section 4


def canonical(node):
    if isinstance(node, dict):
        return "{" + ",".join(quote(k) + ":" + canonical(v) for k, v in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ",".join(map(canonical, node)) + "]"
    demand(isinstance(node, str), "json: a scalar that is not a string")
    return quote(node)


def quote(text):
    demand("\0" not in text, "json: U+0000")
    out = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub("[\x01-\x1f]", lambda m: f"\\u{ord(m.group()):04x}", out) + '"'


def json_parse(data):
    """The document, if these are the only bytes that stand for it."""
    def members(pairs):
        demand(len(dict(pairs)) == len(pairs), "json: a name twice in one object")
        return dict(pairs)
    try:
        tree = json.loads(data.decode("utf-8"), object_pairs_hook=members)
        again = canonical(tree).encode("utf-8") + b"\n"
    except (ValueError, RecursionError):
        raise Refused("json: not UTF-8, or not JSON") from None
    demand(again == data, "json: not the canonical bytes of its content")
    demand(isinstance(tree, dict), "json: not an object")
    return tree


def keys(node, *wanted):
    return isinstance(node, dict) and list(node) == list(wanted)


def value_parse(node, extra, where):
    """An object that ends with "value" or "state"; `extra` keys come before those."""
    if keys(node, *extra, "value"):
        demand(isinstance(node["value"], str), f"{where}: value is not a string")
        tag, text = TEXT, node["value"].encode()
    else:
        demand(keys(node, *extra, "state"), f"{where}: keys or their order")
        state = node["state"]
        demand(isinstance(state, str) and state in STATES, f"{where}: unknown state")
        tag, text = STATES.index(state), b""
    return SimpleNamespace(tag=tag, text=text, hash=None,
                           salt=hex_parse(node["salt"], 16, f"{where}: salt"))


def element_parse(node, where):
    if keys(node, "closed"):
        return SimpleNamespace(tag=WITHHELD, text=b"", salt=b"",
                               hash=hex_parse(node["closed"], 32, where))
    value = value_parse(node, ["salt"], where)
    demand(STATES[value.tag] != "absent", f"{where}: an element is absent")
    return value


def place_parse(node):
    demand(isinstance(node, dict), "place: not an object")
    field = number_parse(node.get("field"), 1 << 16, "place: field")
    where = f"field {field}"
    place = SimpleNamespace(field=field, name=node.get("name"), values=[], salt=b"", hash=b"")
    demand(isinstance(place.name, str) and re.fullmatch(r"[a-z][a-z0-9-]{0,63}", place.name),
           f"{where}: name")
    demand((field == 0) == (place.name == "origin"), f"{where}: name and number do not agree")
    if keys(node, "field", "name", "closed"):
        place.form, place.hash = CLOSED, hex_parse(node["closed"], 32, where)
    elif keys(node, "field", "name", "salt", "values"):
        demand(isinstance(node["values"], list), f"{where}: values is not an array")
        place.form, place.salt = LIST, hex_parse(node["salt"], 16, f"{where}: salt")
        place.values = [element_parse(v, f"{where}: value {i}")
                        for i, v in enumerate(node["values"], 1)]
    else:
        place.form = SINGLE
        place.values = [value_parse(node, ["field", "name", "salt"], where)]
    return place


def proof_entry_parse(node, index):
    where = f"proof {index}"
    time, salt = "", b""
    if keys(node, "time", "salt", "proof"):
        time, salt = node["time"], hex_parse(node["salt"], 16, f"{where}: salt")
        demand(isinstance(time, str), f"{where}: time")
        time_parse(time, f"{where}: time")
    else:
        demand(keys(node, "proof"), f"{where}: keys or their order")
    demand(isinstance(node["proof"], str), f"{where}: not a string")
    return SimpleNamespace(time=time, salt=salt, text=node["proof"])


def record_parse(data):
    """The record as it stands; roots and proofs are not looked at yet."""
    tree = json_parse(data)
    demand(isinstance(tree.get("witnessbox"), str), "json: not a record")
    demand(not re.fullmatch(r"record/([2-9]|[1-9][0-9]+)", tree["witnessbox"]),
           "json: written by a newer version")
    demand(tree["witnessbox"] == "record/1", "json: not a record")
    latest = ["latest"] if "latest" in tree else []
    demand(keys(tree, "witnessbox", "kind", "schema", "id", "revision", "previous", "root",
                *latest, "places", "proofs"), "json: keys or their order")
    demand(all(isinstance(tree[k], str) for k in ["kind", "id"] + latest)
           and all(isinstance(tree[k], list) for k in ("previous", "places", "proofs")),
           "json: a value of another type")
    demand(not latest or tree["latest"] in ("yes", "no"), "latest: neither yes nor no")
    r = SimpleNamespace(kind=tree["kind"], latest=tree.get("latest"))
    demand(0 < len(r.kind.encode()) < 256, "kind: length")
    r.schema = number_parse(tree["schema"], 1 << 16, "schema")
    r.id = id_parse(tree["id"], "id")
    r.revision = number_parse(tree["revision"], 1 << 32, "revision")
    r.previous = [hex_parse(p, 32, "previous") for p in tree["previous"]]
    r.root = hex_parse(tree["root"], 32, "root")
    r.places = [place_parse(p) for p in tree["places"]]
    r.proofs = [proof_entry_parse(p, i) for i, p in enumerate(tree["proofs"], 1)]
    order_check(r)
    return r


def order_check(r):
    demand(len(r.previous) < 256, "previous: more than 255")
    demand(r.previous == sorted(set(r.previous)), "previous: not strictly ascending")
    demand(r.revision > 1 if r.previous else r.revision == 1, "revision: against previous")
    numbers = [p.field for p in r.places]
    demand(numbers == sorted(set(numbers)), "places: not strictly ascending")
    demand(numbers[:1] == [0], "places: no origin")
    demand(r.places[0].form != LIST, "places: origin is a list")


def withheld(r):
    """How many places and elements are closed."""
    return sum(1 if p.form == CLOSED else sum(v.tag == WITHHELD for v in p.values)
               for p in r.places)


def is_empty(p):
    return p.form == LIST and not p.values or p.form == SINGLE and p.values[0].tag == 0


# ---- signed notes and log proofs (C2SP signed-note, tlog-checkpoint, tlog-proof; RFC 6962)


def vkey_parse(text, kind, where):
    demand(text.count("+") >= 2, f"{where}: not name+id+key")
    name, key_id, key = text.split("+", 2)
    raw = base64_parse(key, where, 33)
    demand(raw[0] == kind, f"{where}: another signature type")
    wanted = sha256(name.encode(), b"\n", raw)[:4]
    demand(name and key_id == wanted.hex(), f"{where}: id is not that of the key")
    return SimpleNamespace(name=name, id=wanted, public=raw[1:])


def note_parse(text, where):
    body, blank, lines = text.rpartition("\n\n")
    demand(blank and lines.endswith("\n") and not re.search("[\0-\x09\x0b-\x1f\x7f]", text),
           f"{where}: not a signed note")
    note = SimpleNamespace(text=body + "\n", signatures=[])
    for line in lines[:-1].split("\n"):
        m = re.fullmatch(r"— ([^ +]+) (\S+)", line)
        demand(m, f"{where}: a signature line")
        raw = base64_parse(m.group(2), f"{where}: a signature line")
        demand(len(raw) > 4, f"{where}: a short signature")
        note.signatures.append((m.group(1), raw[:4], raw[4:]))
    return note


def checkpoint_parse(text, where):
    note = note_parse(text, where)
    lines = note.text.split("\n")
    demand(len(lines) == 4, f"{where}: not three lines")
    note.origin = lines[0]
    demand(note.origin and not re.search(r"[\s+]", note.origin), f"{where}: origin")
    note.size = number_parse(lines[1], 1 << 63, f"{where}: size")
    note.root = base64_parse(lines[2], f"{where}: root", 32)
    return note


def signature_good(signature, message, public):
    from nacl import bindings, exceptions
    try:
        bindings.crypto_sign_open(signature + message, public)
    except (exceptions.BadSignatureError, exceptions.CryptoError, ValueError):
        return False
    return True


def note_verify(note, key, where):
    mine = [s for name, key_id, s in note.signatures if (name, key_id) == (key.name, key.id)]
    demand(mine, f"{where}: not signed by this key")
    demand(all(len(s) == 64 and signature_good(s, note.text.encode(), key.public)
               for s in mine), f"{where}: signature is forged")


def note_cosigned(note, key, where):
    """C2SP tlog-cosignature: the earliest time that the key's lines state, or None without one."""
    mine = [s for name, key_id, s in note.signatures if (name, key_id) == (key.name, key.id)]
    times = []
    for s in mine:
        demand(len(s) == 72, f"{where}: a cosignature's length")
        times.append(int.from_bytes(s[:8], "big"))
        message = f"cosignature/v1\ntime {times[-1]}\n{note.text}".encode()
        demand(signature_good(s[8:], message, key.public), f"{where}: cosignature is forged")
    return min(times, default=None)


def leaf_hash(leaf):
    return sha256(b"\0", leaf)


def node_hash(left, right):
    return sha256(b"\1", left, right)


def root_from_path(leaf, index, size, path):
    """RFC 9162 section 2.1.3.2; None when the path does not fit this place."""
    if index >= size:
        return None
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None


def leaf_parse(raw, where):
    try:
        lines = raw.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Refused(f"{where}: leaf is not ASCII") from None
    demand(len(lines) == 6 and lines[5] == "", f"{where}: leaf is not five lines")
    demand(lines[0] == "witnessbox-log/v1", f"{where}: leaf of another format")
    demand(lines[1] in ACTIONS, f"{where}: unknown action")
    leaf = SimpleNamespace(action=lines[1], root=None)
    if ACTIONS.index(leaf.action) < WITH_ROOT:
        leaf.root = hex_parse(lines[2], 32, f"{where}: leaf's root")
    else:
        demand(lines[2] == "-", f"{where}: leaf has a root")
    leaf.time = hex_parse(lines[3], 32, f"{where}: leaf's time")
    leaf.detail = hex_parse(lines[4], 32, f"{where}: leaf's detail")
    return leaf


def proof_parse(text, where):
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    demand(blank and len(lines) >= 3 and lines[0] == "c2sp.org/tlog-proof@v1",
           f"{where}: not a tlog-proof")
    demand(lines[1].startswith("extra ") and lines[2].startswith("index "),
           f"{where}: no extra or no index")
    p = SimpleNamespace(extra=base64_parse(lines[1][6:], f"{where}: extra"))
    p.index = number_parse(lines[2][6:], 1 << 63, f"{where}: index")
    p.path = [base64_parse(line, f"{where}: hash", 32) for line in lines[3:]]
    p.checkpoint = checkpoint_parse(note, f"{where}: checkpoint")
    p.leaf = leaf_parse(p.extra, where)
    return p


# ---- the checks


class Report:
    """One line per check; `failed` once one did not hold."""

    def __init__(self, show=True):
        self.failed, self.show, self.count = False, show, 0

    def say(self, good, text):
        self.failed |= not good
        self.count += 1
        if self.show or not good:
            print(("ok    " if good else "BAD   ") + text)
        return good


def proof_check(report, r, entry, index, logs, cosigners=()):
    where = f"proof {index}"
    p = proof_parse(entry.text, where)
    report.say(p.leaf.root == r.root, f"{where}: leaf names the root")
    if index == 1:
        report.say(p.leaf.action in ("add", "amend"), f"{where}: the author's: add or amend")
        origin = r.places[0]
        named = origin.form == SINGLE and origin.values[0].tag == TEXT
        report.say(named and origin.values[0].text == p.checkpoint.origin.encode(),
                   f"{where}: log is the record's origin")
    if entry.time:
        opened = sha256(b"witnessbox/v1 log time", entry.salt, entry.time.encode())
        report.say(opened == p.leaf.time, f"{where}: time opens the leaf's time")
    top = root_from_path(leaf_hash(p.extra), p.index, p.checkpoint.size, p.path)
    report.say(top == p.checkpoint.root,
               f"{where}: leaf {p.index} is in the tree of {p.checkpoint.size}")
    key = logs.get(p.checkpoint.origin)
    if key:
        note_verify(p.checkpoint, key, f"{where}: checkpoint")
        report.say(True, f"{where}: checkpoint is signed by the log given")
    for cosigner in cosigners:
        when = note_cosigned(p.checkpoint, cosigner, f"{where}: checkpoint")
        if when is not None:
            r.cosigned.add(cosigner.name)
            said = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(when))
            report.say(True, f"{where}: checkpoint of {p.checkpoint.size} is cosigned by "
                             f"{cosigner.name} at {said}")
    return key is not None


def record_check(report, data, logs=None, cosigners=()):
    """Runs all checks; returns the record, or None when it cannot be read."""
    try:
        r = record_parse(data)
        report.say(True, "json: canonical")
        closed = withheld(r)
        report.say(not closed or not any(map(is_empty, r.places)),
                   f"places: {len(r.places)}, withheld {closed}, empty ones closed with them")
        report.say(root_hash(r) == r.root, "root: recomputed from the places")
    except Refused as problem:
        report.say(False, str(problem))
        return None
    signed, r.cosigned = 0, set()
    for index, entry in enumerate(r.proofs, 1):
        try:
            signed += proof_check(report, r, entry, index, logs or {}, cosigners)
        except Refused as problem:
            report.say(False, str(problem))
    r.signed = signed
    return r


def main():
    parser = argparse.ArgumentParser(description="Checks one record JSON of a bundle.")
    parser.add_argument("record", help="a file of data/records/")
    parser.add_argument("--log", action="append", default=[], metavar="VKEY",
                        help="a log's verifier key: a checkpoint under its name must be signed")
    parser.add_argument("--cosigner", action="append", default=[], metavar="VKEY",
                        help="a cosigner's verifier key: some checkpoint must be cosigned by it")
    args = parser.parse_args()
    report = Report()
    try:
        with open(args.record, "rb") as f:
            data = f.read()
        logs = {k.name: k for k in (vkey_parse(t, NOTE_ED25519, "--log") for t in args.log)}
        cosigners = [vkey_parse(t, NOTE_COSIGNATURE, "--cosigner") for t in args.cosigner]
    except (OSError, Refused) as problem:
        print(f"verify_record: {problem}", file=sys.stderr)
        return 2
    r = record_check(report, data, logs, cosigners)
    if logs and r:
        report.say(r.signed > 0, f"log: {r.signed} proofs under a log given")
    for key in cosigners if r else []:
        report.say(key.name in r.cosigned, f"cosigner: {key.name} vouches for a proof's checkpoint")
    name = re.search(r"([0-9a-f]{32})\.json$", args.record)
    if name and r:
        report.say(r.root.hex().startswith(name.group(1)), "name: begins the root")
    return 4 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
