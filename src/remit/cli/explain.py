"""`remit explain`: why a patient was counted, rule by rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.application.inputs import read_clusters, read_rules
from remit.cli.console import Command, out, warn
from remit.cli.options import Clusters, On, Records, Replace, Rules, one_day
from remit.core.dates import Period
from remit.core.problems import did_you_mean, refuse
from remit.files.whole import check_file_free, write_whole

if TYPE_CHECKING:
    from remit.documents.blocks import Block
    from remit.evaluation.model import Dates
    from remit.rules.definitions import Definitions
    from remit.rules.model import Definition


def explain(
    code: Annotated[str, typer.Argument(metavar="INDICATOR", help="An indicator or a register, such as HYP008.")],
    records: Records,
    patient: Annotated[str, typer.Option("--patient", help="The patient's id in the store.")],
    practice: Annotated[str | None, typer.Option("--practice", help="Whose records; else wherever the id is.")] = None,
    on: On = None,
    clusters: Clusters = None,
    rules: Rules = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page that needs no other file.")] = None,
    replace: Replace = False,
) -> None:
    """Show an indicator's rule table with what each rule saw of a patient, which decided, and the records behind."""
    from remit.documents.rules import explanation_blocks
    from remit.evaluation.evaluator import meaning_of
    from remit.evaluation.explain import explain as explained
    from remit.evaluation.outside_clusters import outside_of
    from remit.evaluation.reference import Chart
    from remit.evaluation.workers import check_unchanged
    from remit.evaluation.years import of_another_year
    from remit.records.store import Store
    from remit.terminology.clusters import need

    known, store, held = read_rules(rules or ()), Store(records), read_clusters(clusters)
    definition = definition_of(known, code)
    needed = known.needed_clusters([definition.code])
    need(needed, held)
    codes = [practice] if practice else store.codes
    for where in codes:
        check_unchanged(store, where)
    days = [day for where in codes if (day := store.last_day(where))]
    dates = dates_of_day(on or (max(days).isoformat() if days else None))
    meaning = meaning_of(held, needed, dates, known)
    found = [(where, one) for where in codes for one in store.patients(where) if one.id == patient]
    if not found:
        raise refuse(
            "cli.patient-unknown",
            f"there is no patient '{patient}' in {f'practice {practice}' if practice else 'the store'}.",
        )
    if len(found) > 1:
        raise refuse(
            "cli.patient-in-several-practices",
            f"patient {patient} has records in {', '.join(where for where, _ in found)}.",
            None,
            "Say --practice.",
            practices=[where for where, _ in found],
        )
    where, one = found[0]
    elsewhen = of_another_year(definition, known, dates.year)
    for told in outside_of(one).warnings(held):
        warn(told)
    blocks = list(explanation_blocks(explained(Chart(one, meaning), definition), dates, held, where, known, elsewhen))
    show(f"{definition.code} for patient {patient}", blocks, html, replace, private=True)


def show(title: str, blocks: list[Block], html: Path | None, replace: bool, private: bool = False) -> None:
    """Print the blocks, or write them into a page."""
    if html is None:
        from remit.documents.render.terminal import rendered_blocks

        out.print(rendered_blocks(blocks))
        return
    from remit.documents.render.html import page

    check_file_free(html, replace)
    write_whole(html, lambda path: path.write_text(page(title, blocks), encoding="utf-8"), private)
    only = " It holds a patient's records: only you can read it." if private else ""
    out.print(f"Written to {html}.{only}", soft_wrap=True)


def dates_of_day(on: str | None) -> Dates:
    """The year that a day is in; without one, the last year that has ended."""
    from remit.core.dates import SchemeYear
    from remit.evaluation.model import Dates

    day = one_day(on)
    if day is None:
        today = date.today()  # noqa: DTZ011 - the day where the user is
        year = SchemeYear(today.year - 1 if today.month >= 4 else today.year - 2)
        return Dates.of_year(year)
    try:
        return Dates.of_year(Period.parse(day.isoformat()).year, day)
    except ValueError:
        raise refuse(
            "cli.value-unfit", f"--on: {day} is in no year that can be reckoned with.", option="--on", found=day
        ) from None


def definition_of(known: Definitions, code: str) -> Definition:
    """The rules of an indicator or a register. Raises Refused where there are none, of a known one too."""
    from remit.evaluation.plan import indicator_of, register_of

    for one in (code, code.upper()):
        if found := known.find(one) or register_of(one, known):
            return found
    indicator = indicator_of(code.upper())
    if indicator is None:
        way = did_you_mean(code, [*known.indicators, *known.registers]) or "Without rules it is counts only."
    else:
        way = f"{indicator.indicator} ({indicator.title}) is counts only: its counts are supplied."
        register = next((one for one in known.registers.values() if one.group == indicator.group), None)
        way += f" {register.code} is the register of its group." if register else ""
    raise refuse(
        "cli.indicator-without-rules", f"there are no rules over records for '{code}'.", None, way, indicator=code
    )


COMMANDS = (
    Command(
        explain,
        "explain",
        (
            "remit explain HYP008 --records store --patient 4711 --on 2025-03-31",
            "remit explain DM020 --records store --patient 4711 --html why.html",
        ),
    ),
)
