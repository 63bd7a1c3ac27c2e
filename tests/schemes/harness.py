"""Runs a case: a few practices and counts in YAML, and what they should be awarded and paid.

The cases are written and read by people who know contracts, not Python; `README.md` beside this file says how. A case
goes the whole way that `remit run` goes: its inputs are written as files, and what is compared stands in the result
files.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

import remit
from remit.core.problems import Refused
from remit.runs.folder import RunSummary
from remit.runs.several_schemes import run_claims, write_claimed_runs
from remit.runs.tables import AWARD, PAYMENT

Words = str | dict[str, str]


class Expected(BaseModel):
    """What is compared; what a case does not name is not looked at."""

    model_config = ConfigDict(extra="forbid")

    award: dict[str, dict[str, Words]] = {}
    payment: dict[str, dict[str, str]] = {}
    schedule: dict[str, list[str]] = {}
    definitions: dict[str, list[str]] = {}
    totals: dict[str, dict[str, str]] = {}
    warnings: list[str] = []
    distribution: dict[str, dict[str, str]] = {}
    monitoring: dict[str, dict[str, str]] = {}
    missing: list[str] = []
    claims: dict[str, str] = {}
    refused: list[str] = []


class Case(BaseModel):
    """One case, as its YAML has it."""

    model_config = ConfigDict(extra="forbid")

    name: str
    about: str = ""
    run: str | list[str]
    extending: dict[str, Any] | None = Field(None, description="Laid over the scheme of `run`, as with `extends`")
    practices: dict[str, Words]
    counts: dict[str, dict[str, Words]] = {}
    claims: list[str] | None = Field(
        None, description="practice pseudonym item quarter [from=… to=… date=… attended=…]"
    )
    national: str | dict[str, str] | None = None
    assign: dict[str, str] | None = None
    recovery: dict[str, dict[str, str]] | None = None
    set: dict[str, str] = {}
    period: str | None = None
    only: dict[str, list[str]] = {}
    expect: Expected


def load_cases(text: str) -> list[Case]:
    """The cases of a file, with every value as the text that it is."""
    documents = yaml.load(text, Loader=yaml.CBaseLoader)
    return [Case.model_validate(document) for document in documents]


def differences(case: Case, folder: Path) -> list[str]:
    """Run a case in an empty folder; what came out otherwise than expected, a line each."""
    try:
        if case.claims is not None:
            return _claimed(case, folder)
        made = _run(case, folder)
    except Refused as refused:
        said = str(refused)
        if not case.expect.refused:
            return [f"it was refused: {said}"]
        return [f"the refusal does not say '{words}': {said}" for words in case.expect.refused if words not in said]
    if case.expect.refused:
        return ["it was not refused"]
    summary = remit.write_run(made, folder / "out")
    return list(
        _compare(
            case.expect, [folder / "out"], tuple(one.message for one in made.inputs.warnings), _missing(made, summary)
        )
    )


def _missing(made: remit.Run, summary: RunSummary) -> list[str]:
    """What the one message about missing inputs names."""
    return [one.name for one in made.open_inputs()] + list(summary.missing)


def _claimed(case: Case, folder: Path) -> list[str]:
    """A case with claims: its schemes run side by side."""
    assert case.claims is not None
    extra = ("date", "from", "to", "attended")
    rows = []
    for text in case.claims:
        *given, last = text.split()[:4], dict(word.split("=") for word in text.split()[4:])
        rows.append([*given[0], *(last.get(name, "") for name in extra)])
    made = run_claims(
        _schemes(case, folder),
        _write_practices(folder, case.practices),
        _write(folder / "claims.csv", ("practice_code", "pseudonym", "item", "quarter", *extra), rows),
        _write_counts(folder, case) if case.counts else None,
        settings=case.set,
        period=case.period,
    )
    if case.expect.refused:
        return ["it was not refused"]
    summaries = write_claimed_runs(made, folder / "out")
    outs = [folder / "out"] if len(made.runs) == 1 else [folder / "out" / name for name in made.runs]
    lacks = [text for name, run in made.runs.items() for text in _missing(run, summaries[name])]
    unlike = list(_compare(case.expect, outs, (), lacks))
    for outcome, count in case.expect.claims.items():
        found = made.decided.count(outcome)  # type: ignore[arg-type]
        if str(found) != count:
            unlike.append(
                f"claims: expected {count} {outcome}, found {found}: {[d[2:] for d in made.decided.decisions]}"
            )
    return unlike


def _schemes(case: Case, folder: Path) -> list[str | Path]:
    schemes: list[str | Path] = [case.run] if isinstance(case.run, str) else list(case.run)
    if case.extending is not None:
        path = folder / "scheme.yaml"
        scheme = {"scheme": "case", "extends": str(schemes[0]), "version": "1", "title": case.name, **case.extending}
        path.write_text(yaml.safe_dump(scheme, allow_unicode=True), encoding="utf-8")
        schemes[0] = path
    return schemes


def _write_counts(folder: Path, case: Case) -> Path:
    columns = ("practice_code", "indicator_code", "measure", "value", "period")
    return _write(folder / "counts.csv", columns, _rows(case))


def _run(case: Case, folder: Path) -> remit.Run:
    schemes = _schemes(case, folder)
    national: str | Path | None = None
    if case.national == "from-run":
        national = "from-run"
    elif case.national is not None:
        assert isinstance(case.national, dict)
        rows = ([group, *re.split(r" (?:of|/) ", of)] for group, of in case.national.items())
        national = _write(folder / "national.csv", ("group_code", "register", "list_size"), rows)
    assign = recovery = None
    if case.assign is not None:
        assign = _write(folder / "assign.csv", ("practice_code", "scheme_id"), case.assign.items())
    if case.recovery is not None:
        columns = ("practice_code", "notified", "months", "reason")
        agreed = ([code, *(given.get(c, "") for c in columns[1:])] for code, given in case.recovery.items())
        recovery = _write(folder / "recovery.csv", columns, agreed)
    return remit.run(
        schemes,
        _write_practices(folder, case.practices),
        _write_counts(folder, case),
        national=national,
        assign=assign,
        recovery=recovery,
        settings=case.set,
        period=case.period,
        only_practices=case.only.get("practices", ()),
        only_indicators=case.only.get("indicators", ()),
    )


def _write(path: Path, columns: Any, rows: Any) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def _write_practices(folder: Path, practices: Mapping[str, Words]) -> Path:
    columns = ["practice_code", "practice_name", "place_code", "network_code", "list_size", "weighted_list_size"]
    columns += ["joined", "left", "successor_code", "level", "eligible_from", "eligible_to"]
    rows = []
    for code, given in practices.items():
        row = given if isinstance(given, dict) else {"list_size": given, "weighted_list_size": given}
        unknown = set(row) - set(columns)
        assert not unknown, f"a practice has no {unknown}"
        rows.append([code, row.get("practice_name", f"Practice {code}"), *(row.get(c, "") for c in columns[2:])])
    return _write(folder / "practices.csv", columns, rows)


def _rows(case: Case) -> Iterator[list[str]]:
    for whose, subjects in case.counts.items():
        code, _, period = whose.partition(" @ ")
        for subject, given in subjects.items():
            for measure, value in _measures(given).items():
                yield [code, subject, measure, value, period]


def _measures(given: Words) -> dict[str, str]:
    """`39 / 100` is numerator and denominator, `84 of 10500` register and list, `yes` a declaration."""
    if isinstance(given, dict):
        return given
    if given in ("yes", "no"):
        return {"DECLARED": "1" if given == "yes" else "0"}
    if " of " in given:
        return dict(zip(("REGISTER", "LIST_SIZE"), given.split(" of "), strict=True))
    if " / " in given:
        return dict(zip(("NUMERATOR", "DENOMINATOR"), given.split(" / "), strict=True))
    return {"REGISTER": given}


def _compare(expect: Expected, outs: list[Path], warnings: tuple[str, ...], missing: list[str]) -> Iterator[str]:
    awards = {(_unit(row), row["indicator_code"]): row for row in _tables(outs, "award.csv")}
    for practice, items in expect.award.items():
        for item, wanted in items.items():
            row = awards.get((practice, item))
            if row is None:
                yield f"award.csv has no row for {practice} {item}"
                continue
            yield from _unlike(f"award {practice} {item}", _award(wanted), row, AWARD)
    payments = {_unit(row): row for row in _tables(outs, "payment.csv")}
    for practice, wanted_payment in expect.payment.items():
        yield from _unlike(f"payment {practice}", wanted_payment, payments[practice], PAYMENT)
    totals = {_unit(row): row for row in _tables(outs, "totals.csv")}
    for practice, wanted_totals in expect.totals.items():
        yield from _unlike(f"totals {practice}", wanted_totals, totals[practice], tuple(totals[practice]))
    due: dict[str, list[str]] = {practice: [] for practice in expect.schedule}
    for row in _tables(outs, "schedule.csv"):
        due.setdefault(_unit(row), []).append(f"{row['due_date'] or 'no day yet'} {row['kind']} {row['pounds']}")
    for practice, lines in expect.schedule.items():
        if due[practice] != lines:
            yield f"schedule {practice}: expected {lines}, found {due[practice]}"
    scored: dict[str, list[str]] = {practice: [] for practice in expect.definitions}
    for row in _tables(outs, "achievement.csv"):
        line = f"{row['indicator_code']} {row['definition']} {row['achievement']}%"
        scored.setdefault(row["practice_code"], []).append(line + (" scored" if row["scored"] == "yes" else ""))
    for practice, lines in expect.definitions.items():
        yield from (
            f"achievement {practice}: no '{line}' in {scored[practice]}"
            for line in lines
            if line not in scored[practice]
        )
    shared = {(row["network_code"], row["practice_code"]): row for row in _tables(outs, "distribution.csv")}
    for network, members in expect.distribution.items():
        for member, pounds in members.items():
            row = shared.get((network, member))
            yield from _unlike(f"distribution {network} {member}", {"pounds": pounds}, row or {}, ("pounds",))
    seen = {(row["practice_code"], row["indicator_code"]): row for row in _tables(outs, "monitoring.csv")}
    for practice, indicators in expect.monitoring.items():
        for code, within in indicators.items():
            yield from _unlike(f"monitoring {practice} {code}", {"within": within}, seen[practice, code], ("within",))
    for words in expect.missing:
        if not any(words in text for text in missing):
            yield f"nothing that is missing says '{words}': {missing}"
    for words in expect.warnings:
        if not any(words in warning for warning in warnings):
            yield f"no warning says '{words}': {warnings}"


def _unit(row: Mapping[str, str]) -> str:
    """Whom a row is about: a practice, or in a run with networks whoever stands in unit_code."""
    return row.get("unit_code") or row["practice_code"]


def _tables(outs: list[Path], name: str) -> list[dict[str, str]]:
    return [row for out in outs if (out / name).exists() for row in _read(out / name)]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _award(wanted: Words) -> dict[str, str]:
    """`2000.00` is pounds; `2.40 points` points; `2.40 points 53.78` both; `none` is an empty cell."""
    if isinstance(wanted, dict):
        return wanted
    points, word, pounds = wanted.rpartition(" points")
    found = {"points": points} if word else {}
    return {**found, "pounds": pounds.strip()} if pounds.strip() else found


def _unlike(what: str, wanted: Mapping[str, str], row: Mapping[str, str], columns: tuple[str, ...]) -> Iterator[str]:
    for column, value in wanted.items():
        if column not in columns:
            yield f"{what}: there is no column {column}"
        elif column == "reason" and value != "none":
            if value not in row[column]:
                yield f"{what}: the reason does not say '{value}': '{row[column]}'"
        elif row[column] != ("" if value == "none" else value):
            yield f"{what}: expected {column} {value}, found '{row[column]}' ({row.get('reason', '')})"
