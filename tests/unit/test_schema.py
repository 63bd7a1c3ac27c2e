"""The JSON Schemas, and all else in the docs that is made from the code."""

from __future__ import annotations

import datetime
import json
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from tests.bad_files.command import remit

from remit.scheme.keys import CITED, KEYS, about
from remit.scheme.schema import Which, models, schema
from remit.scheme.source import parse_source, read_source

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "src" / "remit" / "library"
FILES: list[tuple[Which, Path]] = [
    *(("scheme", path) for path in sorted((LIBRARY / "schemes").glob("*.yaml"))),
    ("scheme", ROOT / "examples" / "local-scheme" / "exampleshire-airways-2025-26.yaml"),
    *(("indicators", path) for path in sorted((LIBRARY / "indicators").glob("*.yaml"))),
]


def errors(which: Which, tree: Any) -> list[str]:
    validator = Draft202012Validator(schema(which))
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(tree)]


def as_an_editor_reads(text: str) -> Any:
    """Plain YAML types. Editors follow YAML 1.2, in which a date is text."""

    def plain(node: Any) -> Any:
        if isinstance(node, dict):
            return {str(key): plain(value) for key, value in node.items()}
        if isinstance(node, list):
            return [plain(value) for value in node]
        return node.isoformat() if isinstance(node, datetime.date) else node

    return plain(yaml.safe_load(text))


@pytest.mark.parametrize(("which", "path"), FILES, ids=[path.stem for _, path in FILES])
def test_every_file_that_ships_is_valid(which: Which, path: Path) -> None:
    assert errors(which, read_source(path).tree) == []
    assert errors(which, as_an_editor_reads(path.read_text(encoding="utf-8"))) == []


GOOD = (ROOT / "tests" / "bad_files" / "good_scheme.yaml").read_text(encoding="utf-8")


def test_numbers_may_stand_without_quotes() -> None:
    text = (
        GOOD.replace('version: "1"', "version: 1")
        .replace('item: "1"', "item: 1")
        .replace("year: 2024-25", "year: 2024/25")
    )
    tree = as_an_editor_reads(text + "totals: {items: 1}\n")
    assert (tree["version"], tree["items"][0]["item"], tree["totals"]["items"]) == (1, 1, 1)
    assert errors("scheme", tree) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("commissioner:", "comissioner:", "'comissioner' was unexpected"),
        ("measure: prevalence", "measure: prevalance", "'prevalance' is not one of"),
        ("share: 80%", "share: 80", "80 is not valid under any of the given schemas"),
        ("above 0.5% pays 8p", "over 0.5% pays 8p", "does not match"),
        ("due: 2025-07-31", "dues: 2025-07-31", "'due' is a required property"),
        ("        most: 15p", "        most: 15p\n      boolean: {points: 1}", "too many properties"),
        ("year: 2024-25", "year: 2024-2025", "does not match"),
        ("at: 2024-01-01", "at: 1 January", "does not match"),
    ],
)
def test_a_mistake_is_underlined(before: str, after: str, words: str) -> None:
    assert before in GOOD
    found = errors("scheme", as_an_editor_reads(GOOD.replace(before, after, 1)))
    assert any(words in error for error in found), found


def test_a_scheme_that_extends_another_need_not_say_it_all() -> None:
    over = parse_source('scheme: over\nextends: qif-2024-25\nversion: "1"\ntitle: Over', "over.yaml").tree
    assert errors("scheme", over) == []
    over.pop("extends")
    assert "'terms' is a required property" in " ".join(errors("scheme", over))


@pytest.mark.parametrize("which", ["scheme", "indicators"])
def test_it_is_a_schema_of_its_draft_and_describes_every_key(which: Which) -> None:
    made = schema(which)
    Draft202012Validator.check_schema(made)
    parts = {"top": made, **{n: p for n, p in made["$defs"].items() if "properties" in p}}
    for name, part in parts.items():
        assert part["additionalProperties"] is False, name
        assert [key for key, node in part["properties"].items() if not node.get("description")] == [], name
    named = {word for word in json.dumps(made).split('"') if word.startswith("#/$defs/")}
    assert {name.removeprefix("#/$defs/") for name in named} <= set(made["$defs"])


def test_every_key_is_described_once() -> None:
    known = dict(models())
    for name, found in known.items():
        for key, field in found.model_fields.items():
            assert field.description or about(name, key)
    for name, keys in KEYS.items():
        fields = {field.alias or key: field for key, field in known[name].model_fields.items()}
        assert [key for key in keys if key not in fields] == [], name
        assert [key for key in keys if fields[key].description] == [], name
    assert set(CITED) == {"source", "standing", "note"}


def test_what_the_docs_say_from_the_code_is_current() -> None:
    pages = runpy.run_path(str(ROOT / "scripts" / "docs_tables.py"))["pages"]()
    stale = [str(page.relative_to(ROOT)) for page, text in pages.items() if page.read_text(encoding="utf-8") != text]
    assert stale == [], "run: python scripts/docs_tables.py"


def test_the_command_prints_what_is_committed(tmp_path: Path) -> None:
    committed = (ROOT / "docs" / "schema" / "scheme.schema.json").read_text(encoding="utf-8")
    assert remit("schema").out == committed
    assert remit("schema", "indicators", "--out", tmp_path / "made.json").status == 0
    made = (tmp_path / "made.json").read_text(encoding="utf-8")
    assert made == (ROOT / "docs" / "schema" / "indicators.schema.json").read_text(encoding="utf-8")


def test_weights_and_terms_may_be_laid_over_in_part() -> None:
    over = 'scheme: over\nextends: qif-2024-25\nversion: "1"\ntitle: Over\nterms: {balance: {due: 2025-06-30}}'
    assert errors("scheme", parse_source(over, "over.yaml").tree) == []
    alone = parse_source(GOOD.replace("recovery: {months: 6, ", "recovery: {"), "alone.yaml").tree
    assert errors("scheme", alone) == ["terms/recovery: 'months' is a required property"]
    heads = parse_source("extends: x\nheads: {at: 2024-01-01}", "heads.yaml").tree
    assert "heads: 'column' is a required property" in errors("scheme", heads)
