#!/usr/bin/env python3
"""tests/flow/languages.py - every word that a documenter meets is translated, and fits.

usage: languages.py WITNESSBOX SOURCE       a command that finds the catalogues of this build

What is asked in guided entry, the prompts, what goes wrong with the commands of FILES and ROOMS, `help` with its
options, and what stands on pages: each has its line in vault/cli/po/*.po, with the same conversions, and no line is
there for nothing.
"""

import ast
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

WITNESSBOX, SOURCE = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
del sys.argv[1:]

# Whose words are translated: files of the command, and the kinds that guided entry leads to.
FILES = """add adopt amend arrivals attach backup burn confirm contact cosign damage desk drafts dump export export_plan
           export_to extract field fields gaps handoffs head head_file identity import init input interview interview_ask
           interview_consent interview_end interview_line interview_store kinds list load lock log new notices options
           output passphrase passphrase_set passphrase_slots passphrase_suggest reading recovery recovery_restore report
           restore search shell shell_words show shred sink swap terminal tombstone verify withdraw write
           complain collect help""".split()
ROOMS = """base/fail base/file base/file_out base/interrupt record/value record/draft record/make custody/change custody/refs
           custody/attach custody/adopt custody/drafts custody/heads custody/keys custody/shred custody/slots query/find
           query/list query/terms bundle/allow bundle/look bundle/address bundle/plan bundle/redact bundle/outgoing
           bundle/weigh bundle/contact bundle/import bundle/parts bundle/withdraw_look store/connect store/header
           store/session store/statement store/transaction report/bundle report/custody report/fields report/incident report/page
           report/seal report/set report/span report/statement""".split()
# Commands of other hands, or of an evening at a desk: their longer help is in English.
LATER = {"load", "dump", "collect", "cosign", "restore", "rekey", "recovery split", "recovery restore", "adopt", "gaps",
         "identity rotate"}
# Of these only what stands on a page: what their fields are called.
ON_PAGES = "custody derivative intervention relation judgment".split()
KINDS = "statement person incident consent act involvement evidence source".split()
LISTS = ["purpose"]
STATES = ["unknown", "not-asked", "refused"]

SAYS = re.compile(r"\b(?:(?:cli_fail|cli_fail_os|cli_note|cli_warn|cli_tell|cli_confirm|cli_offer|cli_word|wb_fail|"
                  r"wb_fail_os|wb_word|WB_SAID|CLI_SAID|put_pair|put_cell)\(|wb_page_say\([^\"();]*\"\w+\",\s*)")
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|\b(PRI[a-z0-9]+)\b|(\s+)')
MACROS = {"PRIu64": "lu", "PRIu32": "u"}
CONVERSION = re.compile(r"%[-0 #+]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(hh|h|ll|l|z|j)?([a-zA-Z%])")


def literal(text, at):
    """The string that begins at `at`, its pieces joined."""
    said = ""
    while (piece := PIECE.match(text, at)):
        said += MACROS[piece[2]] if piece[2] else piece[1] or ""
        at = piece.end()
    return ast.literal_eval('"' + said + '"')


def said_in(path):
    """Each first string of a call that translates it."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    for call in SAYS.finditer(text):
        rest = re.compile(r'[^";(]*"').match(text, call.end())
        if rest:
            words = literal(text, rest.end() - 1)
            if re.search("[A-Za-z]{2}", CONVERSION.sub("", words)):
                yield words


def catalogue(path):
    """msgid: msgstr of a .po file; comments are passed over."""
    entries, current = {}, {}
    for line in path.read_text(encoding="utf-8").splitlines() + [""]:
        if (match := re.match(r'(?:(msgid|msgstr) )?(".*")$', line)):
            if match[1]:
                field = match[1]
            current[field] = current.get(field, "") + ast.literal_eval(match[2])
        elif not line and current:
            entries[current["msgid"]], current = current["msgstr"], {}
    return entries


def conversions(text):
    return [(found[1] or "", found[2]) for found in CONVERSION.finditer(text) if found[2] != "%"]


def run(*words, language=None, status=0):
    environment = {key: value for key, value in os.environ.items() if key != "LANGUAGE" and not key.startswith("LC_")}
    if language:
        environment |= {"LC_ALL": "C.UTF-8", "LANGUAGE": language}
    done = subprocess.run([WITNESSBOX, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment)
    assert done.returncode == status, (words, done.returncode, done.stderr)
    return done


class Languages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        help_, kinds = json.loads(run("help", "--json").stdout), json.loads(run("kinds", "--json").stdout)
        cls.wanted = {command["summary"] for command in help_["commands"]} | set(STATES) | set(KINDS)
        for options in [help_["options"], *(command["options"] for command in help_["commands"])]:
            cls.wanted |= {option["help"] for option in options}
        cls.wanted |= {command["help"] for command in help_["commands"] if command["name"] not in LATER}
        cls.wanted |= set(help_["exits"])
        for kind in kinds:
            for field in kind["fields"]:
                cls.wanted |= {code["meaning"] for code in field["codes"] or [] if field["list"] in LISTS}
                if kind["kind"] in KINDS:
                    cls.wanted |= {field["label"], field["help"]}
                if kind["kind"] in ON_PAGES:
                    cls.wanted.add(field["label"])
            if kind["kind"] in KINDS:
                cls.wanted.add(kind["help"])
        for name in ["cli/" + name for name in FILES] + ROOMS:
            cls.wanted |= set(said_in(SOURCE / "vault" / (name + ".c")))
        cls.wanted.discard("")
        cls.catalogues = {path.stem: catalogue(path) for path in (SOURCE / "vault/cli/po").glob("*.po")}

    def test_everything_is_translated_and_nothing_for_nothing(self):
        self.assertGreater(len(self.wanted), 500)
        self.assertIn("ru", self.catalogues)
        for language, entries in self.catalogues.items():
            missing = sorted(word for word in self.wanted if not entries.get(word))
            self.assertEqual(missing, [], f"{language}: {len(missing)} are missing")
            self.assertEqual(sorted(set(entries) - self.wanted - {""}), [], f"{language}: nobody says this")

    def test_conversions_and_the_blanks_at_the_ends_agree(self):
        for language, entries in self.catalogues.items():
            for english, other in entries.items():
                if english:
                    self.assertEqual(conversions(english), conversions(other), f"{language}: {english}")
                    for end in (r"^\s*", r"\s*$"):
                        self.assertEqual(re.search(end, english)[0], re.search(end, other)[0], f"{language}: {english}")

    def test_the_command_speaks_it_and_programs_hear_no_difference(self):
        if not (pathlib.Path(WITNESSBOX).parent / "cli/po/ru/LC_MESSAGES/witnessbox.mo").exists():
            self.skipTest("no gettext, no catalogues")
        self.assertIn("создать хранилище", run("help", language="ru").stdout)
        self.assertIn("create a vault", run("help").stdout)
        self.assertIn("create a vault", run("help", language="nobody").stdout)
        self.assertEqual(run("help", "--json", language="ru").stdout, run("help", "--json").stdout)
        self.assertEqual(run("kinds", "--json", language="ru").stdout, run("kinds", "--json").stdout)
        with tempfile.TemporaryDirectory() as folder:
            said = run("--vault", folder + "/v", "list", language="ru", status=6).stderr
            self.assertRegex(said, "^witnessbox: .*[а-я]")

    def test_a_page_for_a_witness_is_in_the_language_of_who_made_it(self):
        if not (pathlib.Path(WITNESSBOX).parent / "cli/po/ru/LC_MESSAGES/witnessbox.mo").exists():
            self.skipTest("no gettext, no catalogues")
        with tempfile.TemporaryDirectory() as folder:
            words = pathlib.Path(folder, "words")
            words.write_text("the words of a test\n")
            vault = "--vault", folder + "/v"
            run(*vault, "init", "--kdf-memory", "64", "--new-passphrase-file", str(words))
            vault += "--passphrase-file", str(words)
            said = run(*vault, "add", "statement", "-F", "text=Они пришли ночью.", "-F", "remarks:refused").stdout.split()[0]
            page = run(*vault, "report", "statement", said, language="ru").stdout
        self.assertIn('<html lang="ru">', page)
        for words in ("Показание", "Собственными словами свидетеля", "Они пришли ночью.", "Свидетель: имя или знак",
                      "для цели «internal»", "Корень этой версии"):
            self.assertIn(words, page)
        shown = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.S)
        self.assertEqual(re.findall(r"\b(?:the|of|and|which|was)\b", shown), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
