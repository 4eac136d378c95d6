"""tests/evil/make.py - hostile bundles: for each rule of the strict reader one function or
more that breaks it and nothing else.

The maker is somebody with keys of his own, who got an honest bundle as one of two
recipients. Where a signature or hash stands in his way he makes it again with his keys, so
that a case is refused for its one fault. `rule` is an id of vault/bundle/rules.c.
"""

import json
import os
import re
from types import SimpleNamespace

from bundle import (BLOCK, Bag, Person, Point, age, age_header, age_open, age_payload, b64,
                    member, own, place, prove, random_id, record_json, record_root, sha256, tar,
                    untar, ustar_header, x25519_stanza)

CASES = []


def case(rule):
    def keep(function):
        CASES.append(SimpleNamespace(rule=rule, name=function.__name__, make=function,
                                     sentence=(function.__doc__ or "").strip()))
        return function
    return keep


class World:
    """What the maker has: an honest bundle with its plaintext, and the victim's card."""

    def __init__(self, honest, point, victim, author):
        self.honest, self.point = honest, point
        self.victim = victim  # identity --json of the vault that will be attacked
        self.author = author  # of the vault that the honest bundle is from
        self.header, self.file_key, self.plain = age_open(honest, point)
        self.mallory = Person("mallory")
        self.honest_bag = Bag(untar(self.plain))
        self.known, self.left = random_id(), None  # what the victim remembers, see run.py

    def bag(self):
        """The honest records under Mallory's name, for the victim: sealed, this is valid."""
        bag, m = self.honest_bag.copy(), self.mallory
        bag.tags["sender.txt"] = m.card()
        bag.set("Witnessbox-Sender", m.sign.minisign)
        bag.set("Witnessbox-Checkpoint", b64(m.checkpoint().encode()))
        bag.info = [(n, v) for n, v in bag.info if n != "Witnessbox-Recipient"]
        at = [n for n, _ in bag.info].index("Witnessbox-Records")
        bag.info.insert(at, ("Witnessbox-Recipient", self.victim["recipient"]))
        return bag

    def sealed(self):
        return self.bag().seal(self.mallory)

    def came(self):
        """What the victim took in from Mallory before: one record, a bundle id of its own."""
        bag = self.bag()
        bag.set("Witnessbox-Bundle", self.known)
        name, _ = bag.find("incident")
        bag.payload = [(name, bag.read(name))]
        return self.send_bag(bag.seal(self.mallory))

    def receipt(self, **other):
        """A bundle with nothing but a receipt by Mallory for what left to somebody else."""
        said = {"bundle": self.left["bundle"], "tag-manifest": self.left["tag-manifest"],
                "recipient": self.mallory.age.recipient, "time": "2026-11-23T05:40:39Z", **other}
        places = [{"field": "0", "name": "origin", "salt": os.urandom(16).hex(),
                   "value": self.mallory.origin}]
        places += [{"field": str(i + 1), "name": name, "salt": os.urandom(16).hex(),
                    "value": text} for i, (name, text) in enumerate(said.items())]
        places.append({"field": "5", "name": "records", "salt": os.urandom(16).hex(),
                       "values": [{"salt": os.urandom(16).hex(), "value": line}
                                  for line in self.left["records"]]})
        r = {"witnessbox": "record/1", "kind": "receipt", "schema": "1", "id": random_id(),
             "revision": "1", "previous": [], "root": "", "latest": "yes", "places": places,
             "proofs": []}
        bag = self.bag()
        bag.payload = []
        bag.put_record(own(r, self.mallory))
        return self.send_bag(bag.seal(self.mallory))

    def send(self, plain):
        return age(plain, [self.victim["recipient"]])

    def send_members(self, members):
        return self.send(tar(members))

    def send_bag(self, bag):
        return self.send_members(bag.members())

    def with_record(self, kind, change, mine=True):
        """A bundle in which one record is another: changed, then made whole again."""
        bag = self.bag()
        name, r = bag.find(kind)
        bag.remove(name)
        if mine:
            r["places"][0]["value"] = self.mallory.origin
        change(r)
        if mine:
            own(r, self.mallory)
        bag.put_record(r)
        return self.send_bag(bag.seal(self.mallory))


# ---- must be taken: the maker's own bundles are good where he bends nothing

def taken_honest_under_another_name(w):
    return w.send_bag(w.sealed())


def taken_with_a_page_that_is_nothing_of_the_kind(w):
    """Nothing is taken from it: a script in it is no concern of a reader that never looks."""
    bag = w.bag()
    bag.put("data/report.html", b"\0\xff<script src=http://x/></script>\x1b[2J")
    return w.send_bag(bag.seal(w.mallory))


def taken_own_record(w):
    def change(r):
        place(r, "name")["value"] = "Somebody else"
    return w.with_record("person", change)


def taken_without_proofs_and_origin(w):
    bag = w.bag()
    name, r = bag.find("person")
    bag.remove(name)
    r["places"][0] = {"field": "0", "name": "origin", "closed": os.urandom(32).hex()}
    for p in r["places"]:
        if p.get("state") == "absent" or p.get("values") == []:
            salt = p.pop("salt")
            del salt
            p.pop("state", None), p.pop("values", None)
            p["closed"] = os.urandom(32).hex()
    r["root"], r["proofs"] = record_root(r).hex(), []
    bag.put_record(r)
    return w.send_bag(bag.seal(w.mallory))


def loosen(r):
    """What ties a record to its log, its line and its sender is taken from it."""
    r["places"][0] = {"field": "0", "name": "origin", "closed": os.urandom(32).hex()}
    for p in r["places"]:
        if p.get("state") == "absent" or p.get("values") == []:
            for key in ("salt", "state", "values"):
                p.pop(key, None)
            p["closed"] = os.urandom(32).hex()
    r.pop("latest", None)
    r["revision"], r["previous"], r["proofs"] = "1", [], []


def unlinkable(w, bend=lambda kind, r: None):
    """Copies under keys of one use, one of them bent before its root is made."""
    bag = w.bag()
    bag.drop("Witnessbox-Checkpoint")
    for name in bag.records():
        r = json.loads(bag.read(name))
        bag.remove(name)
        loosen(r)
        bend(r["kind"], r)
        r["root"] = record_root(r).hex()
        bag.put_record(r)
    return w.send_bag(bag.seal(w.mallory))


TAKEN = [taken_honest_under_another_name, taken_own_record, taken_without_proofs_and_origin,
         taken_with_a_page_that_is_nothing_of_the_kind, unlinkable]


# ---- age

@case("age-header")
def not_age(w):
    """A file that is no age file at all."""
    return os.urandom(5000)


@case("age-header")
def empty(w):
    """An empty file."""
    return b""


@case("age-header")
def age_armor(w):
    """ASCII armor around an honest file: only the binary form is a bundle."""
    lines = re.findall(".{1,64}", b64(w.send_bag(w.sealed())))
    return ("-----BEGIN AGE ENCRYPTED FILE-----\n" + "\n".join(lines) +
            "\n-----END AGE ENCRYPTED FILE-----\n").encode()


@case("age-header")
def age_many_stanzas(w):
    """65 stanzas, of which the last would open."""
    key = os.urandom(16)
    stanzas = [x25519_stanza(Point().point, key) for _ in range(64)]
    stanzas.append(x25519_stanza(unbech(w), key))
    return age_header(stanzas, key) + age_payload(tar(w.sealed().members()), key)


@case("age-header")
def age_huge_header(w):
    """A header that does not end."""
    return b"age-encryption.org/v1\n" + b"-> x\n" + (b"A" * 64 + b"\n") * 8000


@case("age-header")
def age_low_order_share(w):
    """A share of low order, which every key would agree on."""
    key = os.urandom(16)
    bad = f"-> X25519 {b64(bytes(32), False)}\n{b64(bytes(32), False)}\n"
    return age_header([bad, x25519_stanza(unbech(w), key)], key) + age_payload(b"", key)


@case("age-header")
def age_scrypt_beside(w):
    """A passphrase stanza beside one for a key."""
    key = os.urandom(16)
    scrypt = f"-> scrypt {b64(os.urandom(16), False)} 10\n{b64(os.urandom(32), False)}\n"
    return age_header([scrypt, x25519_stanza(unbech(w), key)], key) + age_payload(b"", key)


@case("age-address")
def age_for_another(w):
    """A bundle for somebody else, found on the way."""
    return age(tar(w.sealed().members()), [Point().recipient])


@case("age-passphrase")
def age_passphrase(w):
    """A file for a passphrase: for nobody's key."""
    key = os.urandom(16)
    scrypt = f"-> scrypt {b64(os.urandom(16), False)} 10\n{b64(os.urandom(32), False)}\n"
    return age_header([scrypt], key) + age_payload(b"", key)


@case("age-mac")
def age_stanza_added(w):
    """A further stanza in an honest header: its MAC does not cover it."""
    data = w.honest
    first = data.index(b"-> ")
    return data[:first] + x25519_stanza(Point().point, os.urandom(16)).encode() + data[first:]


@case("age-payload")
def age_flipped(w):
    """One bit of the ciphertext flipped."""
    data = bytearray(w.honest)
    data[len(w.header) + 16 + 100000] ^= 1
    return bytes(data)


@case("age-payload")
def age_cut(w):
    """The last byte missing."""
    return w.honest[:-1]


@case("age-payload")
def age_last_chunk_missing(w):
    """Cut exactly between two chunks: what is there opens, but no chunk is the last."""
    chunks = (len(w.honest) - len(w.header) - 17) // (65536 + 16)
    return w.honest[:len(w.header) + 16 + chunks * (65536 + 16)]


@case("age-payload")
def age_more(w):
    """Bytes behind the last chunk."""
    return w.honest + b"more"


@case("age-payload")
def age_chunks_swapped(w):
    """Two chunks in each other's place."""
    at = len(w.header) + 16
    one, two = w.honest[at:at + 65552], w.honest[at + 65552:at + 2 * 65552]
    return w.honest[:at] + two + one + w.honest[at + 2 * 65552:]


# ---- forgeries between recipients of one file

@case("bag-manifest")
def co_recipient_payload(w):
    """The honest header byte for byte, the honest signature, another photograph."""
    bag = w.honest_bag.copy()
    name = bag.files()[0]
    data = bytearray(bag.read(name))
    data[0] ^= 1
    hashed = f"data/files/{sha256(bytes(data)).hex()}"
    bag.remove(name)
    bag.put(hashed, bytes(data))
    return w.header + age_payload(tar(bag.members()), w.file_key)


@case("sig-forged")
def co_recipient_resigned(w):
    """The honest header, everything made to fit, the signature by a key that is not the
    author's."""
    bag = w.honest_bag.copy()
    name, r = bag.find("person")
    bag.remove(name)
    place(r, "name")["value"] = "A name that the author never wrote"
    bag.put_record(own(r, w.mallory))
    signer = w.mallory.sign
    bag.count(), bag.write_info(), bag.list_payload(), bag.list_tags()
    honest_id = unb_minisign(w.author["minisign"])
    signer.id, kept = honest_id, signer.id
    bag.sign(signer)
    signer.id = kept
    return w.header + age_payload(tar(bag.members()), w.file_key)


@case("address-listed")
def forwarded(w):
    """Surreptitious forwarding: an honest bundle, signed for others, encrypted for us."""
    bag = w.honest_bag.copy()
    stranger = Point().recipient
    bag.info = [(n, v) for n, v in bag.info if n != "Witnessbox-Recipient"]
    at = [n for n, _ in bag.info].index("Witnessbox-Records")
    bag.info.insert(at, ("Witnessbox-Recipient", stranger))
    bag.tags["sender.txt"] = w.mallory.card()
    bag.set("Witnessbox-Sender", w.mallory.sign.minisign)
    bag.set("Witnessbox-Checkpoint", b64(w.mallory.checkpoint().encode()))
    return w.send_bag(bag.seal(w.mallory))


# ---- tar

def bent_header(w, **other):
    """The last record's header bent."""
    members = w.sealed().members()
    name, data = members[-1]
    return w.send_members(members[:-1] + [member(name, data, **other)])


@case("tar-header")
def tar_pax(w):
    """A PAX header in front of a member."""
    pax = b"20 path=data/other\n\n"
    members = w.sealed().members()
    return w.send_members(members[:-1] + [member("pax", pax, type="x")] + members[-1:])


@case("tar-header")
def tar_gnu_long_name(w):
    """A GNU long name in front of a member."""
    members = w.sealed().members()
    return w.send_members(members[:-1] + [member("long", b"data/x\0", type="L")] + members[-1:])


@case("tar-header")
def tar_symlink(w):
    """A symbolic link to outside."""
    return w.send_members(w.sealed().members() +
                          [ustar_header("bag/data/files/link", 0, type="2", link="/etc/passwd")])


@case("tar-header")
def tar_directory(w):
    """A directory."""
    members = w.sealed().members()
    return w.send_members([ustar_header("bag/", 0, type="5")] + members)


@case("tar-header")
def tar_mode(w):
    """Another mode: a bit that carries a message."""
    return bent_header(w, mode="0000644")


@case("tar-header")
def tar_owner(w):
    """An owner's name."""
    return bent_header(w, uname="root")


@case("tar-header")
def tar_time(w):
    """A time."""
    return bent_header(w, mtime="14000000000")


@case("tar-header")
def tar_base_256(w):
    """A size in base 256."""
    size = len(w.sealed().members()[-1][1])
    return bent_header(w, size=b"\x80" + size.to_bytes(11, "big"))


@case("tar-header")
def tar_climbs(w):
    """A name that climbs out."""
    return w.send_members(w.sealed().members() + [("data/files/../../../x", b"x")])


@case("tar-header")
def tar_absolute(w):
    """An absolute name."""
    return w.send_members(w.sealed().members() + [ustar_header("/etc/x", 0)])


@case("tar-header")
def tar_gnu_magic(w):
    """The magic of GNU tar."""
    return bent_header(w, magic="ustar  \0")


@case("tar-order")
def tar_tags_swapped(w):
    """Two tag files in each other's place."""
    m = w.sealed().members()
    return w.send_members([m[1], m[0]] + m[2:])


@case("tar-order")
def tar_tag_twice(w):
    """A tag file twice, which tar would overwrite."""
    m = w.sealed().members()
    return w.send_members(m[:2] + [m[1]] + m[2:])


@case("tar-name")
def tar_other_payload(w):
    """A payload member that is neither file nor record."""
    bag = w.bag()
    bag.put("data/notes", b"x")
    return w.send_bag(bag.seal(w.mallory))


@case("tar-name")
def tar_capital_hash(w):
    """A record whose name is not written in the one way."""
    bag = w.bag()
    name = bag.records()[-1]
    data = bag.read(name)
    bag.remove(name)
    bag.put(name[:-5] + "0.json", data)
    return w.send_bag(bag.seal(w.mallory))


@case("tar-sorted")
def tar_unsorted(w):
    """Two records in each other's place, manifest and all."""
    bag = w.bag()
    bag.payload[-2:] = bag.payload[:-3:-1]
    return w.send_bag(bag.seal(w.mallory))


@case("tar-duplicate")
def tar_duplicate(w):
    """The same record twice."""
    bag = w.bag()
    bag.payload.append(bag.payload[-1])
    return w.send_bag(bag.seal(w.mallory))


@case("tar-duplicate")
def tar_tag_again(w):
    """bag-info.txt again at the end, where tar would let it win."""
    bag = w.sealed()
    return w.send_members(bag.members() + [("bag-info.txt", b"Bundle: other\n")])


@case("tar-padding")
def tar_padding(w):
    """A message in the padding of a member."""
    members = w.sealed().members()
    name, data = members[-1]
    block = member(name, data)
    assert len(data) % BLOCK
    return w.send_members(members[:-1] + [block[:-1] + b"\1"])


@case("tar-cut")
def tar_cut(w):
    """The archive ends behind its last member."""
    return w.send(b"".join(member(*m) for m in w.sealed().members()))


@case("tar-cut")
def tar_cut_inside(w):
    """The archive ends inside a member."""
    plain = b"".join(member(*m) for m in w.sealed().members())
    return w.send(plain[:-700])


@case("tar-end")
def tar_one_end_block(w):
    """One end block, then more members: some readers stop, some do not."""
    members = w.sealed().members()
    return w.send_members(members[:-1] + [bytes(BLOCK), member(*members[-1])])


@case("tar-second")
def tar_second(w):
    """A second archive behind the first, which tar -i would read."""
    first = b"".join(member(*m) for m in w.sealed().members())
    return w.send_members([first + bytes(2 * BLOCK), ("data/files/other", b"x")])


@case("tar-trailing")
def tar_trailing(w):
    """A message behind the end."""
    plain = bytearray(tar(w.sealed().members()))
    plain[-1] = 1
    return w.send(bytes(plain))


@case("tar-length")
def tar_longer(w):
    """A block of zeros too many: the length carries a message."""
    return w.send(tar(w.sealed().members()) + bytes(BLOCK))


@case("tar-length")
def tar_shorter(w):
    """Not padded: the length tells what is inside."""
    return w.send(b"".join(member(*m) for m in w.sealed().members()) + bytes(2 * BLOCK))


@case("tar-length")
def tar_odd(w):
    """One zero byte too many."""
    return w.send(tar(w.sealed().members()) + b"\0")


# ---- tag files

@case("tag-size")
def tag_huge(w):
    """A README of more than 64 KiB."""
    bag = w.sealed()
    bag.tags["README.txt"] += b"x" * 65536
    return w.send_bag(bag.reseal(w.mallory))


@case("tag-unlisted")
def tag_unlisted(w):
    """A further tag file, which the tag manifest does not list and bagit-python ignores."""
    m = w.sealed().members()
    return w.send_members(m[:2] + [("read-first.txt", b"call this number\n")] + m[2:])


@case("tag-unlisted")
def tag_fetch(w):
    """fetch.txt: files to be had from the network."""
    m = w.sealed().members()
    return w.send_members(m[:6] + [("fetch.txt", b"http://x/ 1 data/x\n")] + m[6:])


@case("tag-missing")
def tag_no_signature(w):
    """No signature: the payload comes where it should be."""
    m = w.sealed().members()
    return w.send_members(m[:6] + m[7:])


@case("tag-missing")
def tag_end_early(w):
    """Nothing behind the tag manifest."""
    return w.send_members(w.sealed().members()[:6])


@case("bag-declaration")
def bag_declaration(w):
    """An older version of BagIt."""
    bag = w.sealed()
    bag.tags["bagit.txt"] = bag.tags["bagit.txt"].replace(b"1.0", b"0.97")
    return w.send_bag(bag.reseal(w.mallory))


@case("bag-readme")
def bag_readme(w):
    """A README that tells people to do something else."""
    bag = w.sealed()
    bag.tags["README.txt"] = bag.tags["README.txt"].replace(b"minisign -V -H", b"true")
    return w.send_bag(bag.reseal(w.mallory))


@case("bag-readme")
def bag_readme_same_length(w):
    """As long as ours, and another command in it."""
    bag = w.sealed()
    bag.tags["README.txt"] = bag.tags["README.txt"].replace(b"minisign -V -H", b"minisign -V -q")
    return w.send_bag(bag.reseal(w.mallory))


@case("bag-tagmanifest")
def bag_tagmanifest_hash(w):
    """A hash in the tag manifest that is not the file's, signed."""
    bag = w.sealed()
    bag.tags["tagmanifest-sha256.txt"] = bag.tags["tagmanifest-sha256.txt"].replace(
        sha256(bag.tags["README.txt"]).hex().encode(), b"0" * 64)
    bag.sign(w.mallory.sign)
    return w.send_bag(bag)


@case("bag-tagmanifest")
def bag_tagmanifest_short(w):
    """A tag manifest that leaves sender.txt out, signed."""
    bag = w.sealed()
    lines = bag.tags["tagmanifest-sha256.txt"].splitlines(True)
    bag.tags["tagmanifest-sha256.txt"] = b"".join(lines[:-1])
    bag.sign(w.mallory.sign)
    return w.send_bag(bag)


@case("bag-tagmanifest")
def bag_tagmanifest_binary_mark(w):
    """The star that sha256sum -b writes: another byte string for the same content."""
    bag = w.sealed()
    bag.tags["tagmanifest-sha256.txt"] = bag.tags["tagmanifest-sha256.txt"].replace(b"  ", b" *")
    bag.sign(w.mallory.sign)
    return w.send_bag(bag)


def bent_info(w, bend):
    bag = w.bag()
    bag.count()
    bag.info = bend(bag) or bag.info
    bag.write_info(), bag.list_payload(), bag.list_tags(), bag.sign(w.mallory.sign)
    return w.send_bag(bag)


@case("info-form")
def info_label(w):
    """A label that no bundle has."""
    return bent_info(w, lambda bag: bag.info + [("Contact-Name", "Mallory")])


@case("info-form")
def info_order(w):
    """Two lines in each other's place."""
    return bent_info(w, lambda bag: [bag.info[1], bag.info[0]] + bag.info[2:])


@case("info-form")
def info_zero(w):
    """A number with a leading zero."""
    return bent_info(w, lambda bag: bag.set("Witnessbox-Files",
                                            "0" + bag.get("Witnessbox-Files")))


@case("info-form")
def info_date(w):
    """A day that is not that of the time."""
    return bent_info(w, lambda bag: bag.set("Bagging-Date", "1999-01-01"))


@case("info-form")
def info_purpose(w):
    """A purpose that is not on the list."""
    return bent_info(w, lambda bag: bag.set("Witnessbox-Purpose", "anything"))


@case("info-form")
def info_recipient_twice(w):
    """The same recipient twice."""
    def bend(bag):
        at = [n for n, _ in bag.info].index("Witnessbox-Records")
        return bag.info[:at] + [bag.info[at - 1]] + bag.info[at:]
    return bent_info(w, bend)


@case("info-form")
def info_capital_recipient(w):
    """Our key in capital letters, which Bech32 allows and we do not write."""
    return bent_info(w, lambda bag: bag.set("Witnessbox-Recipient",
                                            w.victim["recipient"].upper()))


@case("address-listed")
def info_passphrase(w):
    """The mark of a passphrase bundle in one for a key."""
    return bent_info(w, lambda bag: bag.set("Witnessbox-Recipient", "passphrase"))


def bent_overrides(w, *values):
    """Instead of the honest ones, which are two."""
    def bend(bag):
        at = [n for n, _ in bag.info].index("Witnessbox-Override")
        rest = [(n, v) for n, v in bag.info if n != "Witnessbox-Override"]
        return rest[:at] + [("Witnessbox-Override", v) for v in values] + rest[at:]
    return bent_info(w, bend)


def honest_overrides(w):
    return [v for n, v in w.honest_bag.info if n == "Witnessbox-Override"]


@case("info-form")
def info_overrides_descend(w):
    """Overrides that are not in the order of their ids."""
    return bent_overrides(w, *reversed(honest_overrides(w)))


@case("info-form")
def info_override_twice(w):
    """Two reasons for one record."""
    return bent_overrides(w, *honest_overrides(w)[:1] * 2)


@case("info-form")
def info_override_reason(w):
    """A reason that would write a second line on a terminal."""
    id = honest_overrides(w)[0].split()[0]
    return bent_overrides(w, id + " " + b64(b"asked\x1b[2Jtwice\n"))


@case("info-form")
def info_override_without_reason(w):
    """No reason at all."""
    return bent_overrides(w, honest_overrides(w)[0].split()[0] + " ====")


@case("info-form")
def info_carriage_return(w):
    """Lines that end in CR LF."""
    bag = w.sealed()
    bag.tags["bag-info.txt"] = bag.tags["bag-info.txt"].replace(b"\n", b"\r\n")
    return w.send_bag(bag.reseal(w.mallory))


@case("info-version")
def info_version(w):
    """A newer format."""
    return bent_info(w, lambda bag: bag.set("Witnessbox-Format", "2"))


@case("info-counts")
def info_octets(w):
    """Another Payload-Oxum."""
    return bent_info(w, lambda bag: bag.set("Payload-Oxum", "1." + str(len(bag.payload))))


@case("info-counts")
def info_records(w):
    """One record more than there is: something would seem to be missing."""
    return bent_info(w, lambda bag: bag.set("Witnessbox-Records",
                                            str(len(bag.records()) + 1)))


@case("info-counts")
def info_files(w):
    """One file more than there is."""
    return bent_info(w, lambda bag: bag.set("Witnessbox-Files", str(len(bag.files()) + 1)))


@case("info-checkpoint")
def info_checkpoint_other_log(w):
    """The head of another's log, to borrow its age."""
    return bent_info(w, lambda bag: bag.set("Witnessbox-Checkpoint",
                                            w.honest_bag.get("Witnessbox-Checkpoint")))


@case("info-checkpoint")
def info_checkpoint_forged(w):
    """A head under the card's origin, signed by another key."""
    other = Person("other", w.mallory.origin)
    return bent_info(w, lambda bag: bag.set("Witnessbox-Checkpoint",
                                            b64(other.checkpoint().encode())))


@case("info-checkpoint")
def info_checkpoint_no_note(w):
    """Something that is no signed note in the place of a head."""
    return bent_info(w, lambda bag: bag.set("Witnessbox-Checkpoint", b64(b"trust me\n")))


# ---- signature and sender

@case("sig-form")
def sig_legacy(w):
    """The legacy algorithm Ed, which minisign -V without -H takes too."""
    bag = w.sealed()
    bag.sign(w.mallory.sign, legacy=True)
    return w.send_bag(bag)


@case("sig-form")
def sig_fifth_line(w):
    """A fifth line, which minisign does not read."""
    bag = w.sealed()
    bag.tags["tagmanifest-sha256.txt.minisig"] += b"and more\n"
    return w.send_bag(bag)


@case("sig-form")
def sig_escape(w):
    """A comment that commands a terminal."""
    bag = w.sealed()
    bag.sign(w.mallory.sign, trusted="\x1b[2Jwitnessbox bundle")
    return w.send_bag(bag)


@case("sig-comment")
def sig_other_bundle(w):
    """The trusted comment of another bundle."""
    bag = w.sealed()
    bag.sign(w.mallory.sign, trusted="witnessbox bundle " + "0" * 26)
    return w.send_bag(bag)


@case("sig-comment")
def sig_untrusted(w):
    """Another untrusted comment: bytes that nobody signed."""
    bag = w.sealed()
    bag.sign(w.mallory.sign, untrusted="call this number")
    return w.send_bag(bag)


@case("sig-comment")
def sig_untrusted_same_length(w):
    """An untrusted comment as long as ours."""
    bag = w.sealed()
    bag.sign(w.mallory.sign, untrusted="witnessbox tumble")
    return w.send_bag(bag)


@case("sig-comment")
def sig_trusted_longer(w):
    """The trusted comment of this bundle, and more behind it."""
    bag = w.sealed()
    bag.sign(w.mallory.sign, trusted=f"witnessbox bundle {bag.get('Witnessbox-Bundle')} ok")
    return w.send_bag(bag)


@case("sig-forged")
def sig_other_key(w):
    """The signature of another key."""
    bag = w.sealed()
    bag.sign(Person("other").sign)
    return w.send_bag(bag)


@case("sig-forged")
def sig_author_named(w):
    """Mallory's bundle that names the honest author as its sender."""
    bag = w.bag()
    bag.tags["sender.txt"] = w.honest_bag.tags["sender.txt"]
    bag.set("Witnessbox-Sender", w.author["minisign"])
    bag.set("Witnessbox-Checkpoint", w.honest_bag.get("Witnessbox-Checkpoint"))
    return w.send_bag(bag.seal(w.mallory))


@case("sig-forged")
def sig_comment_altered(w):
    """A good signature whose trusted comment's own signature is not."""
    bag = w.sealed()
    lines = bag.tags["tagmanifest-sha256.txt.minisig"].split(b"\n")
    lines[3] = b64(os.urandom(64)).encode()
    bag.tags["tagmanifest-sha256.txt.minisig"] = b"\n".join(lines)
    return w.send_bag(bag)


def bent_card(w, card):
    bag = w.sealed()
    bag.tags["sender.txt"] = card
    return w.send_bag(bag.reseal(w.mallory))


@case("card-form")
def card_line(w):
    """A further line in the card, signed."""
    return bent_card(w, w.mallory.card(w.mallory.card_lines() + b"organisation UN\n"))


@case("card-form")
def card_control(w):
    """A name that commands a terminal."""
    lines = w.mallory.card_lines().replace(b"name mallory", b"name \x1b[31mUN")
    return bent_card(w, w.mallory.card(lines))


@case("card-form")
def card_cosigner(w):
    """A cosigner under another log's name."""
    m = w.mallory
    lines = m.card_lines().replace(m.cosigner.vkey(m.origin + "/cosigner", 4).encode(),
                                   m.cosigner.vkey("other/cosigner", 4).encode())
    return bent_card(w, m.card(lines))


@case("card-forged")
def card_altered(w):
    """A name that the card's key did not sign."""
    lines = w.mallory.card_lines()
    return bent_card(w, w.mallory.card(lines, lines.replace(b"name mallory", b"name alice")))


@case("card-other")
def card_of_another(w):
    """The honest author's card in Mallory's bundle."""
    return bent_card(w, w.honest_bag.tags["sender.txt"])


# ---- payload against the manifest

@case("bag-manifest")
def manifest_extra(w):
    """A record that the manifest does not list."""
    bag = w.sealed()
    _, r = bag.find("person")
    place(r, "name")["value"] = "Unlisted"
    bag.put_record(own(r, w.mallory))
    return w.send_bag(bag)


@case("bag-manifest")
def manifest_missing(w):
    """A record that the manifest lists and that is left out."""
    bag = w.sealed()
    bag.remove(bag.find("statement")[0])
    return w.send_bag(bag)


@case("bag-manifest")
def manifest_two_algorithms(w):
    """A manifest in capitals: the same hashes in another spelling."""
    bag = w.sealed()
    text = bag.tags["manifest-sha256.txt"].decode()
    bag.tags["manifest-sha256.txt"] = re.sub("^[0-9a-f]{64}", lambda m: m.group().upper(),
                                             text, flags=re.M).encode()
    return w.send_bag(bag.reseal(w.mallory))


@case("bag-manifest")
def manifest_comment(w):
    """A line in the manifest that sha256sum would only warn of."""
    bag = w.sealed()
    bag.tags["manifest-sha256.txt"] += b"# call this number\n"
    return w.send_bag(bag.reseal(w.mallory))


# ---- files

@case("file-part")
def file_needless_part(w):
    """A small file in one part: another byte string for the same content."""
    bag = w.bag()
    name = bag.files()[0]
    data = bag.read(name)
    bag.remove(name)
    bag.put(name + ".0000", data)
    return w.send_bag(bag.seal(w.mallory))


@case("file-part")
def file_small_parts(w):
    """A file in two parts of other sizes than all parts have."""
    bag = w.bag()
    name = bag.files()[0]
    data = bag.read(name)
    bag.remove(name)
    bag.put(name + ".0000", data[:1000])
    bag.put(name + ".0001", data[1000:])
    return w.send_bag(bag.seal(w.mallory))


@case("file-part")
def file_part_from_one(w):
    """Parts that begin with 0001."""
    bag = w.bag()
    name = bag.files()[0]
    data = bag.read(name)
    bag.remove(name)
    bag.put(name + ".0001", data)
    return w.send_bag(bag.seal(w.mallory))


@case("file-part")
def file_and_part(w):
    """A file whole, and a part of it behind."""
    bag = w.bag()
    name = bag.files()[0]
    bag.put(name + ".0000", b"more")
    return w.send_bag(bag.seal(w.mallory))


@case("file-hash")
def file_other_bytes(w):
    """Other bytes under the name that the evidence record gives, in manifest and all."""
    bag = w.bag()
    name = bag.files()[0]
    bag.put(name, bytes(len(bag.read(name))))
    return w.send_bag(bag.seal(w.mallory))


@case("file-hash")
def file_other_bytes_first(w):
    """The same in the first of two files."""
    bag = w.bag()
    name = bag.files()[0]
    data = os.urandom(3000)
    bag.put(name, bytes(len(bag.read(name))))
    while (more := f"data/files/{sha256(data).hex()}") < name:
        data = os.urandom(3000)
    bag.put(more, data)
    return w.send_bag(bag.seal(w.mallory))


@case("file-hash")
def file_other_bytes_alone(w):
    """The same where nothing comes behind the file."""
    bag = w.bag()
    name = bag.files()[0]
    bag.put(name, bytes(len(bag.read(name))))
    for record in bag.records():
        bag.remove(record)
    return w.send_bag(bag.seal(w.mallory))


@case("file-missing")
def file_missing_first(w):
    """Two files that two records name, both left out."""
    bag = w.bag()
    bag.remove(bag.files()[0])
    name, r = bag.find("evidence")
    r["id"] = random_id()
    r["places"][0]["value"] = w.mallory.origin
    place(r, "sha256")["value"] = "00" * 32
    bag.put_record(own(r, w.mallory))
    return w.send_bag(bag.seal(w.mallory))


@case("file-unclaimed")
def file_unclaimed(w):
    """A file that no record names: it would lie in the vault unseen."""
    bag = w.bag()
    data = os.urandom(3000)
    bag.put(f"data/files/{sha256(data).hex()}", data)
    return w.send_bag(bag.seal(w.mallory))


@case("file-missing")
def file_missing(w):
    """An evidence record whose file is left out."""
    bag = w.bag()
    bag.remove(bag.files()[0])
    return w.send_bag(bag.seal(w.mallory))


@case("file-size")
def file_size(w):
    """An evidence record that tells another size of its file."""
    def change(r):
        place(r, "size")["value"] = "5"
    return w.with_record("evidence", change)


# ---- records

@case("page-size")
def page_empty(w):
    bag = w.bag()
    bag.put("data/report.html", b"")
    return w.send_bag(bag.seal(w.mallory))


@case("page-size")
def page_huge(w):
    """The header alone claims one byte too many."""
    header = ustar_header("bag/data/report.html", 64 * 1024 * 1024 + 1)
    return w.send_members(w.sealed().members() + [header, os.urandom(5120)])


@case("tar-sorted")
def page_before_records(w):
    bag = w.bag()
    page = ("data/report.html", b"<!DOCTYPE html>")
    bag.payload.insert(len(bag.files()), page)
    return w.send_bag(bag.seal(w.mallory))


@case("tar-duplicate")
def page_twice(w):
    bag = w.bag()
    bag.payload += [("data/report.html", b"one"), ("data/report.html", b"two")]
    return w.send_bag(bag.seal(w.mallory))


@case("tar-name")
def page_of_another_name(w):
    bag = w.bag()
    bag.put("data/report.htm", b"<!DOCTYPE html>")
    return w.send_bag(bag.seal(w.mallory))


@case("bag-manifest")
def page_altered(w):
    bag = w.bag()
    bag.put("data/report.html", b"<!DOCTYPE html>")
    bag.seal(w.mallory)
    bag.put("data/report.html", b"<!DOCTYPE htmL>")
    return w.send_bag(bag)


@case("record-size")
def record_huge(w):
    """A record of more than 64 MiB: refused before it is read."""
    members = w.sealed().members()
    header = ustar_header("bag/data/records/" + "f" * 32 + ".json", 64 * 1024 * 1024 + 1)
    return w.send_members(members + [header, os.urandom(5120)])


def bent_record(w, bend, kind="person"):
    """JSON bent as bytes; its name still the root's."""
    bag = w.bag()
    name, _ = bag.find(kind)
    bag.put(name, bend(bag.read(name)))
    return w.send_bag(bag.seal(w.mallory))


@case("record-form")
def record_space(w):
    """White space that JSON allows."""
    return bent_record(w, lambda data: data.replace(b'"kind":', b'"kind": '))


@case("record-form")
def record_no_line_feed(w):
    """No line feed at the end."""
    return bent_record(w, lambda data: data[:-1])


@case("record-form")
def record_key_order(w):
    """Two keys in each other's place."""
    return bent_record(w, lambda data: re.sub(
        rb'("schema":"1"),("id":"[^"]*")', rb"\2,\1", data))


@case("record-form")
def record_key_twice(w):
    """The same key twice: two readers, two roots."""
    return bent_record(w, lambda data: data.replace(b'"kind":"person"',
                                                    b'"kind":"act","kind":"person"'))


@case("record-form")
def record_escape(w):
    """A letter written as an escape."""
    return bent_record(w, lambda data: data.replace(b'"kind":"p', b'"kind":"\\u0070'))


@case("record-form")
def record_altered(w):
    """A word of a witness altered, the root left as it was."""
    return bent_record(w, lambda data: data.replace(b"They came", b"They went"), "statement")


@case("record-form")
def record_place_missing(w):
    """A place left out, root made again: something hidden that cannot be seen to be."""
    return w.with_record("person", lambda r: r["places"].pop())


@case("record-form")
def record_place_more(w):
    """A place that the kind does not have."""
    return w.with_record("person", lambda r: r["places"].append(
        {"field": "999", "name": "other", "salt": "0" * 32, "value": "x"}))


@case("record-form")
def record_withheld_shows(w):
    """One field withheld, the empty ones open: what is empty and what is hidden would show."""
    def change(r):
        p = place(r, "name")
        del p["salt"], p["value"]
        p["closed"] = os.urandom(32).hex()
    return w.with_record("person", change)


@case("record-form")
def record_bad_date(w):
    """A date that is none."""
    def change(r):
        place(r, "date")["value"] = "2026-13-45"
    return w.with_record("incident", change)


@case("record-form")
def record_not_utf8(w):
    """Bytes that are not UTF-8."""
    return bent_record(w, lambda data: data.replace(b"They came", b"They \xff\xfe"), "statement")


@case("record-form")
def record_newer(w):
    """A later format of records."""
    return bent_record(w, lambda data: data.replace(b"record/1", b"record/2"))


@case("record-form")
def record_private(w):
    """A contact: it would tell us whom to trust."""
    def change(r):
        r["kind"] = "contact"
    return w.with_record("person", change)


@case("record-name")
def record_name(w):
    """A record under the name of another root."""
    bag = w.bag()
    name, r = bag.find("person")
    bag.remove(name)
    bag.put_record(r, name="data/records/" + "f" * 32 + ".json")
    return w.send_bag(bag.seal(w.mallory))


def bent_proofs(w, bend):
    """Mallory's own record with other proofs."""
    bag = w.bag()
    name, r = bag.find("person")
    bag.remove(name)
    own(r, w.mallory)
    r["proofs"] = bend(r)
    bag.put_record(r)
    return w.send_bag(bag.seal(w.mallory))


@case("record-origin")
def proof_none(w):
    """A record that names its log and has no proof."""
    return bent_proofs(w, lambda r: [])


@case("record-origin")
def proof_without_origin(w):
    """A proof by Mallory's log in the place of an author's who is not named."""
    bag = w.bag()
    name, r = bag.find("person")
    bag.remove(name)
    loosen(r)
    places, _ = r.pop("places"), r.pop("proofs")
    r = {**r, "latest": "yes", "places": places}
    r["root"] = record_root(r).hex()
    r["proofs"] = [prove(r, w.mallory)]
    bag.put_record(r)
    return w.send_bag(bag.seal(w.mallory))


@case("record-origin")
def proof_other_log(w):
    """A record that names one log, with the proof of another."""
    other = Person("other")
    return bent_proofs(w, lambda r: [prove(r, other)])


@case("record-proof")
def proof_other_record(w):
    """A proof of another record."""
    return bent_proofs(w, lambda r: [prove(r, w.mallory, root="0" * 64)])


@case("record-proof")
def proof_import(w):
    """In the author's place a proof that it was imported."""
    return bent_proofs(w, lambda r: [prove(r, w.mallory, action="import")])


@case("record-proof")
def proof_time(w):
    """Another time than the log's."""
    def bend(r):
        proof = prove(r, w.mallory)
        proof["time"] = "2019-11-23T05:40:39Z"
        return [proof]
    return bent_proofs(w, bend)


@case("record-proof")
def proof_root(w):
    """A checkpoint whose tree does not hold the entry."""
    def bend(r):
        proof = prove(r, w.mallory)
        text = proof["proof"]
        note = w.mallory.checkpoint([os.urandom(32)])
        proof["proof"] = text[:text.index("\n\n") + 2] + note
        return [proof]
    return bent_proofs(w, bend)


@case("record-proof")
def proof_second(w):
    """A good author's proof, and behind it one that does not hold."""
    return bent_proofs(w, lambda r: [
        prove(r, w.mallory), prove(r, Person("x"), action="import", root="0" * 64)])


def bent_entry(w, bend):
    """A tree and a signature that hold, over something that is no entry of a log."""
    return bent_proofs(w, lambda r: [prove(r, w.mallory, bend=bend)])


@case("record-proof")
def entry_cut(w):
    """An entry without its last line."""
    return bent_entry(w, lambda leaf: leaf[:-65])


@case("record-proof")
def entry_unended(w):
    """An entry whose last line does not end."""
    return bent_entry(w, lambda leaf: leaf[:-1])


@case("record-proof")
def entry_longer(w):
    """An entry with a line more."""
    return bent_entry(w, lambda leaf: leaf + "-\n")


@case("record-proof")
def entry_version(w):
    """An entry of another version."""
    return bent_entry(w, lambda leaf: leaf.replace("/v1", "/v2"))


@case("record-proof")
def entry_detail(w):
    """An entry whose last hash is none."""
    return bent_entry(w, lambda leaf: leaf[:-2] + "x\n")


@case("record-proof")
def entry_time(w):
    """An entry whose time hash is none."""
    return bent_entry(w, lambda leaf: leaf[:-67] + "x" + leaf[-66:])


@case("record-proof")
def entry_without_root(w):
    """An entry that names no record."""
    return bent_proofs(w, lambda r: [prove(r, w.mallory, root="-")])


@case("record-proof")
def entry_shredded(w):
    """Behind the author's proof that of a holder who says that it is gone."""
    return bent_proofs(w, lambda r: [
        prove(r, w.mallory), prove(r, Person("x"), action="shred")])


@case("record-linked")
def linked_by_latest(w):
    """A copy that is said to be the latest of its line, which has none."""
    def bend(kind, r):
        if kind == "person":
            places, proofs = r.pop("places"), r.pop("proofs")
            r.update(latest="yes", places=places, proofs=proofs)
    return unlinkable(w, bend)


@case("record-linked")
def linked_by_line(w):
    """A copy that names what it came after."""
    def bend(kind, r):
        if kind == "person":
            r["revision"], r["previous"] = "2", [os.urandom(32).hex()]
    return unlinkable(w, bend)


@case("record-linked")
def linked_by_proof(w):
    """A record with its log and proof among copies."""
    bag = w.bag()
    bag.drop("Witnessbox-Checkpoint")
    return w.send_bag(bag.seal(w.mallory))


@case("record-linked")
def not_linked(w):
    """A sender with a log who does not say whether it was the latest."""
    bag = w.bag()
    name, r = bag.find("person")
    del r["latest"]
    bag.put_record(r, name=name)
    return w.send_bag(bag.seal(w.mallory))


@case("record-proof")
def proof_in_authors_name(w):
    """A statement put into the mouth of an author whose log key we know."""
    author = w.author["log"].partition("+")[0]
    bag = w.bag()
    name, r = bag.find("person")
    bag.remove(name)
    r["places"][0]["value"] = author
    place(r, "name")["value"] = "Never written"
    r["root"] = record_root(r).hex()
    r["proofs"] = [prove(r, w.mallory, origin=author)]
    bag.put_record(r)
    return w.send_bag(bag.seal(w.mallory))


@case("record-proof")
def proof_in_our_name(w):
    """A record that is said to be our own."""
    ours = w.victim["log"].partition("+")[0]
    bag = w.bag()
    name, r = bag.find("person")
    bag.remove(name)
    r["places"][0]["value"] = ours
    r["root"] = record_root(r).hex()
    r["proofs"] = [prove(r, w.mallory, origin=ours)]
    bag.put_record(r)
    return w.send_bag(bag.seal(w.mallory))


@case("record-proof")
def proof_under_stolen_card(w):
    """The same, with a card whose log has the author's name and Mallory's key."""
    author = w.author["log"].partition("+")[0]
    thief = Person("mallory", author)
    bag = w.bag()
    bag.tags["sender.txt"] = thief.card()
    bag.set("Witnessbox-Sender", thief.sign.minisign)
    bag.set("Witnessbox-Checkpoint", b64(thief.checkpoint().encode()))
    name, r = bag.find("person")
    bag.remove(name)
    place(r, "name")["value"] = "Never written"
    bag.put_record(own(r, thief))
    return w.send_bag(bag.seal(thief))


# ---- small helpers that need the victim's text forms

# ---- what the victim remembers

@case("bundle-reused")
def bundle_id_again(w):
    """The id of a bundle that came before, with other contents."""
    bag = w.bag()
    bag.set("Witnessbox-Bundle", w.known)
    return w.send_bag(bag.seal(w.mallory))


@case("receipt-bundle")
def receipt_for_nothing(w):
    """A receipt for a bundle that never left."""
    return w.receipt(bundle=random_id())


@case("receipt-content")
def receipt_for_other_bytes(w):
    """A receipt for another tag manifest than the one that left."""
    return w.receipt(**{"tag-manifest": os.urandom(32).hex()})


@case("receipt-content")
def receipt_for_more(w):
    """A receipt that names a record which did not leave."""
    kept = w.left["records"]
    w.left["records"] = kept + [f"{random_id()}@{os.urandom(32).hex()}"]
    try:
        return w.receipt()
    finally:
        w.left["records"] = kept


@case("receipt-sender")
def receipt_by_a_stranger(w):
    """A receipt by somebody whom the bundle was not for."""
    return w.receipt()


@case("receipt-sender")
def receipt_in_anothers_name(w):
    """The same, naming the one whom it was for."""
    return w.receipt(recipient=w.left["recipients"][0])


@case("receipt-sender")
def receipt_under_a_borrowed_key(w):
    """The same, on a card that has the age key of the one whom it was for."""
    mallory, w.mallory = w.mallory, Person("mallory")
    w.mallory.age = SimpleNamespace(recipient=w.left["recipients"][0])
    try:
        return w.receipt()
    finally:
        w.mallory = mallory


def unbech(w):
    from bundle import unbech32
    return unbech32(w.victim["recipient"])


def unb_minisign(text):
    from bundle import unb64
    return unb64(text)[2:10]


__all__ = ["CASES", "TAKEN", "World", "Point", "record_json"]
