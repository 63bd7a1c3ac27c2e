"""`remit explain`: why a patient was counted, or not, in a sentence and rule by rule."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, err, progress, warn
from remit.cli.options import Clusters, On, Rules, one_day
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core import say
from remit.core.problems import refuse

Sensitive = Annotated[
    bool,
    typer.Option("--sensitive", help="Explain indicators about deaths, ReSPECT or a learning disability too."),
]


def explain(
    code: Annotated[str, typer.Argument(metavar="INDICATOR", help="An indicator or a register, such as HYP008.")],
    patient: Annotated[str, typer.Option("--patient", help="The patient's id; 'remit patients' lists ids.")],
    records: Annotated[
        Path | None,
        typer.Option("--records", metavar="STORE", help="The store that 'remit records import' made."),
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(
            "--evidence", metavar="FOLDER", help="In place of a store: what 'remit evaluate --evidence' kept."
        ),
    ] = None,
    practice: Annotated[str | None, typer.Option("--practice", help="Whose records; else wherever the id is.")] = None,
    on: On = None,
    clusters: Clusters = None,
    rules: Rules = None,
    sensitive: Sensitive = False,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Say why a patient was counted, or not: the outcome with the record and the reason in one sentence.

    Then each rule in words with what it saw of the patient, the values over time beside their threshold, and the
    records behind the decision.

    With --evidence no store is needed: the day, clusters and rules are then those of the evaluation that kept it.
    """
    from remit.application.evidence import EvidenceExplainRequest, explanation_of
    from remit.application.explain import ExplainRequest, explain
    from remit.documents.explanation import explanation

    files = Files(html, pdf, xlsx, csv, replace)
    if evidence is not None:
        _check_alone({"--records": records, "--on": on, "--clusters": clusters, "--rules": rules})
        result = explanation_of(EvidenceExplainRequest(evidence, code, patient, practice or "", sensitive))
    elif records is not None:
        request = ExplainRequest(code, records, patient, practice, one_day(on), clusters, tuple(rules or ()), sensitive)
        with progress("Practices") as on_progress:
            result = explain(request, on_progress)
    else:
        raise refuse(
            "cli.option-missing", "say where to look: --records STORE, or --evidence FOLDER.", option="--records"
        )
    for warning in result.warnings:
        warn(warning)
    if result.day_of_records:
        err.print(
            f"The achievement date is {say.day(result.dates.achievement)}, the records' last day. --on names another."
        )
    show(
        explanation(result.explanation, result.dates, result.clusters, result.practice, result.known, result.elsewhen),
        files,
    )


def _check_alone(others: Mapping[str, object]) -> None:
    """Refuse what evidence says by itself."""
    for option, value in others.items():
        if value:
            hint = "Evidence has its own day, clusters and rules. Leave one of the two out."
            raise refuse("cli.options-together", f"{option} does not go with --evidence.", None, hint, option=option)


COMMANDS = (
    Command(
        explain,
        "explain",
        (
            "remit explain HYP008 --records store --patient 4711 --on 2025-03-31",
            "remit explain DM020 --records store --patient 4711 --html why.html",
            "remit explain HYP008 --evidence evaluated --practice P001 --patient 4711",
        ),
    ),
)
