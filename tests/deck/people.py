"""The demonstration's made-up people, fewer of them, on 31 March 2025: records, pounds, statements, worklists."""

from __future__ import annotations

from pathlib import Path

from tests.deck.commands import Steps, words

DAY = "--on 2025-03-31"
INDICATORS = {
    "qif-2024-25": words("RESPECT-DEATHS DM8CP-TYPE1 DM8CP-TYPE2 PULSE65 HYP008 CHOL002 CHOL004 CKD005 PC001"),
    "qof-england-2024-25": words(
        "AF006 AST007 BP002 CAN004 CHD015 CHOL003 COPD010 CS005 DEM004 DEP004 DM020 DM036 HF007 HYP009"
    ),
}
TOLD = {
    "qif-2024-25": ["--set", "chol004_from=2024-12-05"],
    "qof-england-2024-25": ["--national", "from-run"],
}
SENSITIVE = {"RESPECT-DEATHS"}
# People who are in the denominators of many indicators; which of them is explained goes round.
EXPLAINED = ("P003-000148", "P001-000037", "P002-000031", "P003-000208")


def people(scheme: str, folder: Path) -> Steps:
    """Everything that a scheme's counts from records can be made into."""
    texts = [
        f"synth --patients 900 --practices 3 --seed 1 {DAY} --out people --workers 1",
        "records info people",
        f"records check people {DAY}",
        f"evaluate {scheme} --records people {DAY} --out counted --workers 1",
        f"evaluate {scheme} --records people {DAY} --out slowly --practice P001 --engine reference",
        f"evaluate {scheme} --records people --on 2024-12-31 --out earlier --practice P002 --workers 1",
        f"plan {scheme} {DAY}",
        f"plan {scheme} {DAY} --fields",
    ]
    steps = [text.split() for text in texts]
    run = f"run {scheme} --practices counted/practices.csv --counts counted/counts.csv --out paid"
    steps.append([*run.split(), *TOLD[scheme]])
    shown = [f"statement paid --practice P00{n}" for n in (1, 2, 3)]
    shown += ["statement paid --practice P002 --html s.html --xlsx s.xlsx --pdf s.pdf", "calendar paid"]
    shown += [
        f"breakdown counted --by {by}"
        for by in words("age sex ethnicity frailty place network practice pca-reason pca-month")
    ]
    shown += [
        "breakdown counted --by deprivation --csv b.csv --xlsx b.xlsx --html b.html",
        "breakdown counted --by sex --for public --csv public.csv",
        "breakdown counted --by age --for practice --practice P002 --csv own.csv",
    ]
    list_of = "worklist counted --records people --practice P002 --run paid"
    shown += [
        list_of,
        f"{list_of} --csv w.csv --xlsx w.xlsx --html w.html --pdf w.pdf",
        f"{list_of} --month may --indicator HYP008 --ahead 6 --top 5",
        f"{list_of} --sensitive --csv sensitive.csv",
    ]
    for number, indicator in enumerate(INDICATORS[scheme]):
        patient = EXPLAINED[number % len(EXPLAINED)]
        asked = " --sensitive" if indicator in SENSITIVE else ""
        shown += [f"spec {indicator} {DAY}", f"explain {indicator} --records people --patient {patient} {DAY}{asked}"]
    shown += [
        f"spec HYP008 {DAY} --html spec.html --pdf spec.pdf",
        f"explain HYP008 --records people --patient P001-000037 {DAY} --html why.html",
        f"explain HYP08 --records people --patient P001-000037 {DAY}",
        f"explain HYP008 --records people --patient nobody {DAY}",
        "worklist counted --records people --practice P009",
        "breakdown counted --by practice --indicator HYP999",
        f"evaluate iif-england --records people {DAY} --out none",
        f"evaluate {scheme} --records people --on 1900-01-01 --out none",
    ]
    return steps + [text.split() for text in shown]
