"""tools/vectors_make.py - the cases of tests/vectors/*.json: names, inputs, and what comes out.

Every value is a string or an array of strings: bytes as lower-case hex, numbers in decimal.
"""

import hashlib
from types import SimpleNamespace

import vault_writer as w
from shares import share_texts
from vault_reader import (argon2id, body_key, chunk_nonce, kdf, mark_numbers,
                          passphrase_bytes, slot_key, u64)
from vault_writer import fixed, point_of, several, single
from verify_bundle import bech32_encode, pad, ustar_header
from verify_record import id_text, leaf_hash, place_hash, sha256, u16, u32, value_hash

VAULT = fixed("vault id", 16)
ROOT = fixed("root key", 32)
ORIGIN = w.origin("our")
LOG_SEED, SIGN_SEED, COSIGN_SEED = (fixed(n, 32) for n in ("log seed", "sign seed",
                                                           "cosigner seed"))
KEY_ID = fixed("minisign key id", 8)
UNKNOWN, NOT_ASKED, REFUSED, ABSENT = 2, 3, 4, 0
PASSPHRASE = "vector: correct horse battery staple, қӣмматин"

# Field lists of the real kinds used here: names by number from 1, + behind one that repeats.
STATEMENT = ("incident witness text+ language date date-words time-start time-end breaks+ "
             "place type number supplements spoken-language basis+ connection channel "
             "how-taken interviewer+ interpreter+ undertaking present+ identity-check "
             "explained read-back read-back-how corrections declaration declaration-language "
             "signed signed-date signed-others+ not-signed exhibit+ earlier-accounts "
             "willing+ protection referral observations reliability source-reliability "
             "assessed source+ remarks").split()
EVIDENCE = ("about file-name sha256 size media-type description exhibit type original "
            "parent operation date date-words place place-coordinates language+ from shown+ "
            "obtained obtained-where obtained-how authority device capture-data storage "
            "container seal condition owner return warning reliability source+ remarks").split()
IDENTITY = "name recipient minisign log cosigner collect".split()


def case(what, **values):
    out = {"what": what}
    for name, value in values.items():
        if isinstance(value, (list, tuple)):
            out[name] = [text(v) for v in value]
        else:
            out[name] = text(value)
    return out


def text(value):
    return value.hex() if isinstance(value, bytes) else str(value)


# ---- keys.json


def keys_json():
    out = {}
    stretched = argon2id(passphrase_bytes(PASSPHRASE.encode()), fixed("header salt", 32), 65536,
                         3, 4, b"", b"witnessbox/v1 vault" + VAULT)
    labels = [(stretched, "slot", bytes([3]) + VAULT), (fixed("slot key", 32), "slot box", b""),
              (fixed("slot key", 32), "slot commitment", b"")]
    labels += [(ROOT, name, VAULT) for name in ("header", "state", "wrap", "lookup")]
    labels += [(fixed("epoch key 0", 32), name, u64(7))
               for name in ("log row", "node row", "head row", "draft row", "index page")]
    labels += [(fixed("staging key", 32), "staging row", b""),
               (fixed("epoch key 0", 32), "unlogged", b""),
               (fixed("header key", 32), "header mac", bytes(range(256))),
               (fixed("file key", 32), "chunk", VAULT + u64(5)),
               (fixed("record key", 32), "body",
                VAULT + u64(9) + fixed("id", 16) + fixed("root", 32))]
    for key, label, context in labels:
        out["kdf " + label] = case("kdf", key=key, label=label, context=context,
                                   out=kdf(key, label, context))
    context = fixed("id", 16) + u32(2)
    out["kdf16 lookup"] = case("kdf", key=ROOT, label="lookup", context=context,
                               out=kdf(ROOT, "lookup", context, 16))
    for name, raw in [("plain", "abc"), ("one LF goes", "abc\n"), ("only one LF goes", "abc\n\n"),
                      ("composed", "й"), ("decomposed becomes composed", "й")]:
        out["passphrase " + name] = case("passphrase", raw=raw.encode(),
                                         bytes=passphrase_bytes(raw.encode()))
    for n in [0, 255, 256, 257, 511, 1000, 4097, 16384, 16385, 262144, 262145, 1000000, 1 << 32,
              (1 << 40) + 1]:
        out[f"pad {n}"] = case("pad", n=n, floor=256, out=pad(n, 256))
    out["argon2id without secret"] = argon2_case(b"")
    out["argon2id with a key file"] = argon2_case(b"the bytes of a key file\n")
    out["header"] = header_case("header", stretched, 0)
    out["header, slot 7"] = header_case("header", stretched, 7)
    out["header of a field vault"] = field_header_case(stretched)
    for label in ("owner", "log"):
        key = point_of(fixed("collect secret", 32))
        numbers, raw = mark_numbers(key, f"witnessbox/v1 {label} mark")
        out[f"mark, {label}"] = case("mark", key=key, label=label, out=raw, numbers=numbers)
    for needed, count in [(2, 2), (3, 5)]:
        coefficients = [fixed(f"share coefficient {i}", 32) for i in range(1, needed)]
        recovery = fixed("recovery key", 32)
        out[f"shares, {needed} of {count}"] = case(
            "shares", vault=VAULT, key=recovery, coefficients=coefficients,
            shares=share_texts(recovery, coefficients, count, VAULT))
    return out


def argon2_case(key_file):
    secret = hashlib.blake2b(key_file, digest_size=32).digest() if key_file else b""
    salt, ad = fixed("header salt", 32), b"witnessbox/v1 vault" + VAULT
    word = passphrase_bytes(PASSPHRASE.encode())
    return case("argon2id", passphrase=word, salt=salt, memory_kib=65536, passes=3, lanes=4,
                key_file=key_file, secret=secret, ad=ad,
                out=argon2id(word, salt, 65536, 3, 4, secret, ad))


def header_case(name, stretched, used):
    header = w.header(name, VAULT, ROOT, stretched, generation=used + 1, used=used)
    names = ("header", "state", "wrap", "lookup")
    return case("header", passphrase=PASSPHRASE.encode(), header=header, vault=VAULT,
                stretched=stretched, slot=used, slot_key=slot_key(stretched, used, VAULT),
                slot_secret=fixed(f"{name} slot secret {used}", 32), root=ROOT,
                generation=used + 1, mac=header[1568:],
                **{n + "_key": kdf(ROOT, n, VAULT) for n in names})


def field_header_case(stretched):
    collect = fixed("collect secret", 32)
    header = w.header("field", VAULT, ROOT, stretched, owner=point_of(collect))
    return case("field header", header=header, stretched=stretched, collect=collect, root=ROOT)


# ---- records.json, statements.json


def known(kind, values, numbers=False):
    """All places of a known kind; `values` by name, what is not there is empty."""
    fields = {"statement": STATEMENT, "evidence": EVIDENCE, "identity": IDENTITY}[kind]
    places = [single(0, ORIGIN)]
    for number, name in enumerate(fields, 1):
        many, name = name.endswith("+"), name.rstrip("+")
        value = values.get(name, [] if many else ABSENT)
        places.append((several if many else single)(number, value, name))
    return places


def records():
    """Records of ours of kinds that nobody knows, so that their lists are taken as given."""
    yield "a single value", w.revision("one", "vector", 1, [
        single(0, ORIGIN), single(1, "one value")])
    yield "a list and an empty list", w.revision("list", "vector", 1, [
        single(0, ORIGIN), several(1, ["first", "second", "third"]), several(2, [])])
    yield "states", w.revision("states", "vector", 1, [
        single(0, ORIGIN), single(1, UNKNOWN), single(2, NOT_ASKED), single(3, REFUSED),
        single(4, ABSENT), single(5, ""), several(6, [UNKNOWN, "x", REFUSED, NOT_ASKED, ""])])
    yield "the word unknown is text", w.revision("word", "vector", 1, [
        single(0, ORIGIN), single(1, "unknown")])
    yield "Cyrillic, and what JSON escapes", w.revision("letters", "vector", 1, [
        single(0, ORIGIN), single(1, "Гадоев, ӣ ӯ ҷ қ ғ ҳ"),
        several(2, ['a "quoted" \\ path', "tab\tline\nfeed\x01\x1f\x7f", "صورت", "😀", "/"])])
    yield "two predecessors", w.revision("joined", "vector", 1, [
        single(0, ORIGIN), single(1, "joined")], 4,
        [fixed("predecessor b", 32), fixed("predecessor a", 32)])
    yield "no origin", w.revision("published", "vector", 1, [single(0, ABSENT), single(1, "x")])
    yield "an unknown kind with field 300", w.revision("far", "future-kind", 65535, [
        single(0, ORIGIN), single(1, "a"), several(255, ["b"]), several(256, []),
        single(300, "c"), single(65535, ABSENT)])


def statement():
    return w.revision("statement", "statement", 1, known("statement", {
        "incident": id_text(fixed("incident id", 16)), "witness": REFUSED,
        "text": ["Маро шаб бурданд.", "Ба ман ҳеҷ чиз нагуфтанд.", "Баъд озод карданд."],
        "language": "tg", "date": "2026-11~", "date-words": "last month", "place": UNKNOWN,
        "basis": ["own-experience"]}))


EVIDENCE_FILE = b"".join(fixed(f"file {n}", 70) for n in range(10))


def evidence():
    private = b"\1" + u64(5) + fixed("file key", 32) + u64(len(EVIDENCE_FILE))
    return w.revision("evidence", "evidence", 1, known("evidence", {
        "about": id_text(statement().id), "file-name": "снимок 1.jpg",
        "sha256": sha256(EVIDENCE_FILE).hex(), "size": str(len(EVIDENCE_FILE)),
        "media-type": "image/jpeg"}), private=private)


def record_case(r, latest=None):
    r.latest_said = latest is True
    return case("record", kind=r.kind, schema=r.schema, id=r.id, id_text=id_text(r.id),
                revision=r.revision, previous=r.previous, foreign=int(r.foreign),
                seed=r.seed or b"", fields=[p.field for p in r.places],
                places=[place_hash(p) for p in r.places],
                salts=[p.salt or (p.values[0].salt if p.values else b"") for p in r.places],
                values=[v.salt for p in r.places for v in p.values], root=r.root,
                x=w.revision_bytes(r), json=w.record_json(r, latest))


def names_case(places, kind, names):
    """`json` has names that are not ours; `again` is the same record as we pass it on."""
    r = w.withhold(w.revision("names", kind, 1, places))
    read = w.record_json(r, True)
    for p, name in zip(r.places[1:], names):
        p.name = name
    return case("names", root=r.root, json=read, again=w.record_json(r, True))


def records_json():
    out = {name: record_case(r) for name, r in records()}
    listed = w.revision("list", "vector", 1, [
        single(0, ORIGIN), several(1, ["first", "second", "third"]), several(2, [])])
    out["all open, foreign"] = record_case(w.withhold(listed), True)
    out["a list closed"] = record_case(w.withhold(listed, fields=[1]), True)
    out["an element closed, the empty list with it"] = record_case(
        w.withhold(listed, elements=[(1, 2)]), False)
    out["the origin closed"] = record_case(w.withhold(listed, fields=[0]), True)
    newer = [single(0, ORIGIN), single(1, "x", "brand-new"), several(2, ["y"], "newer-still")]
    out["a newer sender's names"] = names_case(newer, "vector", ["field-1", "field-2"])
    older = known("evidence", {"file-name": "x"})
    names = [p.name for p in older[1:]]
    for p in older[1:]:
        p.name = f"field-{p.field}"
    out["an older sender's names"] = names_case(older, "evidence", names)
    f, salt = 7, fixed("a salt", 16)
    for tag, value in [(1, b"abc"), (1, b""), (0, b""), (2, b""), (3, b""), (4, b"")]:
        out[f"value, tag {tag}, {len(value)} bytes"] = case(
            "value", field=f, index=2, salt=salt, tag=tag, text=value,
            out=value_hash(f, 2, salt, tag, value))
    return out


def statements_json():
    out = {"a statement": record_case(statement()), "an evidence record": record_case(evidence())}
    out["an evidence record, all open, foreign"] = record_case(w.withhold(evidence()), True)
    closed = w.withhold(statement(), fields=[2], elements=[(3, 2)])
    closed.provenance = SimpleNamespace(sender=w.sign_public(SIGN_SEED),
                                        bundle=fixed("bundle id", 16), trust=2,
                                        received=1795412439)
    closed.proofs = [statement_proof()[2]]
    out["a statement, witness and paragraph 2 withheld, with provenance and proof"] = \
        record_case(closed, True)
    return out


# ---- log.json


DETAIL = "actor Наблюдатель 3\nreason witness\nabout 0123456789abcdefghjkmnpqrs\n"


def leaves(count):
    actions = ["create", "identity", "add", "add", "amend", "export", "import", "shred", "rekey"]
    for n in range(count):
        action = actions[n]
        root = fixed(f"root {n}", 32) if action in ("add", "amend", "import", "shred") else None
        yield w.leaf(action, root, f"2026-11-23T05:40:{n:02}Z", fixed(f"time salt {n}", 16),
                     DETAIL if n % 2 else "", fixed(f"detail salt {n}", 16))


def statement_proof():
    """(tree's leaf hashes, leaf, proof entry) of the statement as entry 2 of 5."""
    r, when, salt = statement(), "2026-11-23T05:40:39Z", fixed("statement time salt", 16)
    own = w.leaf("add", r.root, when, salt, "", fixed("statement detail salt", 16))
    entries = list(leaves(5))
    entries[2] = own
    hashes = [leaf_hash(x) for x in entries]
    note = w.checkpoint(ORIGIN, hashes, LOG_SEED)
    return hashes, own, SimpleNamespace(time=when, salt=salt,
                                        text=w.tlog_proof(own, 2, hashes, note))


def log_json():
    out = {}
    for name, action, root, detail in [
            ("an added record", "add", fixed("root 3", 32), ""),
            ("an export", "export", None, DETAIL),
            ("a shredded record", "shred", fixed("root 7", 32), "reason asked for by her\n")]:
        salt, other = fixed(f"{name} time salt", 16), fixed(f"{name} detail salt", 16)
        when = "2026-11-23T05:40:39Z"
        leaf = w.leaf(action, root, when, salt, detail, other)
        out["leaf of " + name] = case("leaf", action=action, root=root or b"", time=when,
                                      time_salt=salt, detail=detail.encode(), detail_salt=other,
                                      leaf=leaf, hash=leaf_hash(leaf))
    hashes = [leaf_hash(x) for x in leaves(9)]
    for n in range(10):
        out[f"tree of {n}"] = case(
            "tree", size=n, leaves=hashes[:n], root=w.tree_root(hashes[:n]),
            edge=w.tree_edge(hashes[:n]),
            nodes=[b"".join(w.node_row(i, hashes[:n])) for i in range(n)])
    for n in (1, 2, 3, 5, 7, 8, 9):
        for i in range(n):
            out[f"path of {i} in {n}"] = case(
                "path", index=i, size=n, leaf=hashes[i], root=w.tree_root(hashes[:n]),
                path=w.tree_path(i, hashes[:n]))
    note = w.checkpoint(ORIGIN, hashes, LOG_SEED)
    out["checkpoint"] = case("checkpoint", origin=ORIGIN, seed=LOG_SEED,
                             public=w.sign_public(LOG_SEED), vkey=w.vkey(ORIGIN, LOG_SEED),
                             size=9, root=w.tree_root(hashes), note=note.encode())
    hashes, leaf, proof = statement_proof()
    out["proof"] = case("proof", leaf=leaf, index=2, size=5, root=w.tree_root(hashes),
                        vkey=w.vkey(ORIGIN, LOG_SEED), record_root=statement().root,
                        time=proof.time, time_salt=proof.salt, proof=proof.text.encode())
    for raw in (bytes(16), b"\xff" * 16, fixed("id", 16)):
        out["id " + id_text(raw)] = case("id", raw=raw, text=id_text(raw))
    return out


# ---- rows.json


def log_entry(action, root, when, detail, row):
    return SimpleNamespace(action=action, root=root, time=when, detail=detail, revision_row=row,
                           time_salt=fixed(f"{action} time salt", 16),
                           detail_salt=fixed(f"{action} detail salt", 16),
                           id=fixed("statement id", 16) if root else bytes(16))


def state_fixed(header):
    hashes = [leaf_hash(x) for x in leaves(7)]
    slots = [SimpleNamespace(kind=0, point=point_of(fixed(f"header slot secret {i}", 32)),
                             label=b"") for i in range(8)]
    slots[0].kind, slots[0].label = 1, "мой".encode()
    slots[3].kind, slots[3].label = 2, b"recovery"
    return SimpleNamespace(
        generation=1, header_hash=hashlib.blake2b(header, digest_size=32).digest(), slots=slots,
        identity=fixed("identity id", 16), epochs=[fixed("epoch key 0", 32),
                                                   fixed("epoch key 1", 32)],
        next={"wraps": 11, "log": 8, "heads": 3, "drafts": 5, "files": 6},
        live={"wraps": 9, "heads": 2, "drafts": 1, "files": 4, "pages": 12},
        tree=0, first=1, origin=ORIGIN, size=7, edge=w.tree_edge(hashes),
        checkpoint=w.checkpoint(ORIGIN, hashes, LOG_SEED), time=1795412439,
        sets={n: fixed(n + " set", 32) for n in ("heads", "drafts", "pages")}, read_tree=0,
        read_leaf=6, field=None)


def rows_json():
    out = {}
    r, row = statement(), 9
    keys = {n: kdf(ROOT, n, VAULT) for n in ("state", "wrap", "lookup")}
    header = bytes.fromhex(header_case("header", fixed("stretched", 32), 0)["header"])
    plain, nonce = w.state(state_fixed(header)), fixed("state nonce", 24)
    out["state"] = case("state", key=keys["state"], nonce=nonce, header=header,
                        plain=plain.rstrip(b"\0"), padded=len(plain),
                        sha256=sha256(w.box(keys["state"], plain, nonce)))
    plain = w.wrap_bytes(row, fixed("record key", 32), r, 2, 0, 41)
    nonce = fixed("wrap nonce", 24)
    out["wrap"] = case("wrap", key=keys["wrap"], nonce=nonce, row=row, id=r.id, root=r.root,
                       record_key=fixed("record key", 32), ordinal=2, tree=0, leaf=41,
                       sealed=w.box(keys["wrap"], plain, nonce))
    collect = fixed("collect secret", 32)
    s = state_fixed(header)
    s.field, s.identity = (point_of(collect), fixed("field log seed", 32)), bytes(16)
    s.slots[7].kind, s.slots[7].point, s.slots[7].label = 3, point_of(collect), b"owner"
    x = w.state(s)
    out["state of a field vault"] = case(
        "state", key=keys["state"], nonce=nonce, header=header, plain=x.rstrip(b"\0"),
        padded=len(x), sha256=sha256(w.box(keys["state"], x, nonce)))
    out["wrap of a field vault"] = case(
        "field wrap", collect=collect, row=row, id=r.id, root=r.root,
        record_key=fixed("record key", 32), ordinal=2, tree=0, leaf=41,
        sealed=w.sealed(point_of(collect), plain, fixed("wrap ephemeral", 32)))
    for name, r in [("body", r), ("body of a short record", next(records())[1])]:
        key = body_key(SimpleNamespace(key=fixed("record key", 32), row=row, id=r.id,
                                       root=r.root), VAULT)
        x, nonce = w.revision_bytes(r), fixed(name + " nonce", 24)
        out[name] = case("body", vault=VAULT, record_key=fixed("record key", 32), row=row,
                         id=r.id, root=r.root, key=key, nonce=nonce, x=x,
                         sealed=w.box(key, w.body_bytes(x), nonce))
    out["lookup"] = case("lookup", key=keys["lookup"], id=r.id, ordinal=2,
                         tag=kdf(keys["lookup"], "lookup", r.id + u32(2), 16))
    for size in (0, 700, 16384, 262144, 262145, 300000):
        out[f"chunks of {size} bytes"] = chunks_case(size)
    epoch = fixed("epoch key 0", 32)
    entries = [log_entry("add", r.root, "2026-11-23T05:40:39Z", "actor we\n", row),
               log_entry("export", None, "2026-11-23T05:41:00Z", DETAIL, 0)]
    for number, entry in enumerate(entries, 7):
        out[f"log row, {entry.action}"] = sealed_case(
            "log row", epoch, number, w.log_row_bytes(number, entry), action=entry.action,
            root=entry.root or b"", time=entry.time, time_salt=entry.time_salt,
            detail=entry.detail.encode(), detail_salt=entry.detail_salt, id=entry.id,
            revision_row=entry.revision_row)
    entry = entries[0]
    out["log row of a field vault"] = case(
        "field log row", collect=collect, row=7, plain=w.log_row_bytes(7, entry),
        sealed=w.sealed(point_of(collect), w.log_row_bytes(7, entry),
                        fixed("log row ephemeral", 32)))
    hashes = [leaf_hash(x) for x in leaves(8)]
    out["node row"] = sealed_case("node row", epoch, 8, b"".join(w.node_row(7, hashes)), index=7)
    note = w.checkpoint(ORIGIN, hashes, LOG_SEED).encode()
    out["head row, remembered"] = sealed_case(
        "head row", epoch, 1, u64(1) + b"\1" + w.long(note), kind=1, note=note)
    out["head row, a closed tree"] = sealed_case(
        "head row", epoch, 2, u64(2) + b"\3" + u32(0) + u64(1) + w.short(ORIGIN.encode())
        + w.long(note), kind=3, tree=0, first=1, origin=ORIGIN, note=note)
    out["draft row"] = sealed_case("draft row", epoch, 5, w.draft_row(5, draft_fixed()),
                                   typed="Ещё не аб".encode(), place=7, kinds=["statement", "person"])
    nonces = [fixed(f"set nonce {n}", 24) for n in range(3)]
    total = bytes(32)
    for number, nonce in enumerate(nonces, 4):
        tag = kdf(kdf(epoch, "unlogged"), "drafts", u64(number) + nonce)
        total = bytes(a ^ b for a, b in zip(total, tag))
    out["set hash"] = case("set", epoch_key=epoch, table="drafts", rows=[4, 5, 6], nonces=nonces,
                           out=total)
    return out


def draft_fixed():
    """A statement of two paragraphs and a refusal, by a person of the same sitting."""
    person = fixed("draft person", 16)
    return SimpleNamespace(
        begun=1795412439, sealed=1795412469, place=7, typed="Ещё не аб".encode(),
        records=[("statement", fixed("draft statement", 16),
                  {2: [id_text(person)], 3: ["Абзац.", "A paragraph\nof two lines."], 5: [4]}),
                 ("person", person, {1: ["Азат"], 2: ["Azat", 2]})])


def sealed_case(what, epoch, row, plain, **values):
    key, nonce = kdf(epoch, what, u64(row)), fixed(f"{what} {row} nonce", 24)
    return case(what, epoch_key=epoch, row=row, key=key, nonce=nonce, plain=plain,
                sealed=w.box(key, plain, nonce), **values)


def file_bytes(size):
    """Byte i is 1 + i mod 251: easy to make anywhere."""
    return (bytes(range(1, 252)) * (size // 251 + 1))[:size]


def chunks_case(size):
    key = kdf(fixed("file key", 32), "chunk", VAULT + u64(5))
    boxes = w.chunk_boxes(key, file_bytes(size))
    return case("chunks", vault=VAULT, file_key=fixed("file key", 32), number=5, key=key,
                size=size, rows=[(5 << 24) + n for n in range(len(boxes))],
                nonces=[chunk_nonce(n, n == len(boxes) - 1) for n in range(len(boxes))],
                lengths=[len(b) for b in boxes], sha256=[sha256(b) for b in boxes])


# ---- bag.json


README = b"The text of README.txt is given here, not the constant of vault/bundle/readme.c.\n"
BUNDLE = id_text(fixed("bundle id", 16))


def card():
    seed, name = SIGN_SEED, "Наблюдатель 3"
    lines = ["witnessbox-card/1", "name " + name,
             "recipient " + bech32_encode("age", point_of(fixed("age secret", 32))),
             "minisign " + w.minisign_key(seed, KEY_ID), "log " + w.vkey(ORIGIN, LOG_SEED),
             "cosigner " + w.vkey(ORIGIN + "/cosigner", COSIGN_SEED, 4),
             "collect " + w.b64(point_of(fixed("collect secret", 32)))]
    body = "".join(line + "\n" for line in lines).encode()
    return body + w.minisig(seed, KEY_ID, body, "witnessbox card", "witnessbox card")


def recipients():
    return sorted(bech32_encode("age", point_of(fixed(f"recipient {n}", 32))) for n in range(2))


def payload():
    closed = w.withhold(statement(), fields=[2], elements=[(3, 2)])
    closed.proofs = [statement_proof()[2]]
    files = {"data/files/" + sha256(EVIDENCE_FILE).hex(): EVIDENCE_FILE}
    for r in (closed, w.withhold(evidence())):
        files[f"data/records/{r.root.hex()[:32]}.json"] = w.record_json(r, True)
    return files


def info(files):
    note = w.checkpoint(ORIGIN, statement_proof()[0], LOG_SEED)
    pairs = [("Bagging-Date", "2026-11-23"),
             ("Payload-Oxum", f"{sum(map(len, files.values()))}.{len(files)}"),
             ("Witnessbox-Bundle", BUNDLE), ("Witnessbox-Format", "1"),
             ("Witnessbox-Time", "2026-11-23T05:40:39Z"), ("Witnessbox-Purpose", "partner"),
             ("Witnessbox-Level", "named"),
             ("Witnessbox-Sender", w.minisign_key(SIGN_SEED, KEY_ID)),
             *[("Witnessbox-Recipient", text) for text in recipients()],
             ("Witnessbox-Records", "2"), ("Witnessbox-Files", "1"),
             ("Witnessbox-Checkpoint", w.b64(note.encode()))]
    return "".join(f"{label}: {value}\n" for label, value in pairs).encode()


def bag():
    files = payload()
    return w.bag_members(info(files), README, card(), files, SIGN_SEED, KEY_ID, BUNDLE)


def bag_json():
    members = bag()
    whole = w.tar(members)
    listed = dict(members)["tagmanifest-sha256.txt"]
    return {
        "card": case("card", sign_seed=SIGN_SEED, key_id=KEY_ID, log_seed=LOG_SEED,
                     cosigner_seed=COSIGN_SEED, age_secret=fixed("age secret", 32),
                     collect_secret=fixed("collect secret", 32), origin=ORIGIN,
                     minisign=w.minisign_key(SIGN_SEED, KEY_ID), card=card()),
        "signature": case("minisig", sign_seed=SIGN_SEED, key_id=KEY_ID,
                          minisign=w.minisign_key(SIGN_SEED, KEY_ID), message=listed,
                          untrusted="witnessbox bundle",
                          trusted="witnessbox bundle " + BUNDLE,
                          signature=dict(members)["tagmanifest-sha256.txt.minisig"]),
        "bag": case("bag", minisign=w.minisign_key(SIGN_SEED, KEY_ID), recipients=recipients(),
                    names=["bag/" + n for n, _ in members], data=[d for _, d in members],
                    headers=[ustar_header("bag/" + n, len(d)).rstrip(b"\0")
                             for n, d in members],
                    size=len(whole), sha256=sha256(whole)),
        **{f"header of {n} bytes": case(
            "ustar", name="bag/bagit.txt", size=n, header=ustar_header("bag/bagit.txt", n))
           for n in (0, 511, 8 ** 8, 1 << 32)},
    }


FILES = {"keys.json": keys_json, "records.json": records_json,
         "statements.json": statements_json, "log.json": log_json,
         "rows.json": rows_json, "bag.json": bag_json}
