"""Prints the specifications of the scheme language (tests/spec) as docs/reference/scheme-language.md.

python scripts/scheme_manual.py            write
python scripts/scheme_manual.py --check    say whether the page is current, and end with status 1 if not
"""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "reference" / "scheme-language.md"
_HEAD = """# What a scheme file means

Each sentence is a test in `tests/spec`: it is run with every change, and this page is written from it.
[Scheme file](scheme-file.md) lists the keys; the [rule language](rule-language.md) has a page of its own.
"""


def page() -> str:
    """The page as it should be."""
    chapters = sorted(ROOT.glob("tests/spec/test_*.py"), key=lambda path: int(path.stem.split("_")[1]))
    return _HEAD + "\n".join(line for path in chapters for line in _chapter(import_module(f"tests.spec.{path.stem}")))


def _chapter(module: ModuleType) -> Iterator[str]:
    name = module.__name__.rpartition("test_")[2]
    number, _, words = name.partition("_")
    yield from ("", f"## {number}. {words.replace('_', ' ').capitalize()}", "", f"{inspect.getdoc(module)}")
    for name, test in vars(module).items():
        if name.startswith("test_") and inspect.isfunction(test) and test.__module__ == module.__name__:
            yield from _test(name, test)


def _test(name: str, test: Callable[..., None]) -> Iterator[str]:
    sentence = name.removeprefix("test_").replace("_", " ")
    yield from ("", f"### {sentence.capitalize()}", "")
    if test.__doc__:
        yield from (inspect.getdoc(test) or "", "")
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    for mark in marks:
        yield from _table(mark.args[0], mark.args[1])
    source = inspect.getsource(test)
    body = textwrap.dedent(source[source.index("def test_") :].split(":\n", 1)[1]).rstrip()
    yield from ("", '<details markdown="1"><summary>How it is tested</summary>', "")
    yield from ("```python", body, "```", "", "</details>")


def _table(names: str | tuple[str, ...], rows: list[Any]) -> Iterator[str]:
    columns = [names] if isinstance(names, str) else list(names)
    columns = [name for part in columns for name in re.split(r",\s*", part)]
    values = [
        list(getattr(row, "values", row)) if len(columns) > 1 else [getattr(row, "values", [row])[0]] for row in rows
    ]
    yield "| " + " | ".join(name.replace("_", " ").capitalize() for name in columns) + " |"
    yield "|" + " --- |" * len(columns)
    for row in values:
        yield "| " + " | ".join(_cell(name, value) for name, value in zip(columns, row, strict=True)) + " |"


def _cell(name: str, value: object) -> str:
    """A value as a cell: sentences as they are, what stands in a file as code, line by line."""
    if value is None:
        return "none"
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, set):
        return ", ".join(_cell("", one) for one in sorted(value))
    if isinstance(value, str):
        lines = [" ".join(line.split()) for line in value.strip("\n").splitlines()] or [""]
        if name in ("what", "words"):
            return _plain(" ".join(lines))
        return "<br>".join(f"<code>{_plain(line)}</code>" for line in lines if line) or "(empty)"
    return f"<code>{_plain(repr(value) if not isinstance(value, int) else str(value))}</code>"


def _plain(text: str) -> str:
    marked = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;")
    return re.sub(r"([*_`\[\]{}])", lambda match: f"&#{ord(match[0])};", marked)


def main() -> int:
    """Write, or with --check compare. The exit status."""
    made = page()
    current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == made
    if "--check" in sys.argv:
        if not current:
            print(f"{PAGE.relative_to(ROOT)} is not current")
        return 0 if current else 1
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
