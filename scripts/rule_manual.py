"""Prints the specifications of the rule language (tests/spec/rules) into docs/reference/rule-language.md.

python scripts/rule_manual.py            write
python scripts/rule_manual.py --check    say whether the page is current, and end with status 1 if not
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.spec.rules.harness import Case, Spec, chapters  # noqa: E402

from remit.rules import model as r  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "rule-language.md"
_BLOCK = re.compile(r"<!-- (grammar|names|specs) -->\n.*?<!-- /\1 -->", re.DOTALL)
_PLAIN = Case.model_validate({"is": ""})


def page() -> str:
    """The page as it should be."""
    makers = {"grammar": _grammar, "names": _names, "specs": _specs}
    return _BLOCK.sub(
        lambda block: "\n".join([f"<!-- {block[1]} -->\n", *makers[block[1]](), f"<!-- /{block[1]} -->"]),
        PAGE.read_text(encoding="utf-8"),
    )


def _grammar() -> Iterator[str]:
    text = resources.files("remit.rules").joinpath("grammar.lark").read_text(encoding="utf-8")
    yield from ("```lark", text.strip(), "```", "")


def _names() -> Iterator[str]:
    yield from ("| Name | Is |", "| --- | --- |")
    for name, text in r.DATES.items():
        yield f"| `{name}` | {text} |"
    for name, (_, text) in r.PATIENT.items():
        yield f"| `{name}` | {text} |"
    yield ""


def _specs() -> Iterator[str]:
    for _, chapter in chapters():
        yield from (f"## {chapter.chapter}", "")
        if chapter.about:
            yield from (chapter.about.strip(), "")
        for spec in chapter.specs:
            yield from _spec(spec)


def _spec(spec: Spec) -> Iterator[str]:
    yield from (f"### {spec.title}", "")
    if spec.text:
        yield from (spec.text.strip(), "")
    written = list(_written(spec))
    if written:
        yield from ("```yaml", *written, "```", "")
    patients = [_patient(case) for case in spec.told]
    asked = [spec.asked(case) for case in spec.told]
    columns = {
        "Records": [_records(case) for case in spec.told],
        "Patient": patients,
        "On": [str(case.on or "") for case in spec.told],
        "Asked": [f"`{one.removeprefix('if ')}`" for one in asked] if len(set(asked)) > 1 else [],
        _heading(asked[0]) if len(set(asked)) == 1 else "Is": [_result(case.is_) for case in spec.told],
    }
    shown = {name: cells for name, cells in columns.items() if any(cells)}
    yield f"| {' | '.join(shown)} |"
    yield f"|{' --- |' * len(shown)}"
    for row in zip(*shown.values(), strict=True):
        yield f"| {' | '.join(cell or ' ' for cell in row)} |"
    yield ""


def _heading(asked: str) -> str:
    if asked.startswith("if "):
        return "True?" if len(asked) > 60 else f"`{asked.removeprefix('if ')}`"
    return "Outcome" if asked == "outcome" else f"`{asked}`"


def _result(text: str) -> str:
    return text if " " in text or text in ("true", "false", "outside") else f"`{text}`"


def _written(spec: Spec) -> Iterator[str]:
    """The parts of the rule file that the specification is about, as an author writes them."""
    for name in spec.cluster_groups:
        clusters = spec.groups()[name]
        yield f"cluster_groups: {{{name}: [{clusters[0]}, {clusters[1]}, …, {clusters[-1]}]}}"
    if spec.bounds:
        yield from yaml.safe_dump({"bounds": spec.bounds}, sort_keys=False).replace("'", "").splitlines()
    for one in spec.definitions:
        yield f"register: {one['register']}"
        if "population" in one:
            yield f"population: {one['population']}"
        yield "fields:"
        yield from (f"  {name}: {text}" for name, text in one["fields"].items())
        yield f"rules: [{{rule: 1, if: {one['if']}, then: Select, else: Reject}}]"
    if spec.definitions and (spec.population != "registered" or spec.fields or spec.rules):
        yield "---"
    if spec.population != "registered":
        yield f"population: {spec.population}"
    if spec.years:
        yield f"years: {spec.years}"
    if spec.period:
        yield f"period: {spec.period}"
    if spec.fields:
        yield "fields:"
        yield from (f"  {name}: {text}" for name, text in spec.fields.items())
    if spec.parts:
        yield "parts:"
        for group, parts in spec.parts.items():
            yield f"  {group}:"
            yield from (f"    {name}: {text}" for name, text in parts.items())
    if spec.rules:
        yield "rules:"
        for rule in spec.rules:
            quoted = {key: f'"{text}"' if ", " in text else text for key, text in rule.items()}
            yield f"  - {{{', '.join(f'{key}: {text}' for key, text in quoted.items())}}}"
    elif len(spec.if_) > 60:
        yield "if: |"
        yield from (f"  {line}" for line in spec.if_.strip().splitlines())


def _records(case: Case) -> str:
    if case.deficits is not None:
        return f"{case.deficits} of the 36{', each coded twice and by a second code' if case.twice else ''}"
    return "<br>".join(f"`{record.strip()}`" for record in case.records.split(";") if record.strip())


def _patient(case: Case) -> str:
    told = []
    if case.born != _PLAIN.born:
        told.append(f"born {case.born}")
    if case.sex != _PLAIN.sex:
        told.append({"M": "male", "I": "indeterminate", "U": "sex unknown"}[case.sex])
    elif "sex" in case.model_fields_set:
        told.append("female")
    if "registered" in case.model_fields_set:
        told.append(f"registered {case.registered}")
    if case.died:
        told.append(f"died {case.died}")
    if case.ethnicity:
        told.append(f"ethnicity {case.ethnicity}")
    return ", ".join(told)


def main() -> int:
    """Write the page, or with --check say whether it is current."""
    wanted = page()
    if "--check" not in sys.argv:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    current = PAGE.read_text(encoding="utf-8") == wanted
    if not current:
        print("docs/reference/rule-language.md is not current: run python scripts/rule_manual.py")
    return 0 if current else 1


if __name__ == "__main__":
    sys.exit(main())
