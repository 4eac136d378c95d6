#!/usr/bin/python3
"""tools/verify_bundle.py - checks a whole bundle: age, tar, bag, signature, every record.

An independent reader: written from vault/bundle/FORMAT.md and the public standards it names, it
shares nothing with the program. Needs PyNaCl (Debian: python3-nacl). Reads once, front to back,
in flat memory; writes no plaintext and shows none.

    verify_bundle.py FILE [--identity FILE | --passphrase-file FILE] [--minisign RW...] [--log VKEY]

FILE is an age file (then an identity or passphrase is needed) or the tar that age -d made of it.
Exit 0 all holds, 4 something does not, 2 usage.
"""

import argparse
import hashlib
import hmac
import os
import re
import sys
from types import SimpleNamespace

from nacl import bindings, exceptions

from verify_record import (CLOSED, NOTE_ED25519, TEXT, Refused, Report, base64_parse, checkpoint_parse,
                           demand, id_parse, note_verify, record_check, sha256,
                           signature_good, time_parse, vkey_parse)

AGE_CHUNK, BLOCK, MEMBER_MAX, FLOOR = 65536, 512, 1 << 32, 262144
COSIGNATURE = 0x04
TAGS = ["bagit.txt", "bag-info.txt", "README.txt", "sender.txt", "manifest-sha256.txt",
        "tagmanifest-sha256.txt", "tagmanifest-sha256.txt.minisig"]
LISTED = ["README.txt", "bag-info.txt", "bagit.txt", "manifest-sha256.txt", "sender.txt"]
PAGE, PAGE_MAX = "data/report.html", 64 << 20
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
INFO = ["Bagging-Date", "Payload-Oxum", "Witnessbox-Bundle", "Witnessbox-Format",
        "Witnessbox-Time", "Witnessbox-Purpose", "Witnessbox-Level", "Witnessbox-Sender",
        "Witnessbox-Recipient", "Witnessbox-Records", "Witnessbox-Files",
        "Witnessbox-Override", "Witnessbox-Checkpoint"]
PURPOSES = ("internal partner national-court international-court un archive advocacy "
            "publication research").split()
LEVELS = "named pseudonym anonymous".split()


# ---- age (C2SP age)


def bech32_check(values):
    value = 1
    for v in values:
        top = value >> 25
        value = (value & 0x1ffffff) << 5 ^ v
        for i, generator in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                       0x2a1462b3)):
            value ^= generator if top >> i & 1 else 0
    return value


BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32_expand(hrp):
    return [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]


def bech32_encode(hrp, raw):
    bits, count = int.from_bytes(raw, "big"), len(raw) * 8
    bits, count = bits << -count % 5, count + -count % 5
    values = [bits >> shift & 31 for shift in range(count - 5, -1, -5)]
    check = bech32_check(bech32_expand(hrp) + values + [0] * 6) ^ 1
    values += [check >> shift & 31 for shift in range(25, -1, -5)]
    return hrp + "1" + "".join(BECH32[v] for v in values)


def bech32_decode(hrp, text, where):
    head, one, tail = text.rpartition("1")
    demand(one and head == hrp and len(tail) == 58 and all(c in BECH32 for c in tail),
           f"{where}: not {hrp}1...")
    bits = 0
    for c in tail[:52]:
        bits = bits << 5 | BECH32.index(c)
    raw = (bits >> 4).to_bytes(32, "big")
    demand(bech32_encode(hrp, raw) == text, f"{where}: checksum")
    return raw


def hkdf(ikm, salt, info):
    key = hmac.new(salt, ikm, "sha256").digest()
    return hmac.new(key, info + b"\1", "sha256").digest()


def aead_open(box, nonce, key):
    try:
        return bindings.crypto_aead_chacha20poly1305_ietf_decrypt(box, None, nonce, key)
    except exceptions.CryptoError:
        return None


def raw64_parse(text, where):
    """base64 without padding, canonical."""
    demand("=" not in text and len(text) % 4 != 1, f"{where}: base64")
    return base64_parse(text + "=" * (-len(text) % 4), where)


def age_header_parse(head):
    """(stanzas, bytes under the MAC, MAC, length)."""
    end = head.find(b"\n--- ")
    demand(head.startswith(b"age-encryption.org/v1\n") and end > 0
           and head[end + 48:end + 49] == b"\n", "age: header, 256 KiB at most")
    lines = head[:end].decode("latin-1").split("\n")[1:]
    stanzas = []
    while lines:
        m = re.fullmatch(r"->((?: [!-~]+)+)", lines.pop(0))
        demand(m, "age: stanza")
        body, line = "", "x" * 64
        while len(line) == 64:
            demand(lines and len(lines[0]) <= 64, "age: stanza body")
            line = lines.pop(0)
            body += line
        stanzas.append((m.group(1).split(" ")[1:], raw64_parse(body, "age: stanza body")))
    demand(0 < len(stanzas) <= 64, "age: number of stanzas, 1 to 64")
    mac = raw64_parse(head[end + 5:end + 48].decode("latin-1"), "age: MAC")
    return stanzas, head[:end + 4], mac, end + 49


def x25519_open(args, body, secret):
    demand(len(args) == 2 and len(body) == 32, "age: X25519 stanza")
    share = raw64_parse(args[1], "age: X25519 stanza")
    demand(len(share) == 32, "age: X25519 stanza")
    try:
        shared = bindings.crypto_scalarmult(secret, share)
    except (exceptions.CryptoError, RuntimeError):
        raise Refused("age: X25519 share of low order") from None
    demand(any(shared), "age: X25519 share of low order")
    salt = share + bindings.crypto_scalarmult_base(secret)
    return aead_open(body, bytes(12), hkdf(shared, salt, b"age-encryption.org/v1/X25519"))


def scrypt_open(args, body, passphrase):
    demand(len(args) == 3 and len(body) == 32, "age: scrypt stanza")
    salt = raw64_parse(args[1], "age: scrypt stanza")
    demand(len(salt) == 16 and re.fullmatch("[1-9][0-9]?", args[2]) and int(args[2]) <= 20,
           "age: scrypt stanza: work factor, 20 at most")
    key = hashlib.scrypt(passphrase, salt=b"age-encryption.org/v1/scrypt" + salt,
                         n=1 << int(args[2]), r=8, p=1, maxmem=(1 << 31) - 2, dklen=32)
    return aead_open(body, bytes(12), key)


def age_file_key(stanzas, secret, passphrase):
    if any(args[0] == "scrypt" for args, _ in stanzas):
        demand(len(stanzas) == 1, "age: scrypt is not alone")
        demand(passphrase is not None, "age: is for a passphrase")
        keys = [scrypt_open(*stanzas[0], passphrase)]
    else:
        demand(secret is not None, "age: is for recipients, --identity is needed")
        keys = [x25519_open(args, body, secret) for args, body in stanzas
                if args[0] == "X25519"]
    keys = [k for k in keys if k]
    demand(keys, "age: not for this key")
    return keys[0]


def age_plain(f, secret, passphrase):
    """Yields the plaintext; raises before the end unless every byte was right."""
    stanzas, covered, mac, length = age_header_parse(f.read(262144))
    key = age_file_key(stanzas, secret, passphrase)
    wanted = hmac.new(hkdf(key, b"", b"header"), covered, "sha256").digest()
    demand(hmac.compare_digest(wanted, mac), "age: header MAC")
    f.seek(length)
    nonce = f.read(16)
    demand(len(nonce) == 16, "age: payload nonce")
    key, index = hkdf(key, nonce, b"payload"), 0
    box = f.read(AGE_CHUNK + 16)
    while True:
        following = f.read(AGE_CHUNK + 16)
        plain = aead_open(box, index.to_bytes(11, "big") + (b"\0" if following else b"\1"), key)
        demand(plain is not None, f"age: chunk {index}")
        demand(plain or index == 0, "age: last chunk is empty")
        yield plain
        if not following:
            return
        box, index = following, index + 1


class Source:
    """Exactly n bytes at a time from pieces of any size."""

    def __init__(self, pieces):
        self.pieces, self.held, self.used = pieces, b"", 0

    def take(self, n):
        while len(self.held) < n:
            piece = next(self.pieces, None)
            demand(piece is not None, f"tar: ends after {self.used + len(self.held)} bytes")
            self.held += piece
        out, self.held = self.held[:n], self.held[n:]
        self.used += n
        return out

    def rest_is_zero(self):
        """Number of bytes to the end, which all must be zero."""
        count, piece = 0, self.held
        while piece is not None:
            demand(not any(piece), "tar: bytes other than zero behind the last member")
            count, piece = count + len(piece), next(self.pieces, None)
        return count


# ---- ustar, bundle FORMAT section 2


def pad(n, floor):
    """Padmé: the low bits that the exponent does not need are rounded up."""
    n = max(n, floor)
    e = n.bit_length() - 1
    low = e - e.bit_length()
    return -(-n >> low) << low if low > 0 else n


def ustar_header(name, size):
    block = bytearray(BLOCK)
    for at, text in ((0, name), (100, "0000600"), (108, "0000000"), (116, "0000000"),
                     (124, f"{size:011o}"), (136, "0" * 11), (156, "0"), (257, "ustar"),
                     (263, "00"), (329, "0000000"), (337, "0000000")):
        block[at:at + len(text)] = text.encode()
    block[148:156] = b" " * 8
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block)


def member_next(source):
    """(name, size) of the next member, or None at the two end blocks."""
    block = source.take(BLOCK)
    if not any(block):
        demand(not any(source.take(BLOCK)), "tar: one end block")
        return None
    name = block[:100].rstrip(b"\0").decode("latin-1")
    size = re.fullmatch(rb"([0-7]{11})\0", block[124:136])
    demand(size, "tar: size")
    size = int(size.group(1), 8)
    demand(size <= MEMBER_MAX, "tar: member above 4 GiB")
    demand(name.startswith("bag/") and name.isascii(), "tar: a member outside bag/")
    demand(ustar_header(name, size) == block, "tar: header is not canonical")
    return name[4:], size


def member_pieces(source, size):
    left = size
    while left:
        piece = source.take(min(left, 1 << 20))
        left -= len(piece)
        yield piece
    demand(not any(source.take(-size % BLOCK)), "tar: padding is not zero")


# ---- minisign, bag-info, card


def minisign_key_parse(text, where):
    raw = base64_parse(text, where, 42)
    demand(raw[:2] == b"Ed", f"{where}: not a minisign key")
    return raw


def minisig_check(key, signature, message, untrusted, trusted, where):
    """Four lines, algorithm ED, exactly these comments, both signatures."""
    try:
        lines = signature.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Refused(f"{where}: not ASCII") from None
    demand(len(lines) == 5 and not lines[4], f"{where}: not four lines")
    demand(lines[0] == "untrusted comment: " + untrusted
           and lines[2] == "trusted comment: " + trusted, f"{where}: comments")
    raw = base64_parse(lines[1], where, 74)
    demand(raw[:2] == b"ED", f"{where}: algorithm is not ED")
    demand(raw[2:10] == key[2:10], f"{where}: made by another key")
    demand(signature_good(raw[10:], hashlib.blake2b(message).digest(), key[10:]),
           f"{where}: forged")
    demand(signature_good(base64_parse(lines[3], where, 64), raw[10:] + trusted.encode(),
                          key[10:]), f"{where}: trusted comment is forged")


def info_parse(data):
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Refused("bag-info: not ASCII") from None
    demand(lines.pop() == "", "bag-info: no LF at the end")
    pairs = []
    for number, line in enumerate(lines, 1):
        m = re.fullmatch(r"([A-Za-z-]+): ([!-~](?:[ -~]*[!-~])?)", line)
        demand(m and m.group(1) in INFO, f"bag-info: line {number}")
        pairs.append(m.groups())
    order = [INFO.index(label) for label, _ in pairs]
    many = {INFO.index("Witnessbox-Recipient"), INFO.index("Witnessbox-Override")}
    demand(order == sorted(order) and set(order) >= set(range(len(INFO) - 2))
           and all(order.count(i) == 1 for i in order if i not in many),
           "bag-info: labels or their order")
    info = dict(pairs)
    info["recipients"] = [v for label, v in pairs if label == "Witnessbox-Recipient"]
    info["overrides"] = [v for label, v in pairs if label == "Witnessbox-Override"]
    return info


def overrides_check(lines):
    """ID and reason of each record that was sent against consent."""
    ids = []
    for line in lines:
        id_text, _, reason = line.partition(" ")
        ids.append(id_parse(id_text, "bag-info: override"))
        text = base64_parse(reason, "bag-info: override")
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("bag-info: override: not UTF-8") from None
        demand(0 < len(text.encode()) <= 900 and min(text) >= " " and "\x7f" not in text,
               "bag-info: override: the reason")
    demand(ids == sorted(set(ids)), "bag-info: override: ids ascending")


def info_check(info):
    demand(info["Witnessbox-Format"] == "1",
           "bag-info: written by a newer version" if re.fullmatch(
               "[2-9]|[1-9][0-9]+", info["Witnessbox-Format"]) else "bag-info: format")
    id_parse(info["Witnessbox-Bundle"], "bag-info: bundle")
    time_parse(info["Witnessbox-Time"], "bag-info: time")
    demand(info["Bagging-Date"] == info["Witnessbox-Time"][:10], "bag-info: date and time")
    demand(info["Witnessbox-Purpose"] in PURPOSES, "bag-info: purpose")
    demand(info["Witnessbox-Level"] in LEVELS, "bag-info: level")
    overrides_check(info["overrides"])
    given = info["recipients"]
    if given != ["passphrase"]:
        demand(given == sorted(set(given)) and len(given) <= 16,
               "bag-info: recipients: ascending, 16 at most")
        for text in given:
            bech32_decode("age", text, "bag-info: recipient")


def card_parse(data):
    lines = data.decode("utf-8", "replace").split("\n")
    labels = ["witnessbox-card/1", "name ", "recipient ", "minisign ", "log ", "cosigner ",
              "collect "]
    demand(len(lines) == 12 and all(a.startswith(b) for a, b in zip(lines, labels))
           and lines[0] == labels[0], "card: lines or their order")
    values = [a[len(b):] for a, b in zip(lines, labels)]
    card = SimpleNamespace(minisign=values[3])
    demand(1 <= len(values[1].encode()) <= 128 and "\ufffd" not in values[1]
           and not re.search("[\0-\x1f\x7f-\x9f]", values[1]), "card: name")
    bech32_decode("age", values[2], "card: recipient")
    card.log = vkey_parse(values[4], NOTE_ED25519, "card: log")
    cosigner = vkey_parse(values[5], COSIGNATURE, "card: cosigner")
    demand(cosigner.name == card.log.name + "/cosigner", "card: cosigner's name")
    base64_parse(values[6], "card: collect", 32)
    body = "\n".join(lines[:7]) + "\n"
    minisig_check(minisign_key_parse(card.minisign, "card: minisign"),
                  data[len(body.encode()):], body.encode(), "witnessbox card",
                  "witnessbox card", "card: signature")
    return card


# ---- the bag


class Bag:
    """What pass over the members gathers: small things only, never a file's bytes."""

    def __init__(self, report):
        self.report, self.tags, self.manifest = report, {}, hashlib.sha256()
        self.octets = self.members = self.records = 0
        self.files, self.claims = {}, set()
        self.info = self.card = None
        self.logs, self.seen_roots = {}, set()
        self.unlinkable = False


def tag_files_read(bag, source):
    for wanted in TAGS:
        name, size = member_next(source) or ("the end", 0)
        demand(name == wanted, f"tar: member {wanted} is not where it must be")
        demand(size <= 65536 or wanted == "manifest-sha256.txt", f"{wanted}: above 64 KiB")
        hashed, kept = hashlib.sha256(), []
        for piece in member_pieces(source, size):
            hashed.update(piece)
            kept += [] if wanted == "manifest-sha256.txt" else [piece]
        bag.tags[wanted] = SimpleNamespace(data=b"".join(kept), hash=hashed.digest())


def tag_files_check(bag, minisign, recipient):
    report, tags = bag.report, bag.tags
    report.say(tags["bagit.txt"].data == DECLARATION, "bagit.txt: the declaration")
    wanted = "".join(f"{tags[n].hash.hex()}  {n}\n" for n in LISTED).encode()
    listing = tags["tagmanifest-sha256.txt"].data
    report.say(listing == wanted, "tag manifest: the hashes of the five tag files")
    bag.info = info = info_parse(tags["bag-info.txt"].data)
    info_check(info)
    report.say(True, "bag-info: in order")
    key = minisign_key_parse(info["Witnessbox-Sender"], "bag-info: sender")
    minisig_check(key, tags["tagmanifest-sha256.txt.minisig"].data, listing,
                  "witnessbox bundle", "witnessbox bundle " + info["Witnessbox-Bundle"],
                  "signature")
    report.say(True, "signature: by the key that bag-info names")
    if minisign:
        report.say(minisign == info["Witnessbox-Sender"], "signature: by the key given")
    bag.card = card_parse(tags["sender.txt"].data)
    report.say(bag.card.minisign == info["Witnessbox-Sender"], "card: of the sender, signed")
    if recipient:
        report.say(recipient in info["recipients"], "recipients: ours is among them")
    bag.unlinkable = "Witnessbox-Checkpoint" not in info
    if bag.unlinkable:
        report.say(True, "no checkpoint: copies under a key of one use, tied to nobody")
    else:
        raw = base64_parse(info["Witnessbox-Checkpoint"], "bag-info: checkpoint")
        note = checkpoint_parse(raw.decode("utf-8", "replace"), "bag-info: checkpoint")
        report.say(note.origin == bag.card.log.name, "checkpoint: of the card's log")
        note_verify(note, bag.card.log, "bag-info: checkpoint")
        report.say(True, "checkpoint: signed by the card's log key")


def file_read(bag, name, size, pieces):
    """One file, or one part of one above 4 GiB."""
    base, dot, part = name[len("data/files/"):].partition(".")
    entry = bag.files.setdefault(base, SimpleNamespace(size=0, parts=0, open=True,
                                                       hash=hashlib.sha256()))
    demand(entry.open and (entry.parts == int(part) if dot else entry.parts == 0),
           "files: a part is missing or too much")
    demand(not dot or size > 0, "files: an empty part")
    entry.parts, entry.size = entry.parts + 1, entry.size + size
    entry.open = bool(dot) and size == MEMBER_MAX
    hashed = hashlib.sha256()
    for piece in pieces:
        hashed.update(piece)
        entry.hash.update(piece)
    return hashed.digest()


def record_read(bag, name, pieces):
    data = b"".join(pieces)
    quiet = Report(show=False)
    r = record_check(quiet, data, bag.logs)
    stem = name[len("data/records/"):-len(".json")]
    bag.records += 1
    bag.report.failed |= quiet.failed
    if r is None or not r.root.hex().startswith(stem):
        bag.report.say(False, f"record {stem}: name is not the root's")
        return sha256(data)
    loose = (r.revision == 1 and r.latest is None and not r.proofs and
             r.places[0].form == CLOSED)
    bag.report.say(loose if bag.unlinkable else r.latest is not None,
                   f"record {stem}: {'tied to nothing' if bag.unlinkable else 'latest or not'}")
    bag.report.say(not quiet.failed, f"record {stem}: {quiet.count} checks, "
                   f"{len(r.proofs)} proofs, {r.signed} under a known log")
    if r.root in bag.seen_roots:
        bag.report.say(False, f"record {stem}: twice")
    bag.seen_roots.add(r.root)
    if r.kind == "evidence":
        texts = {p.name: p.values[0].text.decode() for p in r.places
                 if p.values and p.values[0].tag == TEXT}
        if "sha256" in texts:
            bag.claims.add((texts["sha256"], texts.get("size")))
    return sha256(data)


def page_read(bag, size, pieces):
    """For browsers: hashed, and nothing is taken from it."""
    bag.report.say(0 < size <= PAGE_MAX, f"report.html: {size} bytes, of the sender's own making")
    hashed = hashlib.sha256()
    for piece in pieces:
        hashed.update(piece)
    return hashed.digest()


def payload_read(bag, source):
    before = ""
    while True:
        member = member_next(source)
        if member is None:
            return
        name, size = member
        demand(name > before, "tar: payload is not in strict order")
        before = name
        bag.octets, bag.members = bag.octets + size, bag.members + 1
        pieces = member_pieces(source, size)
        if re.fullmatch(r"data/files/[0-9a-f]{64}(\.[0-9]{4})?", name):
            digest = file_read(bag, name, size, pieces)
        elif name == PAGE:
            digest = page_read(bag, size, pieces)
        else:
            demand(re.fullmatch(r"data/records/[0-9a-f]{32}\.json", name),
                   "tar: a payload member that is neither file, record nor the page")
            digest = record_read(bag, name, pieces)
        bag.manifest.update(f"{digest.hex()}  {name}\n".encode())


def counts_check(bag):
    report, info = bag.report, bag.info
    report.say(bag.manifest.digest() == bag.tags["manifest-sha256.txt"].hash,
               f"manifest: the hashes of the {bag.members} payload members")
    report.say(info["Payload-Oxum"] == f"{bag.octets}.{bag.members}", "Payload-Oxum: as counted")
    report.say(info["Witnessbox-Records"] == str(bag.records), "Records: as counted")
    report.say(info["Witnessbox-Files"] == str(len(bag.files)), "Files: as counted")
    for name, entry in bag.files.items():
        short = name[:16]
        if entry.hash.hexdigest() != name:
            report.say(False, f"file {short}: is not what its name says")
        if (entry.parts > 1) != (entry.size > MEMBER_MAX):
            report.say(False, f"file {short}: parts and size do not agree")
        if (name, str(entry.size)) not in bag.claims:
            report.say(False, f"file {short}: claimed by no evidence record of its size")
    missing = {sha for sha, _ in bag.claims} - set(bag.files)
    report.say(not missing, f"evidence: {len(missing)} files missing")


def bundle_check(report, pieces, minisign=None, recipient=None, logs=()):
    bag, source = Bag(report), Source(pieces)
    tag_files_read(bag, source)
    tag_files_check(bag, minisign, recipient)
    bag.logs = {key.name: key for key in [bag.card.log, *logs]}
    payload_read(bag, source)
    used = source.used
    total = -(-pad(used, FLOOR) // BLOCK) * BLOCK
    report.say(used + source.rest_is_zero() == total, f"tar: zeros up to {total} bytes")
    counts_check(bag)
    return bag


def identity_load(path):
    with open(path, encoding="ascii") as f:
        lines = [line.strip() for line in f]
    lines = [line for line in lines if line and not line.startswith("#")]
    demand(len(lines) == 1, "identity: not one AGE-SECRET-KEY-1...")
    return bech32_decode("age-secret-key-", lines[0].lower(), "identity")


def plain_of(f, args):
    """(pieces of the tar, our recipient line or None)."""
    magic = f.read(22)
    f.seek(0)
    if magic != b"age-encryption.org/v1\n":
        return iter(lambda: f.read(1 << 20) or None, None), None
    secret = identity_load(args.identity) if args.identity else None
    if secret:
        return (age_plain(f, secret, None),
                bech32_encode("age", bindings.crypto_scalarmult_base(secret)))
    demand(args.passphrase_file, "age: --identity or --passphrase-file is needed")
    with open(args.passphrase_file, "rb") as p:
        return age_plain(f, None, p.read().removesuffix(b"\n")), "passphrase"


def main():
    parser = argparse.ArgumentParser(description="Checks a bundle, or the tar inside one.")
    parser.add_argument("file")
    parser.add_argument("--identity", help="age identity file (AGE-SECRET-KEY-1...)")
    parser.add_argument("--passphrase-file")
    parser.add_argument("--minisign", metavar="RW...", help="the sender's key as you know it")
    parser.add_argument("--log", action="append", default=[], metavar="VKEY",
                        help="verifier key of another author's log")
    args = parser.parse_args()
    report = Report()
    try:
        logs = [vkey_parse(text, NOTE_ED25519, "--log") for text in args.log]
        with open(args.file, "rb") as f:
            print(f"      {os.path.getsize(args.file)} bytes, sha256 "
                  f"{hashlib.file_digest(f, 'sha256').hexdigest()}")
            f.seek(0)
            pieces, recipient = plain_of(f, args)
            bundle_check(report, pieces, args.minisign, recipient, logs)
    except Refused as problem:
        report.say(False, str(problem))
    except OSError as problem:
        print(f"verify_bundle: {problem}", file=sys.stderr)
        return 2
    if not args.minisign and not report.failed:
        print("      the sender's key was not compared with one you know: --minisign")
    return 4 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
