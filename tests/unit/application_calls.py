"""Every use case called once on real input, where neither typer nor rich can be imported. A line each.

`test_application.py` runs this in a process of its own: `python application_calls.py FOLDER EXAMPLE`. It prints what
each call returned, as JSON. A new use case needs a line in `CALLS`; the calls are made in their order, in one folder.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any


class NoTerminal:
    """Makes what is for a terminal impossible to import."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Refuses typer, rich and the command line, and leaves all else to others."""
        if name.split(".")[0] in ("typer", "rich", "click") or name.startswith("remit.cli"):
            raise ImportError(f"{name} is for a terminal")


HOME = Path(sys.argv[1] if __name__ == "__main__" else ".")
EXAMPLE = Path(sys.argv[2] if __name__ == "__main__" else ".")
SCHEME, ON = "qif-2024-25", date(2025, 3, 31)
STORE, EVALUATION, RUN = HOME / "store", HOME / "evaluated", HOME / "run"


def use(name: str) -> ModuleType:
    """A module of the application."""
    return import_module(f"remit.application.{name}")


def _import(m: Any) -> object:
    extract = HOME / "extract"
    extract.mkdir()
    for name, text in {
        "extracts": "practice_code,extract_id,last_day\nX1,2025-03,2025-03-31\n",
        "patients": "practice_code,patient_id,birth_date,sex\nX1,p1,1960-01-01,F\n",
        "registrations": "practice_code,patient_id,registered_at,start_date,end_date\nX1,p1,X1,2010-01-01,\n",
        "events": "practice_code,patient_id,date,code\nX1,p1,2024-05-01,38341003\n",
        "prescriptions": "practice_code,patient_id,date,code\n",
        "practices": "practice_code,since,practice_name\nX1,2020-01-01,Example\n",
    }.items():
        (extract / f"{name}.csv").write_text(text, encoding="utf-8")
    return m.import_records(m.ImportRequest(extract, HOME / "imported", keep_ids=True))


def _payment_file(m: Any) -> str:
    header = m.FileHeader("QX1", "NHS Exampleshire", 7, ON, ON, datetime(2025, 3, 24, 9, tzinfo=UTC))
    rests = ("extract 3", "declaration 1", "version 2", "ab", "1.0", "qif:A1:balance:1")
    path = HOME / "payments.csv"
    text: str = m.text_of(header, [m.Payment("A1", "Example", SCHEME, "balance", 100, "REMIT 7-1", *rests)])
    path.write_text(text, encoding="utf-8", newline="")
    return text


def _declared(m: Any) -> object:
    work = HOME / "declared"
    work.mkdir()
    kept = HOME / "extract-run" / "inputs" / "counts.csv"
    asked = m.extract.Request(Path(SCHEME), EXAMPLE / "practices.csv", kept, work / "run", ON, {"A1": ""})
    return m.evaluate(m.Request(asked, "A1", (), work))


def _clusters(m: Any) -> object:
    path = HOME / "hyp_cod.csv"
    path.write_text("code,term\n38341003,Hypertensive disorder\n", encoding="utf-8")
    return m.import_set(m.ImportRequest((str(path),), "mine", "1", HOME / "mine"))


def _design(m: Any) -> object:
    practices, counts = HOME / "base-practices.csv", HOME / "base-counts.csv"
    practices.write_text("practice_code,practice_name,list_size\nX1,One,9000\nX2,Two,8000\n", encoding="utf-8")
    rows = "X1,HYP008,NUMERATOR,500\nX1,HYP008,DENOMINATOR,900\nX2,HYP008,NUMERATOR,600\nX2,HYP008,DENOMINATOR,800\n"
    counts.write_text(f"practice_code,indicator_code,measure,value\n{rows}", encoding="utf-8")
    return m.evaluate(m.Request(m.BaseFiles(practices, counts, m.SchemeYear(2024)), ("HYP008",), m.Aims(100_000)))


def _scheme(m: Any) -> Any:
    return m.evaluate(m.ShowRequest(SCHEME))


def _patient() -> str:
    from remit.records.store import Store

    return next(Store(STORE).patients("P001")).id


def _decided() -> str:
    from remit.worklist.evaluations import read_evaluation

    return read_evaluation(EVALUATION).outcomes("P001")[0].patient


def _reform() -> Path:
    path = HOME / "reform.yaml"
    path.write_text("extends: qif-2024-25\nremoved: ['3']\ntotals: {}\n", encoding="utf-8")
    return path


def _practice_map(m: Any) -> object:
    path = HOME / "map.csv"
    path.write_text(
        "ICB_ODS_CODE,ICB_NAME,SUB_ICB_ODS_CODE,SUB_ICB_NAME,PCN_ODS_CODE,PCN_NAME,PRACTICE_CODE,PRACTICE_NAME\n"
        "QAA,Area,01A,Place,U1,Network,A1,Practice\n",
        encoding="utf-8",
    )
    return m.evaluate(m.Request(path, ("QAA",)))


CALLS: dict[str, Callable[[Any], object]] = {
    "synth.make_people": lambda m: m.make_people(m.SynthRequest(STORE, 120, ON, practices=3, years=2, workers=2)),
    "records.import_records": _import,
    "records.compact_store": lambda m: m.compact_store(STORE),
    "records.describe_store": lambda m: m.describe_store(STORE),
    "records.check_records": lambda m: m.check_records(m.CheckRequest(STORE, ON)),
    "practice_map.evaluate": _practice_map,
    "plan.plan": lambda m: m.plan(m.PlanRequest(SCHEME)),
    "evaluate.evaluate": lambda m: m.evaluate(m.EvaluationRequest(SCHEME, STORE, EVALUATION, evidence=True)),
    "explain.explain": lambda m: m.explain(m.ExplainRequest("HYP008", STORE, _patient(), on=ON)),
    "evidence.folders_of": lambda m: m.folders_of(EVALUATION),
    "evidence.patients_of": lambda m: m.patients_of(
        m.EvidencePatientsRequest(EVALUATION, m.PatientChoice("P001", ("HYP008",)))
    ),
    "evidence.explanation_of": lambda m: m.explanation_of(
        m.EvidenceExplainRequest(EVALUATION, "HYP008", _decided(), "P001")
    ),
    "template.as_files": lambda m: [name for name, _, _ in m.as_files(_scheme(use("show")))],
    "pack.evaluate": lambda m: m.evaluate(m.PackRequest(SCHEME, HOME / "pack")).files,
    "spec.spec": lambda m: m.spec(m.SpecRequest("HYP008")),
    "patients.list_patients": lambda m: m.list_patients(m.PatientsRequest(EVALUATION, m.PatientChoice("P001"))),
    "worklist.make_worklist": lambda m: m.make_worklist(
        m.WorklistRequest((EVALUATION,), STORE, m.WorklistChoice("P001"))
    ),
    "made_up_figures.evaluate": lambda m: m.evaluate(m.Request(SCHEME, EVALUATION, HOME / "with-made-up.csv")),
    "breakdown.break_down": lambda m: m.break_down(m.BreakdownRequest(EVALUATION)),
    "clusters.load_sets": lambda m: m.load_sets(),
    "clusters.show_cluster": lambda m: m.show_cluster("demonstration", "HYP_COD"),
    "clusters.import_set": _clusters,
    "clusters.compare_sets": lambda m: m.compare_sets(m.CompareRequest("demonstration", str(HOME / "mine"))),
    "clusters.lock_clusters": lambda m: m.lock_clusters(m.LockRequest(SCHEME, file=HOME / "clusters.lock")),
    "run.run": lambda m: m.run(m.RunRequest((SCHEME,), EXAMPLE / "practices.csv", RUN, counts=EXAMPLE / "counts.csv")),
    "statement.statements": lambda m: list(m.statements(m.StatementRequest(RUN, ("A1",)))),
    "statement.write_statements": lambda m: m.write_statements(
        m.FilesRequest(RUN, {".html": HOME / "statements"}, ("A1",))
    ),
    "calendar.calendar": lambda m: m.calendar(m.CalendarRequest((RUN,))),
    "area.area": lambda m: m.area(m.AreaRequest((RUN,))),
    "overview.evaluate": lambda m: m.evaluate(m.Request((RUN,), HOME / "overview")),
    "extract.prepare": lambda m: m.prepare(
        m.Request(Path(SCHEME), EXAMPLE / "practices.csv", EXAMPLE / "counts.csv", HOME / "extract-run", ON, {"A1": ""})
    ),
    "declared_figures.asked": lambda m: m.asked(SCHEME),
    "declared_figures.evaluate": _declared,
    "chance.evaluate": lambda m: m.evaluate(m.Request(RUN)),
    "pca.evaluate": lambda m: m.evaluate(m.Request(RUN, evaluation=EVALUATION)),
    "savings.evaluate": lambda m: m.evaluate(
        m.Request(rule={"share": "50%"}, rate=Fraction(1, 4), price=Fraction(150), sizes=(1000,), most=2000)
    ),
    "compare.compare": lambda m: m.compare(m.CompareRequest(RUN, RUN)),
    "priced_versions.evaluate": lambda m: m.evaluate(
        m.Request(
            m.Side("version 1", Path(SCHEME)),
            m.Side("version 2", Path(SCHEME)),
            EXAMPLE / "practices.csv",
            EXAMPLE / "counts.csv",
            HOME / "priced",
        )
    ),
    "payment_file.text_of": _payment_file,
    "payment_file.check_file": lambda m: m.check_file((HOME / "payments.csv").read_text(encoding="utf-8")),
    "payment_file.evaluate": lambda m: m.evaluate(m.Request(HOME / "payments.csv")),
    "reconcile.reconcile": lambda m: m.reconcile(m.ReconcileRequest(RUN, RUN / "award.csv")),
    "what_if.evaluate": lambda m: m.evaluate(m.Request(RUN, m.WhatIfQuestion(retired=("3",)))),
    "simulate.evaluate": lambda m: m.evaluate(m.Request(RUN, (_reform(),))),
    "schemes.evaluate": lambda m: m.evaluate(),
    "schemes.schema": lambda m: m.schema(m.SchemaRequest()),
    "show.evaluate": _scheme,
    "show.card_of": lambda m: m.card_of(_scheme(m)),
    "show.scheme_as_data": lambda m: m.scheme_as_data(_scheme(m)),
    "show.boundaries_as_data": lambda m: m.boundaries_as_data(_scheme(m), ()),
    "show.text_of": lambda m: m.text_of(_scheme(m)),
    "check.evaluate": lambda m: m.evaluate(m.CheckRequest((SCHEME,))),
    "difference.evaluate": lambda m: m.evaluate(m.DifferenceRequest(SCHEME, SCHEME)),
    "difference.between": lambda m: m.between(_scheme(use("show")), _scheme(use("show"))),
    "catalogue.catalogues": lambda m: m.catalogues(),
    "catalogue.evaluate": lambda m: m.evaluate(m.CatalogueRequest("staffordshire", due=12, on=ON)),
    "foi.register_of": lambda m: m.register_of(m.FoiRequest("staffordshire")),
    "foi.answer_to": lambda m: m.answer_to(
        m.FoiRequest("staffordshire", reference=m.register_of(m.FoiRequest("staffordshire")).requests[0].reference)
    ),
    "design.evaluate": _design,
    "new.kinds": lambda m: m.kinds(),
    "new.evaluate": lambda m: m.evaluate(
        m.NewRequest("ours-2026-27", HOME / "ours.yaml", m.SchemeYear(2026), kinds=("points",))
    ),
    "template.needed": lambda m: m.needed((SCHEME,)),
    "template.evaluate": lambda m: m.evaluate(m.TemplateRequest((SCHEME,), HOME / "template")),
    "scheme_text.evaluate": lambda m: m.evaluate(m.Request(m.shipped(SCHEME), "scheme.yaml")),
    "scheme_text.new": lambda m: m.new(m.NewText("mine-2025-26", m.SchemeYear(2025))),
    "scheme_text.shipped": lambda m: m.shipped(SCHEME),
}
"""Module and function -> its call, given the module."""

HELPERS = {
    "definitions",
    "design_base",
    "design_draft",
    "design_gains",
    "identifying",
    "identifying_apart",
    "identifying_rows",
    "inputs",
    "made_with",
    "needs_analysis",
    "pca_dates",
    "progress",
    "savings_figures",
    "simulate_reforms",
    "unread_values",
    "what_if_rules",
    "writing",
}
"""Modules that several use cases share: no use case by themselves."""
PARTS = {
    "pack_example.example_of",
    "accrual.accrual",
    "accrual.causes_of",
    "accrual.moved",
    "accrual.total_moves",
    "extract.check_run",
    "extract.moved_of",
    "extract.movement_of",
    "extract.overview_of",
    "extract.payment_of",
    "extract.small_items",
    "extract.titles_of",
    "extract.without_counts",
    "extract.whereabouts_of",
    "extract.without_words",
    "overview.sensitive_items",
    "priced_versions.document_of",
    "records.laid_aside_in",
    "statement.check_statements_free",
}
"""Functions that say something of a use case's files, and do nothing."""


def main() -> None:
    """Make every call."""
    sys.meta_path.insert(0, NoTerminal())
    found = {name: type(call(use(name.split(".")[0]))).__name__ for name, call in CALLS.items()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
