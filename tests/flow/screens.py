#!/usr/bin/env python3
"""tests/flow/screens.py - the pages of `report` in a browser: telephone, desk, A4, in three scripts.

usage: screens.py WITNESSBOX [FOLDER]        screenshots and PDFs are kept in FOLDER

Chromium is spoken to through a pipe (DevTools protocol); poppler looks at the PDF. Without them it is skipped
(exit status 77). A page passes where nothing is wider than the window, no two texts lie on each other, no text
is cut, and every word of the PDF lies inside an A4 sheet.
"""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LONG = "w" * 300
# Title, two names, account, description of evidence, place.
TEXTS = {
    "latin": ("Taken from his home at night, by men who did not say who they were", "Azat Isakov", "Chemen Ore",
              ["Police are here.", "If they find me they will take me. " * 20, LONG], "The yard, drawn by a neighbour"),
    "cyrillic": ("Похищение из собственного дома ночью людьми, которые не назвались", "Азат Исаков",
                 "Шарофиддин Гадоев", ["Полиция здесь.", "Если меня найдут, меня заберут. " * 20, "щ" * 300],
                 "Двор, нарисованный соседкой"),
    "arabic": ("اختطاف من منزله ليلاً على يد رجال لم يعرّفوا بأنفسهم", "عزت إيساكوف", "شمن أوره",
               ["الشرطة هنا.", "إذا وجدوني سيأخذونني معهم. " * 20, "خ" * 300], "الفناء كما رسمته الجارة"),
}
SCREENS = {"telephone": (360, 740), "desk": (1280, 900)}
A4_TEXT_PX = 673  # 178 mm between the margins, at 96 px an inch

# Everything that is wrong on the page as it is laid out now.
LOOK = r"""(() => {
    const wrong = [], root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) wrong.push(`${root.scrollWidth} wide, there are ${root.clientWidth}`);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), lines = [];
    for (let node; (node = walker.nextNode());) {
        if (node.data.trim() === "" || getComputedStyle(node.parentElement).display === "none") continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const r of range.getClientRects()) {
            if (r.width < 1) continue;
            // The space at which a line was broken hangs out of it.
            if (r.left < -6 || r.right > root.clientWidth + 6) wrong.push(`cut: ${node.data.slice(0, 40)}`);
            lines.push([r, node]);
        }
    }
    for (let i = 0; i < lines.length; i++)
        for (let k = i + 1; k < lines.length; k++) {
            const [a, m] = lines[i], [b, n] = lines[k];
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (m !== n && wide > 2 && high > 6) wrong.push(`on each other: ${m.data.slice(0, 30)} | ${n.data.slice(0, 30)}`);
        }
    return JSON.stringify({wrong: [...new Set(wrong)].slice(0, 10), lines: lines.length, height: root.scrollHeight,
                           small: Math.min(...lines.map(([r, n]) => parseFloat(getComputedStyle(n.parentElement).fontSize)))});
})()"""


class Browser:
    """One tab of a headless Chromium."""

    def __init__(self, command, folder):
        to_child, our_end = os.pipe()
        our_side, from_child = os.pipe()

        def place():
            os.dup2(to_child, 3)
            os.dup2(from_child, 4)

        for fd in (to_child, from_child):
            os.set_inheritable(fd, True)
        self.process = subprocess.Popen(
            [command, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", f"--user-data-dir={folder}", "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(folder)})
        os.close(to_child)
        os.close(from_child)
        self.out, self.into, self.number, self.session = our_end, os.fdopen(our_side, "rb"), 0, None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")

    def message(self):
        data = bytearray()
        while (one := self.into.read(1)) not in (b"\0", b""):
            data += one
        return json.loads(data)

    def ask(self, method, **params):
        self.number += 1
        question = {"id": self.number, "method": method, "params": params}
        if self.session:
            question["sessionId"] = self.session
        os.write(self.out, json.dumps(question).encode() + b"\0")
        while (answer := self.message()).get("id") != self.number:
            pass
        if "error" in answer:
            sys.exit(f"chromium: {method}: {answer['error']['message']}")
        return answer["result"]

    def open(self, path, width, height, media):
        self.ask("Emulation.setEmulatedMedia", media=media)
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.ask("Page.navigate", url=path.as_uri())
        while self.message().get("method") != "Page.loadEventFired":
            pass
        return json.loads(self.ask("Runtime.evaluate", expression=LOOK)["result"]["value"])

    def picture(self, path, width, height):
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True,
                        clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1})
        path.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self, path):
        path.write_bytes(base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"]))

    def close(self):
        self.process.terminate()
        self.process.wait()


class Vault:
    def __init__(self, command, folder):
        self.command, self.folder = command, folder
        (folder / "pass").write_text("a passphrase for tests\n")
        self.run("init", "--kdf-memory", "64", "--new-passphrase-file", folder / "pass")

    def run(self, *words):
        return subprocess.run([self.command, "--vault", self.folder / "v", "--passphrase-file", self.folder / "pass",
                               "--quiet", *words], check=True, capture_output=True, text=True).stdout

    def add(self, kind, *fields):
        return self.run("add", kind, *(word for field in fields for word in ("-F", field))).split()[0]

    def pages(self, script):
        """The three pages of one script: name and path."""
        title, victim, witness, account, drawing = TEXTS[script]
        incident = self.add("incident", "title=" + title, "date=2021-10-20", "place=" + title, "description=" + account[1])
        persons = [self.add("person", "name=" + name, "pseudonym=W " + name[::-1]) for name in (victim, witness)]
        unit = self.add("person", "name=" + "МНБ " * 6, "public=yes")
        for date in ("2021-10-20", "2021-10", "2019", "2021-10-20/.."):
            act = self.add("act", "incident=" + incident, "victim=" + persons[0], "type=abduction", "date=" + date,
                           "place=" + title, "description=" + account[1])
            self.add("involvement", "act=" + act, "perpetrator=" + unit, "degree=" + title)
        statement = self.add("statement", "incident=" + incident, "witness=" + persons[1], "date=2021-11~",
                             "date-words=" + title, *("text=" + paragraph for paragraph in account))
        (self.folder / "drawing.svg").write_text("<svg/>")
        evidence = self.run("attach", statement, self.folder / "drawing.svg").split()[0]
        self.run("amend", evidence, "--reason", "other", "-F", "description=" + drawing)
        self.add("custody", "about=" + evidence, "type=transfer", "when=2021-11-02",
                 "by=" + victim, "purpose=" + title, "where=" + "w" * 200)
        for kind, id in (("incident", incident), ("statement", statement), ("custody", evidence)):
            path = self.folder / f"{script}-{kind}.html"
            self.run("report", kind, id, "-o", path)
            yield path


def look_at_pdf(path):
    """Every sheet is A4, and every word lies inside of it."""
    said = subprocess.run(["pdftotext", "-bbox", path, "-"], check=True, capture_output=True, text=True).stdout
    sheets = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', said, re.S)
    words = 0
    for width, height, inside in sheets:
        if abs(float(width) - 595.3) > 2 or abs(float(height) - 841.9) > 2:
            return f"{width} x {height} points is not A4", words
        for box in re.findall(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', inside):
            left, top, right, bottom = map(float, box)
            words += 1
            if left < 30 or top < 30 or right > float(width) - 30 or bottom > float(height) - 30:
                return f"a word stands at {box}", words
    return None if words > 50 else "hardly a word", words


def main():
    command = os.path.abspath(sys.argv[1])
    browser = shutil.which("chromium")
    if browser is None or shutil.which("pdftotext") is None:
        print("skipped: no chromium, or no pdftotext (poppler-utils)")
        sys.exit(77)
    bad, looked = [], 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        kept = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else folder / "kept")
        kept.mkdir(exist_ok=True)
        vault, tab = Vault(command, folder), Browser(browser, folder / "profile")
        for script in TEXTS:
            for page in vault.pages(script):
                for name, (width, height) in SCREENS.items():
                    seen = tab.open(page, width, height, "screen")
                    tab.picture(kept / f"{page.stem}-{name}.png", width, min(seen["height"], 16000))
                    looked += seen["lines"]
                    bad += [f"{page.stem} {name}: {one}" for one in seen["wrong"]]
                    if seen["small"] < 12:
                        bad.append(f"{page.stem} {name}: letters of {seen['small']} px")
                seen = tab.open(page, A4_TEXT_PX, 1000, "print")
                bad += [f"{page.stem} paper: {one}" for one in seen["wrong"]]
                tab.pdf(kept / f"{page.stem}.pdf")
                wrong, words = look_at_pdf(kept / f"{page.stem}.pdf")
                looked += words
                bad += [f"{page.stem} A4: {wrong}"] if wrong else []
        tab.close()
    print("\n".join(bad))
    if bad or looked < 3000:
        sys.exit(f"{len(bad)} wrong, {looked} lines and words looked at")
    print(f"nothing cut or on each other: {looked} lines and words looked at")


if __name__ == "__main__":
    main()
