"""The chapter "Write a scheme" and its page of sentences: every file loads, every command says what is shown."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
import textwrap
from pathlib import Path

import pytest
from tests.bad_files.command import remit

from remit.scheme.kinds import Kind
from remit.scheme.loader import build, read_with_bases
from remit.scheme.model import Scheme
from remit.scheme.pays import PAYS
from remit.scheme.source import parse_source
from remit.scheme.template import kinds_of_scheme
from remit.scoring.subjects import MEASURES
from remit.scoring.wanted import wanted

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "local-scheme"
AIRWAYS = EXAMPLE / "exampleshire-airways-2025-26.yaml"
CHAPTER = (ROOT / "docs" / "how-to" / "write-a-scheme.md").read_text(encoding="utf-8")
SENTENCES = (ROOT / "docs" / "how-to" / "local-schemes.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CHANGE = re.compile(r"<!-- change: (.*?) -> (.*?) -->\n")

HEAD = """
scheme: a-scheme
version: "1"
title: A scheme
commissioner: An ICB
year: 2025-26
achievement_date: 2026-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
"""
MONEY = {
    "heads": "heads: {column: weighted_list_size, called: weighted list, at: 2025-01-01}",
    "point": "point: {value: £200}",
    "terms": "terms: {}",
    "groups": "groups: [{group: EX, title: Example, list: whole}]",
    "indicators": "indicators: [{indicator: EX-1, title: Example, type: process, group: EX}]",
    "items": "items: [{item: OTHER, indicator: EX-1, measure: achievement, pays: {linear: {points: 5, lower: 40%, "
    "upper: 90%}}}]",
}


def blocks(page: str, language: str) -> list[str]:
    return [text for found, text in _BLOCK.findall(page) if found == language]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_every_part_of_the_chapter_is_of_its_file() -> None:
    *parts, whole = blocks(CHAPTER, "yaml")
    text = AIRWAYS.read_text(encoding="utf-8")
    assert whole == text
    assert len(parts) > 8
    for part in parts:
        assert textwrap.indent(part, "") in text, part


def test_every_quotation_of_the_file_is_in_the_contract() -> None:
    contract = CHAPTER.split("## The contract")[1].split("Read it with")[0].replace("*", "")
    printed = " ".join(line.removeprefix(">").strip() for line in contract.splitlines())
    scheme = build(parse_source(AIRWAYS.read_text(encoding="utf-8"), AIRWAYS.name))
    terms = scheme.terms
    quoted = [terms.advances[0].words, terms.balance.words, terms.recovery.words, *(i.words for i in scheme.items)]
    assert [words for words in quoted if not words or " ".join(words.split()) not in printed] == []


def test_every_command_of_the_chapter_says_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    shutil.copytree(EXAMPLE, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    run = 0
    for match in _BLOCK.finditer(CHAPTER):
        if match[1] != "console":
            continue
        above = CHAPTER[: match.start()].rpartition("\n\n")[2]
        for before, after in _CHANGE.findall(above):
            name = folder / AIRWAYS.name
            name.write_text(name.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
        for command in match[2].split("$ remit ")[1:]:
            words, _, shown = command.partition("\n")
            if words.startswith("new ") and "--extends" not in words:
                (folder / AIRWAYS.name).unlink()  # what the reader starts with
            said = remit(*shlex.split(words))
            told = [line.rstrip() for line in (said.err + said.out).splitlines()]
            wanted = [line.rstrip() for line in shown.splitlines()]
            if wanted[-1] == "…":
                wanted, told = wanted[:-1], told[: len(wanted) - 1]
            assert told == wanted, words
            run += 1
        shutil.copy(AIRWAYS, folder)
    assert run >= 10


def test_the_figures_that_the_chapter_shows_are_the_examples() -> None:
    table = [re.findall(r"[^|]+", line) for line in CHAPTER.splitlines() if line.startswith("| X1 |")]
    with (EXAMPLE / "counts.csv").open(encoding="utf-8") as file:
        held = list(csv.reader(file))[1:]
    assert [[cell.strip() for cell in row] for row in table] == held


def fragment(text: str) -> Scheme:
    """A block of the page, in a scheme that has whatever it leaves out. Raises Refused."""
    if re.match(r"(scheme|extends):", text, re.MULTILINE):
        return build(parse_source(text, "block.yaml"))
    own = set(re.findall(r"^([a-z_]+):", text, re.MULTILINE))
    rest = "\n".join(more for key, more in MONEY.items() if key not in own)
    return build(parse_source(f"{HEAD}{rest}\n{text}", "block.yaml"))


@pytest.mark.parametrize("block", blocks(SENTENCES, "yaml"), ids=lambda text: lines(text)[0][:40])
def test_every_block_of_the_page_of_sentences_is_a_scheme(block: str, tmp_path: Path) -> None:
    if "extends:" in block:
        path = tmp_path / "over.yaml"
        path.write_text(block, encoding="utf-8")
        assert build(read_with_bases(path)).items
        return
    assert fragment(block).items


@pytest.mark.parametrize(
    ("block", "said"),
    re.findall(r"^```yaml\n(.*?)^```\n\n</div>\n\nCounts: (.*?)\n\n", SENTENCES, re.MULTILINE | re.DOTALL),
    ids=lambda text: lines(text)[-1][:30],
)
def test_the_counts_that_are_named_are_those_that_it_reads(block: str, said: str) -> None:
    read = {one.measure for one in wanted(fragment(block))}
    if "items:" not in block:
        read = {one.measure for one in wanted(fragment(block)) if one.words.startswith("watched")}
    first = set(re.findall(r"`([A-Z_]{4,})`", said)) & set(MEASURES)
    assert read <= first, (read, said)


def test_every_kind_has_its_sentence() -> None:
    shown: set[type[Kind]] = set()
    for block in blocks(SENTENCES, "yaml"):
        if "items:" in block and "extends:" not in block:
            shown |= {type(item.kind) for item in fragment(block).items}
    kinds = set(PAYS)
    assert kinds - {kind.name for kind in shown} == set()


def test_the_page_names_every_kind_of_remit_new() -> None:
    assert [kind for kind in kinds_of_scheme() if f"--kind {kind}" not in SENTENCES] == []


def test_the_claims_that_the_page_shows_come_out_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: Anna's start £60 and quarters on B £20 and C £25 are X1's, Finn's £80 and £25 Z3's, who joined late."""
    shutil.copytree(ROOT / "examples" / "local-scheme-claims", tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    (command,) = re.findall(r"^\$ remit (run exampleshire-.*)$", SENTENCES, re.MULTILINE)
    said = remit(*shlex.split(command))
    assert "2 claims are held" in said.err
    assert "share no" not in said.err
    paid = {}
    for scheme in ("treatments", "injections"):
        for row in table(Path("results") / f"exampleshire-{scheme}-2025-26" / "payment.csv"):
            paid[scheme, row["practice_code"]] = (row["pounds"], row["status"])
    assert paid == {
        ("treatments", "X1"): ("80.00", "provisional"),
        ("treatments", "Y2"): ("0.00", "provisional"),
        ("treatments", "Z3"): ("0.00", "final"),
        ("injections", "X1"): ("25.00", "final"),
        ("injections", "Y2"): ("0.00", "final"),
        ("injections", "Z3"): ("105.00", "final"),
    }
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in SENTENCES.splitlines()]
    shown = [row for row in cells if len(row) == 8 and re.fullmatch(r"2025-Q\d", row[3])]
    names = ("practice_code", "pseudonym", "item", "quarter", "from", "to")
    given = [[row[name] for name in names] for row in table(Path("claims.csv"))]
    assert [row[:6] for row in shown] == given
    told = [[row[name] for name in (*names, "outcome")] for row in table(Path("results") / "claims.csv")]
    assert sorted(row[:7] for row in shown) == sorted(told)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
