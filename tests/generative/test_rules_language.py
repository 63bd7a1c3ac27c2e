"""The language written and read again: every node has a generator, and what is printed is what was meant."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import get_args

import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.generative import rule_made as made
from tests.profiles import examples

from remit.rules import model as r
from remit.rules.definitions import read_definitions, shipped
from remit.rules.parse import Unclear, parse_condition, parse_field, parse_period
from remit.rules.printing import condition_text, field_text, period_text
from remit.rules.words import condition_words, field_words, period_words


def test_every_node_has_a_generator() -> None:
    assert set(made.TERMS) == set(get_args(r.Term))
    assert set(made.CONDITIONS) == set(get_args(r.Condition))
    assert set(made.FIELDS) == set(get_args(r.Field))
    assert set(made.PERIODS) == set(get_args(r.Period))


@given(st.data())
def test_a_field_is_read_as_it_was_meant(data: st.DataObject) -> None:
    scope = made.with_fields(data.draw, made.Scope(registers=("R1",)), 6)
    for name, field in scope.fields.items():
        assert parse_field(field_text(field)) == field
        assert field_words(field, name)


@given(st.data())
def test_a_condition_is_read_as_it_was_meant(data: st.DataObject) -> None:
    scope = made.with_fields(data.draw, made.Scope(registers=("R1",)), 3)
    condition = made.condition(data.draw, made.replace(scope, parts=(("PARTS", 3),)), 4)
    assert parse_condition(condition_text(condition)) == condition
    assert condition_words(condition)


@given(made.periods(made.Scope()))
def test_a_period_is_read_as_it_was_meant(period: r.Period) -> None:
    assert parse_period(period_text(period)) == period
    assert period_words(period)


def test_what_ships_is_read_as_it_is_printed() -> None:
    known = shipped()
    for definition in [*known.registers.values(), *known.indicators.values()]:
        for field in definition.fields.values():
            assert parse_field(field_text(field)) == field
        for rule in definition.rules:
            assert parse_condition(condition_text(rule.condition)) == rule.condition


_TEXT = (
    "latest earliest reading of with where value lowest on in mmHg count days later A_COD B_DAT Null = <> > ( ) and or "
    "not any all at least 3 PARTS age date episode first female PPED - 12 months 2024-02-30 1.5 % ≤ – ' NULL "
    "if within between is 99999999 PAT_SEX , . / 31/03/2025"
)
_WORDS = st.sampled_from(_TEXT.split())


@given(st.lists(_WORDS, max_size=12).map(" ".join) | st.text(max_size=30))
@examples(6)
def test_any_text_is_understood_or_refused_in_words(text: str) -> None:
    for parse in (parse_field, parse_condition):
        said = "understood"
        try:
            parse(" ".join(text.split()))
        except Unclear as error:
            said = str(error)
        assert said
        assert "__ANON" not in said.split("found '")[0]


def _file(definition: r.Definition) -> dict:
    def counts(side: r.Counts | None) -> str:
        if side is None:
            return ""
        if side.category == "pca":
            return f"PCA {'general' if side.general else 'specific'} {side.reason}, {side.pca_kind}"
        return str(side)

    return {
        "register" if definition.is_register else "indicator": definition.code,
        "title": definition.title,
        "population": definition.population,
        "years": str(definition.years),
        "period": period_text(definition.period) if definition.period is not None else "",
        "fields": {name: field_text(field) for name, field in definition.fields.items()},
        "parts": {
            group: {name: condition_text(part) for name, part in those.items()}
            for group, those in definition.parts.items()
        },
        "rules": [
            {
                "rule": rule.number,
                "if": condition_text(rule.condition),
                "then": rule.then,
                "else": rule.otherwise,
                "counts": counts(rule.counts),
                "else_counts": counts(rule.else_counts),
            }
            for rule in definition.rules
        ],
    }


def _bounds(table: r.Bounds) -> dict:
    def number(bound: Decimal | None) -> dict[str, str]:
        return {} if bound is None else {"is": f"{bound:f}"}

    groups = [{"clusters": [*group.clusters], "texts": [*group.texts], **number(group.bound)} for group in table.groups]
    others = {key: f"{of:f}" for key, of in (("others", table.others), ("unknown", table.unknown)) if of is not None}
    more = {"latest": [*table.latest], "not_stated": [*table.not_stated]}
    return {"by": table.by, "groups": groups, **others, **more}


@given(made.definitions())
@examples(0.6)
def test_a_file_of_them_is_read_as_it_was_meant(tmp_path_factory, known) -> None:
    registers, indicators = known
    path: Path = tmp_path_factory.mktemp("rules") / "rules.yaml"
    every = [*registers.values(), *indicators.values()]
    bounds = {name: _bounds(table) for one in every for name, table in one.bounds.items()}
    made_of = {"bounds": bounds, "definitions": [_file(one) for one in every]}
    path.write_text(yaml.safe_dump(made_of, allow_unicode=True))
    read = read_definitions([path])
    for one in every:
        found = read.find(one.code)
        assert found is not None
        assert found.fields == one.fields
        assert found.parts == one.parts
        assert [(x.condition, x.then, x.otherwise, x.counts, x.else_counts) for x in found.rules] == [
            (x.condition, x.then, x.otherwise, x.counts, x.else_counts) for x in one.rules
        ]
