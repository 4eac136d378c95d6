#!/usr/bin/env python3
"""tests/flow/amend.py - the next revision of a record, through the command.

usage: amend.py WITNESSBOX
"""

import json

import one_vault


class Amend(one_vault.OneVault):
    def amend(self, record, *fields, reason="witness", more=(), status=0):
        return self.call(["amend", record, "--reason", reason, *more, *self.given(fields)], status)

    def fields(self, record):
        return json.loads(self.call(["show", record, "--json"]).stdout)["fields"]

    def test_values_are_added_replaced_and_taken_away(self):
        person = self.add("person", "name=Азат", "other-names=Azat", "language=tk", "sex=male",
                          "birth=1984")
        self.amend(person, "other-names+=Asat", "language=ru", "language+=tk-Cyrl", "sex=",
                   "birth:not-asked", "birth-place=x")
        self.assertEqual(self.fields(person), {
            "name": "Азат", "other-names": ["Azat", "Asat"], "language": ["ru", "tk-Cyrl"],
            "birth": {"state": "not-asked"}, "birth-place": "x"})
        self.amend(person, "other-names=", "birth=1980/1985")
        self.assertEqual(self.fields(person), {
            "name": "Азат", "language": ["ru", "tk-Cyrl"], "birth": "1980/1985",
            "birth-place": "x"})

    def test_the_reason_is_one_of_four_and_stands_in_the_log(self):
        place = self.add("incident", "title=x")
        for reason in ("transcription", "witness", "translation", "other"):
            self.amend(place, "title=" + reason, reason=reason)
        said = self.call(["log", place]).stdout
        for reason in ("transcription", "witness", "translation", "other"):
            self.assertEqual(said.count("reason " + reason), 1)
        done = self.amend(place, "title=y", reason="because", status=2)
        self.assertIn("one of transcription, witness, translation, other", done.stderr)
        self.assertEqual(self.fields(place)["title"], "other")

    def test_what_was_read_back_stands_and_a_supplement_is_offered(self):
        first = self.add("statement", "text=He took the passports.", "read-back=by-witness")
        done = self.amend(first, "text=She took the passports.", status=5)
        self.assertIn(f"-F type=supplementary -F supplements={first}", done.stderr)
        self.assertEqual(self.fields(first)["text"], "He took the passports.")
        self.amend(first, "signed=ink", "reliability=unsure")
        self.add("statement", "type=supplementary", f"supplements={first}", "text=It was she.")
        self.amend(first, "text=He took the passport.", reason="transcription",
                   more=["--over-signature"])
        self.assertIn("reason transcription, over a signature", self.call(["log", first]).stdout)

    def test_a_bad_value_changes_nothing(self):
        place = self.add("incident", "title=x", "date=2021-03")
        for field, why in [("date=2021-13", "date: position 6: month is 13"),
                           ("place-coordinates=40.5,72.8", "place-coordinates: position 1"),
                           ("victims=5..3", "victims: the range ends below its beginning"),
                           ("language=russian language", "language: not a language tag"),
                           ("status=sure", "status: not a word of the list certainty"),
                           ("place-type=1", "place-type: not a number of a thesaurus")]:
            done = self.amend(place, "title=y", field, status=2)
            self.assertIn(why, done.stderr)
        self.assertEqual(self.fields(place), {"title": "x", "date": "2021-03"})


if __name__ == "__main__":
    one_vault.main()
