#!/usr/bin/env python3
"""tests/flow/pages.py - manual pages and completions say what the command says.

usage: pages.py WITNESSBOX TOOLS
"""

import functools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

WITNESSBOX, TOOLS = sys.argv[1], pathlib.Path(sys.argv[2])
del sys.argv[1:]


def run(*words, **more):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, check=True, **more).stdout


@functools.cache
def page(*words):
    return run(TOOLS / "pages", *words)


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.help = json.loads(run(WITNESSBOX, "help", "--json"))
        cls.kinds = [kind["kind"] for kind in json.loads(run(WITNESSBOX, "kinds", "--json"))]

    def rows(self):
        """Every option once, with the command that has it."""
        for option in self.help["options"]:
            yield "", option
        for command in self.help["commands"]:
            for option in command["options"]:
                yield command["name"], option

    def test_the_manual_names_every_command_option_kind_and_exit_status(self):
        manual = page(WITNESSBOX, "man").replace("\\-", "-")
        self.assertGreater(len(self.help["commands"]), 30)
        for command in self.help["commands"]:
            self.assertIn(f".SS {command['name']}", manual)
        for _, option in self.rows():
            self.assertIn(f"\\fB--{option['name']}\\fR", manual)
            self.assertIn(option["help"].splitlines()[0].replace("\\", "\\e"), manual)
        for kind in self.kinds:
            self.assertIn(f"\\fB{kind}\\fR", manual)
        self.assertEqual(len(self.help["exits"]), 8)
        for meaning in self.help["exits"]:
            self.assertIn(meaning, manual)

    def test_groff_has_nothing_to_say_against_a_page(self):
        if not shutil.which("groff"):
            self.skipTest("no groff")
        formats = [TOOLS.parent / "vault" / room / "FORMAT.md" for room in ("store", "bundle")]
        for text in (page(WITNESSBOX, "man"), page("page", "witnessbox-formats", "5", "formats", *formats)):
            done = subprocess.run(["groff", "-man", "-ww", "-z", "-Kutf8", "-Tutf8"], input=text, capture_output=True,
                                  text=True)
            lines = [line for line in done.stderr.splitlines()
                     if "cannot adjust line" not in line and "can't break line" not in line]
            self.assertEqual(lines, [])
            self.assertEqual(done.returncode, 0)

    def complete(self, *words):
        """What bash offers for the last of the words."""
        script = page(WITNESSBOX, "bash") + (
            '\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _witnessbox; printf "%s\\n" "${COMPREPLY[@]}"\n')
        return run("bash", "-c", script, "bash", "witnessbox", *words).split()

    def test_bash_completes_commands_words_of_groups_options_and_kinds(self):
        self.assertIn("export", self.complete("exp"))
        self.assertEqual(set(self.complete("contact", "")) - {"add", "list", "verify", "remove"}, set())
        self.assertIn("add", self.complete("contact", "a"))
        self.assertIn("statement", self.complete("add", "state"))
        self.assertIn("--field", self.complete("--vault", "somewhere", "add", "--fi"))
        self.assertIn("--vault", self.complete("list", "--va"))
        for command in self.help["commands"]:
            offered = self.complete(*command["name"].split(), "--")
            for option in command["options"]:
                self.assertIn("--" + option["name"], offered, command["name"])

    def test_zsh_and_fish_read_theirs_and_find_every_option_in_it(self):
        for shell, flags in (("zsh", ["-n"]), ("fish", ["--no-execute"])):
            text = page(WITNESSBOX, shell)
            for _, option in self.rows():
                self.assertIn(option["name"], text)
            for command in self.help["commands"]:
                self.assertIn(command["name"].split()[-1], text)
            if shutil.which(shell):
                done = subprocess.run([shell, *flags, "/dev/stdin"], input=text, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""), shell)

    def test_fish_offers_what_there_is(self):
        if not shutil.which("fish"):
            self.skipTest("no fish")
        text = page(WITNESSBOX, "fish")
        offered = run("fish", "-c", text + "\ncomplete -C'witnessbox exp'; complete -C'witnessbox add state'")
        self.assertIn("export", offered)
        self.assertIn("statement", offered)

    def test_the_guides_say_only_what_the_command_does(self):
        """Each `witnessbox ...` of a guide: its command is there, and has the options."""
        commands = {command["name"]: command for command in self.help["commands"]}
        every = {option["name"] for option in self.help["options"]}
        seen = 0
        for guide in sorted((TOOLS.parent / "vault/cli/guides").glob("*.md")):
            text = guide.read_text(encoding="utf-8").replace("\\\n", " ")
            for line in re.findall(r"(?:^|`)witnessbox ([^`\n]+)", text, re.M):
                words = line.split()
                name = " ".join(words[:2]) if " ".join(words[:2]) in commands else words[0]
                self.assertIn(name, commands, f"{guide.name}: witnessbox {line}")
                known = every | {option["name"] for option in commands[name]["options"]}
                for option in re.findall(r"--([a-z-]+)", line):
                    self.assertIn(option, known, f"{guide.name}: witnessbox {line}")
                seen += 1
        self.assertGreater(seen, 25)


if __name__ == "__main__":
    unittest.main(verbosity=2)
