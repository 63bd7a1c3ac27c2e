"""Puts the NHS design system's built files into the service, without the NHS typeface and without outside addresses.

    npm pack nhsuk-frontend@10.6.1 && tar xzf nhsuk-frontend-10.6.1.tgz
    python scripts/vendor_nhsuk.py package/dist/nhsuk

The style sheet, the script and the few pictures that the style sheet shows are taken; nothing else. The same files give
the same bytes. What is changed:

- The NHS typeface is left out (it is for NHS bodies alone): a page uses the reader's system fonts. A family named
  "NHS typeface" stands before them, for the NHS body that turns the typeface on.
- Addresses are relative to the style sheet.
- The style sheet is one cascade layer, so that a style of the service, or of a document, comes before it.
- Maps for debuggers are not named, since they are not there.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

INTO = Path(__file__).parents[1] / "src" / "remit" / "service" / "web" / "static" / "nhsuk"

STYLES, SCRIPT = "nhsuk-frontend.min.css", "nhsuk-frontend.min.js"
TYPEFACE = "Frutiger W01"
FONTS = '"NHS typeface",system-ui,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif'

LICENCE = """MIT License

Copyright (c) 2019 NHS England

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
"""Of the repository nhsuk/nhsuk-frontend: its package names the licence and does not hold its text."""


def styles(css: str) -> str:
    """The style sheet as the service serves it. Raises ValueError where something in it still leads elsewhere."""
    css = css.removeprefix('@charset "UTF-8";')
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = re.sub(rf'"?{TYPEFACE}"?,arial,sans-serif', FONTS, css)
    css = css.replace("url(/assets/images/", "url(images/")
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/\s*", "", css)
    for wrong in (TYPEFACE, "@font-face", "@import", "://", "url(/", "sourceMappingURL"):
        if wrong in css:
            raise ValueError(f"the style sheet still has {wrong}: see what changed in it, and mend this script")
    return f'@charset "UTF-8";@layer nhsuk{{{css.strip()}}}\n'


def script(js: str) -> str:
    """The script as the service serves it."""
    js = re.sub(r"//# sourceMappingURL=.*\s*", "", js)
    if "://" in js:
        raise ValueError("the script names an outside address: see what changed in it, and mend this script")
    return js.strip() + "\n"


def vendor(source: Path, into: Path = INTO) -> None:
    """Write the files of `source`, which is the package's folder dist/nhsuk, into a folder that is made anew."""
    css, js = (source / STYLES).read_text(encoding="utf-8"), (source / SCRIPT).read_text(encoding="utf-8")
    made = styles(css)
    shutil.rmtree(into, ignore_errors=True)
    (into / "images").mkdir(parents=True)
    pictures = sorted(set(re.findall(r"url\(images/([\w.-]+)\)", made)))
    for name in pictures:
        shutil.copyfile(source / "assets" / "images" / name, into / "images" / name)
    (into / "nhsuk.css").write_text(made, encoding="utf-8")
    (into / "nhsuk.js").write_text(script(js), encoding="utf-8")
    (into / "LICENCE").write_text(LICENCE, encoding="utf-8")
    version = re.search(r'--nhsuk-frontend-version:"([\d.]+)"', css)
    lines = [
        f"nhsuk-frontend {version[1] if version else ''}, changed by scripts/vendor_nhsuk.py, which says how.",
        "What it was made from (SHA-256):",
        *(f"{_sha256(source / name)}  {name}" for name in (STYLES, SCRIPT)),
        *(f"{_sha256(source / 'assets' / 'images' / name)}  assets/images/{name}" for name in pictures),
    ]
    (into / "SOURCE").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    vendor(Path(sys.argv[1]))
