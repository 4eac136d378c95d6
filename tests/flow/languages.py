#!/usr/bin/env python3
"""tests/flow/languages.py - every word that a documenter meets is translated, and fits.

usage: languages.py WITNESSBOX SOURCE       a command that finds the catalogues of this build

What is asked in guided entry, the prompts, what is answered, what goes wrong in any room, `help` with its options, and
what stands on pages: each has its line in vault/cli/po/*.po, with the same conversions, and no line is there for
nothing. On a walk through the founding case nothing else is said.
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

from table import Table

WITNESSBOX, SOURCE = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
del sys.argv[1:]

# Never typed in: the program keeps these.
KEPT = "contact identity handoff receipt notice".split()
KINDS = "statement person incident consent act involvement evidence source".split()
# What is not translated because it is a name: of a standard, a program, a slot, what a log entry says that was done.
NAMES = """witnessbox huridocs premis telegram tg-cyrl checkpoint size minisign sha256 sha-256 fips argon2id landlock age jsonl csv create
           cosign handoff first passphrase owner recovery actor anonymous pseudonym named receipt notice contact identity""".split()
# Longer lists are thesauri: `kinds KIND` does not show their words, and their meanings are English.
LIST_WORDS_MAX = 12
STATES = ["unknown", "not-asked", "refused"]

# Calls whose first string is our own words, and those all whose strings are.
# Calls whose first string is our own words, and those whose strings all are.
SAYS = re.compile(r"\b(?:(?:cli_fail|cli_fail_os|cli_note|cli_warn|cli_tell|cli_ask|cli_confirm|cli_print|print_line|"
                  r"print_lines|cli_print_label|cli_info_label|show_word|say|wb_fail|wb_fail_os|wb_within|put_pair|put_cell)\(|"
                  r"wb_page_say\([^\"();]*\"\w+\",\s*)")
WORDS = re.compile(r"\b(?:cli_word|wb_word|cli_offer|refuse|bad|CLI_SAID|WB_SAID|wb_run_tell|wb_run_note)\(")
# One wording for one, another for more.
COUNTS = re.compile(r"\b(?:cli_plural\(|cli_print_count\([^\";]*,|CLI_COUNTED\()\s*(?=\")")
# Rows of two tables: why a bundle is refused; what a court misses, and by whose rule, where that is no name.
RULES = re.compile(r'^    \{WB_RULE_\w+, .*"([^"]+)"\},$', re.M)
ADVICE = re.compile(r'^    \{ "\w+", .*"([^"]+)",\s+"(?:[A-Z][^"]+|([^"]+))" \},$', re.M)
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|\b(PRI[a-z0-9]+)\b|(\s+)')
MACROS = {"PRIu64": "lu", "PRIu32": "u"}
CONVERSION = re.compile(r"%[-0 #+]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(hh|h|ll|l|z|j)?([a-zA-Z%])")


def literal(text, at):
    """The string that begins at `at`, its pieces joined, and where it ends."""
    said = ""
    while (piece := PIECE.match(text, at)):
        said += MACROS[piece[2]] if piece[2] else piece[1] or ""
        at = piece.end()
    return ast.literal_eval('"' + said + '"'), at


def code_of(path):
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)


def strings(text, at):
    """All strings up to the parenthesis that ends the call that `at` is in."""
    depth = 0
    while depth >= 0:
        if text[at] == '"':
            words, at = literal(text, at)
            yield words
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1


def said_in(text):
    """What calls in it translate."""
    for call in SAYS.finditer(text):
        rest = re.compile(r'[^";(]*"').match(text, call.end())
        while rest:  # of a choice both
            words, at = literal(text, rest.end() - 1)
            yield words
            rest = re.compile(r'\s*:\s*"').match(text, at)
    for call in WORDS.finditer(text):
        yield from strings(text, call.end())


def counted_in(text):
    """one: many, of calls in it that choose by a number."""
    for call in COUNTS.finditer(text):
        one, at = literal(text, call.end())
        yield one, literal(text, text.index('"', at))[0]


def catalogue(path):
    """msgid: all its msgstr, and msgid: msgid_plural, of a .po file; comments are passed over."""
    entries, plurals, current = {}, {}, {}
    for line in path.read_text(encoding="utf-8").splitlines() + [""]:
        if (match := re.match(r'(?:(msgid|msgid_plural|msgstr\S*) )?(".*")$', line)):
            if match[1]:
                field = match[1]
            current[field] = current.get(field, "") + ast.literal_eval(match[2])
        elif not line and current:
            english = current.pop("msgid")
            if "msgid_plural" in current:
                plurals[english] = current.pop("msgid_plural")
            entries[english], current = list(current.values()), {}
    return entries, plurals


def conversions(text):
    return [(found[1] or "", found[2]) for found in CONVERSION.finditer(text) if found[2] != "%"]


def run(*words, language=None, status=0, cwd=None):
    environment = {key: value for key, value in os.environ.items() if key != "LANGUAGE" and not key.startswith("LC_")}
    if language:
        environment |= {"LC_ALL": "C.UTF-8", "LANGUAGE": language}
    done = subprocess.run([WITNESSBOX, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment,
                          cwd=cwd)
    assert done.returncode == status, (words, done.returncode, done.stderr)
    return done


class Vaults:
    """The founding case in a folder of its own, told in Russian: whatever is in English there says the program. Two
    shells do most of it, since each unlock takes its time."""

    def __init__(self, folder):
        self.folder, self.said, self.shells = folder, [], {}
        os.environ |= {"LC_ALL": "C.UTF-8", "LANGUAGE": "ru"}
        pathlib.Path(folder, "слова").write_text("the words of a test\n", encoding="utf-8")
        pathlib.Path(folder, "снимок").write_text("снимок\n", encoding="utf-8")
        for name, label in (("a", "Асель"), ("b", "Архив")):
            self.run(name, "init", "--kdf-memory", "64", "--name", label, "--new-passphrase-file", "слова")
            self.shells[name] = Table(WITNESSBOX, "--vault", name, "--passphrase-file", "слова", "shell", cwd=folder, columns=400)
            self.shells[name].expect(rf"{label}> \r$")

    def run(self, vault, *words, language="ru", status=0):
        """What it answers by itself; kept with what it says beside."""
        opened = () if words[0] == "init" else ("--passphrase-file", "слова")
        done = run("--vault", vault, *opened, *words, language=language, status=status, cwd=self.folder)
        if "--json" not in words:
            self.said += [(words, line) for line in (done.stdout + done.stderr).splitlines()]
        return done.stdout

    def type(self, vault, *words):
        """The id that the shell of that vault answers, if it is one."""
        shell = self.shells[vault]
        shell.say(" ".join(f'"{word}"' for word in words))
        shell.expect(r"\w> \r$")
        lines = shell.shown.replace("\r", "").split("\n")[1:-1]
        self.said += [(words, line) for line in lines]
        return next((line for line in lines if re.fullmatch("[0-9a-z]{26}", line)), None)

    def add(self, kind, **fields):
        given = [word for name, text in fields.items() for word in ("-F", f"{name}={text}")]
        return self.type("a", "add", kind, *given)

    def write_down(self):
        self.incident = self.add("incident", title="Забрали из дома", date="2021-10-20", place="Россия")
        self.person = self.add("person", name="Азат Исаков", pseudonym="Активист А")
        self.statement = self.add("statement", incident=self.incident, witness=self.person, text="Пришли за мной.")
        for about in (self.statement, self.person):
            self.add("consent", about=about, by=self.person, purpose="partner", decision="yes")
        self.evidence = self.type("a", "attach", self.statement, "снимок")
        self.type("a", "amend", self.statement, "--reason", "witness", "-F", "place=Сарай", "-F", "remarks:refused")

    def hand_over(self):
        for mine, other, label in (("a", "b", "Асель"), ("b", "a", "Архив")):
            self.type(mine, "identity", "--export", mine + "1")
            self.type(other, "contact", "add", mine + "1")
            self.type(other, "contact", "verify", label, "--how", "голосом")
        self.type("a", "export", "--to", "Архив", "--incident", self.incident, "-o", "пакет")
        self.type("b", "inspect", "пакет", "a1", "b1")
        self.type("b", "import", "пакет", "--receipt", "назад")
        self.type("b", "show", self.statement)
        self.type("a", "import", "назад")
        self.type("a", "head", "--request", "Архив", "-o", "запрос")
        self.type("b", "cosign", "запрос", "-o", "заверено")
        self.type("a", "head", "--import", "заверено")

    def prose(self):
        """Where sentences stand in the answer, or beside what a program reads in it."""
        return (("verify", "--deep"), ("handoffs",), ("show", self.statement), ("gaps", self.statement),
                ("export", "--to", "Архив", "--incident", self.incident, "--plan"))

    def look(self):
        for words in (("info",), ("list",), ("drafts",), ("log",), ("search", "Приш*"), ("passphrase", "list"), ("contact", "list"),
                      ("identity",), ("kinds",), *(("kinds", kind) for kind in ("statement", "act", "consent", "custody")),
                      ("show", self.evidence), ("gaps", self.evidence), ("log", self.evidence), ("log", "--process", self.evidence),
                      ("show", self.statement, "--history"), ("нечто",), *self.prose()):
            self.type("a", *words)

    def part(self):
        self.type("a", "report", "incident", self.incident, "-o", "страница")
        self.type("a", "withdraw", self.statement, "--reason", "так решил", "--yes")
        self.type("a", "show", self.statement)
        self.type("a", "shred", self.evidence, "--reason", "просили", "--yes")
        self.type("a", "dump", "-o", "всё")
        self.type("a", "backup", "копия")
        self.run("поле", "init", "--owner", "a1", "--kdf-memory", "64", "--new-passphrase-file", "слова")
        self.run("поле", "add", "statement", "-F", "text=Рассказ")
        self.type("a", "collect", "поле", "--label", "Поле")
        bundle = pathlib.Path(self.folder, "пакет")
        bundle.write_bytes(bundle.read_bytes()[:-9])
        self.type("b", "inspect", "пакет")
        bundle.write_bytes(b"\0" * 4096)
        self.type("a", "head", "--import", "пакет")
        for shell in self.shells.values():
            shell.say("exit")
            shell.wait()

    def end(self):
        self.run("ещё", "restore", "копия")
        self.run("поле", "verify")
        self.run("b", "burn", "--yes")


class Languages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        help_, kinds = json.loads(run("help", "--json").stdout), json.loads(run("kinds", "--json").stdout)
        cls.wanted = {command["summary"] for command in help_["commands"]} | set(STATES) | set(KINDS)
        for options in [help_["options"], *(command["options"] for command in help_["commands"])]:
            cls.wanted |= {option["help"] for option in options}
        cls.wanted |= {command["help"] for command in help_["commands"]}
        cls.wanted |= set(help_["exits"])
        cls.names = set(NAMES)
        for kind in kinds:
            cls.names.add(kind["kind"])
            for field in kind["fields"]:
                cls.names |= {field["name"]} | {code["word"] for code in field["codes"] or []}
                if kind["kind"] not in KEPT:
                    cls.wanted |= {field["label"], field["help"], kind["help"]}
                    if len(field["codes"] or []) <= LIST_WORDS_MAX:
                        cls.wanted |= {code["meaning"] for code in field["codes"] or []}
        cls.names |= {part for command in help_["commands"] for part in command["name"].split()}
        cls.counted = {}
        for path in (SOURCE / "vault").glob("*/*.c"):
            text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
            cls.wanted |= {words for words in said_in(text) if re.search("[A-Za-z]{2}", CONVERSION.sub("", words))}
            cls.counted |= counted_in(text)
            cls.wanted |= set(RULES.findall(text))
        text = (SOURCE / "vault/query/gaps.c").read_text(encoding="utf-8")
        cls.wanted |= {words for row in ADVICE.findall(text) for words in row} | set(cls.counted)
        cls.wanted.discard("")
        read = {path.stem: catalogue(path) for path in (SOURCE / "vault/cli/po").glob("*.po")}
        cls.catalogues = {language: entries for language, (entries, _) in read.items()}
        cls.plurals = {language: plurals for language, (_, plurals) in read.items()}

    def test_everything_is_translated_and_nothing_for_nothing(self):
        self.assertGreater(len(self.wanted), 1800)
        self.assertIn("ru", self.catalogues)
        for language, entries in self.catalogues.items():
            missing = sorted(word for word in self.wanted if not all(entries.get(word, [""])))
            self.assertEqual(missing, [], f"{language}: {len(missing)} are missing")
            self.assertEqual(sorted(set(entries) - self.wanted - {""}), [], f"{language}: nobody says this")
            self.assertEqual(self.plurals[language], self.counted)

    def test_conversions_and_the_blanks_at_the_ends_agree(self):
        for language, entries in self.catalogues.items():
            for english, other in ((english, other) for english, all_ in entries.items() for other in all_):
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

    def test_nothing_but_names_and_data_is_english_on_a_walk(self):
        if not (pathlib.Path(WITNESSBOX).parent / "cli/po/ru/LC_MESSAGES/witnessbox.mo").exists():
            self.skipTest("no gettext, no catalogues")
        with tempfile.TemporaryDirectory() as folder:
            vaults = Vaults(folder)
            vaults.write_down()
            vaults.hand_over()
            vaults.look()
            vaults.part()
            for words in vaults.prose()[2:]:
                self.assertEqual(*(vaults.run("a", *words, "--json", language=language) for language in ("ru", "en")))
            vaults.end()
        self.assertGreater(len(vaults.said), 500)
        english = sorted({(words, line) for words, line in vaults.said if self.english_in(line)})
        self.assertEqual(english, [], "\n".join(line for _, line in english))

    def english_in(self, line):
        """Words of it that neither are typed nor stand for themselves."""
        if re.match(r"знак|слова|свой знак|.*слова этой карточки: |.*: карточка: |        \w|  witnessbox ", line):
            return []  # drawn by lot, the detail of a log entry, a command to type
        line = re.sub(r"`[^`]*`|\([A-Z][A-Za-z ]+[0-9()]*\)$|\b(?:bundle-)?[0-9a-hjkmnp-tv-z]{8}\b", " ", line)
        words = re.findall(r"(?<![\w/+=@.-])[A-Za-z][A-Za-z-]{2,}(?![\w/+=@.-])", line)
        return [word for word in words if word.lower() not in self.names]

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
