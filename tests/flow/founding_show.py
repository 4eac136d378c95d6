#!/usr/bin/python3
"""tests/flow/founding_show.py WITNESSBOX TOOLS GOLDEN - the founding case, shown.

Loads the case, shows every record, and compares that with the golden text line by line;
then looks in it for each fact that the case was written down from. With --write behind
them the golden text is made anew; read it before it is kept.
"""

import json
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from room import Room  # noqa: E402

# A fact, the records (by key) that must tell it, and words that must stand in what is
# shown of each.
FACTS = [
    ("Isakov is an activist", ["isakov-p"], ["Azat Isakov", "activist"]),
    ("he is Turkmen", ["isakov-p"], ["nationality         Turkmenistan"]),
    ("he lived outside Turkmenistan, in Russia", ["isakov-p"], ["residence           Russia", "while living abroad"]),
    ("an organisation in Vienna says it", ["isakov"], ["According to an organisation in Vienna"]),
    ("that is Freedom for Eurasia", ["ffe"], ["Freedom for Eurasia", "Vienna"]),
    ("he was abducted from his home", ["isakov", "abduction"], ["his home", "abduction"]),
    ("by the security service of Turkmenistan", ["isakov"], ["perpetrator MNB", "carried it out, as alleged"]),
    ("with the assistance of the FSB", ["isakov"], ["perpetrator FSB", "assisted, as alleged"]),
    ("two units with two degrees of involvement", ["abduction"], ["assisted, as alleged", "carried it out, as alleged"]),
    ("then he vanished without a trace", ["isakov"], ["Nobody has heard of him since", "enforced disappearance"]),
    ("on 20 October 2021, to the day", ["isakov", "abduction"], ["date                2021-10-20\n"]),
    ("in Russia, no town given", ["isakov"], ["place               Russia\n"]),
    ("his last message, on Telegram", ["last-message"], ["Telegram message", "Police are here."]),
    ("if they find him they will take him", ["last-message"], ["If they find me they will take me."]),
    ("he was hiding", ["last-message"], ["I am hiding."]),
    ("to a colleague, Chemen Ore", ["last-message", "ore"], ["Chemen Ore"]),
    ("it is second hand", ["telegram"], ["Known only as an organisation quotes it", "was not seen"]),
    ("with a reliability of its own", ["last-message"], ["reliability         unsure", "source-reliability  likely-reliable"]),
    ("he is at risk of torture, Human Rights Watch says", ["isakov"], ["Torture and other ill-treatment", "Human Rights Watch warns"]),
    ("he is missing", ["isakov-p"], ["status              missing", "status-date         2021-10-20"]),
    ("Freedom for Eurasia urged Brussels", ["appeal-act"], ["Freedom for Eurasia", "European Union", "Asked Brussels"]),
    ("for all political prisoners", ["appeal-act"], ["let all political prisoners go"]),
    ("on a Sunday before the meeting", ["appeal-act"], ["on a Sunday, the day before the meeting"]),
    ("Human Rights Watch called for his release at once", ["hrw-act"], ["Human Rights Watch", "release at once"]),
    ("that month", ["hrw-act"], ["date                2021-11~", "this month"]),
    ("Amon campaigned for Tajik migrants in Russia", ["amon-p"], ["Izzat Amon", "rights of Tajik migrants in Russia"]),
    ("he was made to disappear in Moscow", ["amon", "amon-taken"], ["enforced disappearance", "Moscow"]),
    ("and transferred against the law to Tajikistan", ["amon-transfer"], ["unlawful transfer", "place-end           Tajikistan"]),
    ("in March 2021, month only", ["amon", "amon-taken"], ["date                2021-03\n"]),
    ("sentenced to nine years", ["amon-sentence"], ["sentencing", "Nine years in prison."]),
    ("on charges of fraud", ["amon-sentence"], ["stated-reason       Fraud."]),
    ("known from his lawyer, Saiburhon Sharifov", ["on-sentence", "sharifov"], ["Saiburhon Sharifov", "lawyer"]),
    ("who said so last month", ["on-sentence"], ["date-words          last month"]),
    ("Tajikistan has not confirmed the arrest", ["amon"], ["Tajikistan has not officially confirmed the arrest."]),
    ("which is not how likely it is", ["amon"], ["status              likely"]),
    ("Syinat Sultanalieva of Human Rights Watch", ["sultanalieva"], ["researcher", "Human Rights Watch"]),
    ("in written remarks to AFP", ["hrw-remarks"], ["Written remarks", "Syinat Sultanalieva", "Sent to AFP"]),
    ("on a Monday", ["hrw-remarks"], ["date-words          on a Monday"]),
    ("Gadoev was taken to Tajikistan from Russia", ["gadoev", "gadoev-transfer"], ["Sharofiddin Gadoev", "Russia", "Tajikistan"]),
    ("in 2019, year only", ["gadoev", "gadoev-transfer"], ["date                2019\n"]),
    ("he returned two weeks later", ["gadoev-transfer"], ["date-end            2019", "returned two weeks later"]),
    ("home to the Netherlands", ["gadoev-transfer", "gadoev-p"], ["Netherlands", "released"]),
    ("amid criticism from other countries", ["gadoev"], ["amid criticism from abroad"]),
    ("such transfers became more common in recent years", ["pattern"], ["forced transfers have become more common", "in recent years"]),
    ("of many, none counted", ["pattern"], ["victims             (unknown)", "none of them counted"]),
    ("the incidents belong together", ["pattern"], ["Azat Isakov taken", "Izzat Amon made", "Sharofiddin Gadoev taken"]),
    ("the occasion: ministers of five states", ["report"], ["the ministers of five Central Asian states", "on a Monday"]),
    ("the foreign-policy chief did not at first speak of rights", ["report"], ["foreign-policy chief", "first public remarks that day he did not speak of human rights"]),
    ("the report: news of an agency", ["report"], ["news", "AFP, a news agency", "connection          reporter"]),
    ("its date, language and reliability", ["report"], ["2021-11~", "language            en", "reliability         likely-reliable"]),
    ("a chain: message, organisation, report", ["report", "appeal"], ["Public appeal of Freedom for Eurasia", "Telegram message of Azat Isakov"]),
    ("the names in another script", ["isakov-p", "amon-p", "gadoev-p"], ["Азат Исаков", "Иззат Амон", "Шарофиддин Гадоев"]),
]


def check(right, what):
    if not right:
        sys.exit("founding_show: " + str(what))


def keys_of(lines):
    """A name for every line: its key, or kind and number."""
    names = [line.get("key") or f"{line['kind']} {i + 1}" for i, line in enumerate(lines)]
    called = {"appeal-act": "Asked Brussels", "hrw-act": "release at once"}
    for key, words in called.items():
        for i, line in enumerate(lines):
            if words in line["fields"].get("description", "") and "key" not in line:
                names[i] = key
    return names


def show_all(room, lines, names):
    """What `show` says of each record, by name; ids, roots and the log's name are those
    of no other vault, so names stand for them."""
    vault = room.vault("founding")
    room.run(vault, "load", os.path.join(room.tools, "demo.jsonl"))
    ids = [r["id"] for r in reversed(room.box(vault, "list"))]
    check(len(ids) == len(lines), f"{len(ids)} records of {len(lines)} lines")
    # lines without a key that say the same are called the same
    called = {id: name if line.get("key") or name.endswith("-act") else line["kind"]
              for id, name, line in zip(ids, names, lines)}
    shown = {}
    for id, name in zip(ids, names):
        text = room.run(vault, "show", id)[0]
        text = re.sub(r"(?m)^(root|origin) .*\n", "", text)
        text = re.sub(r"\b[0-9a-hjkmnp-tv-z]{26}\b", lambda m: f"<{called[m[0]]}>", text)
        for whole, other in called.items():
            text = text.replace(f" {whole[:8]} ", f" <{other}> ")
        shown[name] = text
    return shown


def main():
    room = Room(*map(os.path.abspath, sys.argv[1:3]))
    try:
        with open(os.path.join(room.tools, "demo.jsonl"), encoding="utf-8") as f:
            lines = [json.loads(line) for line in f]
        shown = show_all(room, lines, keys_of(lines))
    finally:
        shutil.rmtree(room.folder)
    text = "\n".join(shown.values())
    if "--write" in sys.argv:
        with open(sys.argv[3], "w", encoding="utf-8") as f:
            f.write(text)
    with open(sys.argv[3], encoding="utf-8") as f:
        golden = f.read()
    for number, (one, other) in enumerate(zip(golden.split("\n"), text.split("\n")), 1):
        check(one == other, f"line {number}: {other!r} is not {one!r}")
    check(golden == text, "another number of lines")
    for fact, keys, words in FACTS:
        told = "".join(shown[key] for key in keys)
        for word in words:
            check(word in told, f"{fact}: {word!r} is not shown of {keys}")
    check(len(FACTS) >= 50, "facts are missing")
    print(f"founding_show: {len(shown)} records as in the golden text, {len(FACTS)} facts found")


main()
