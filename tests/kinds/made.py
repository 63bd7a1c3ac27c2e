"""One small result of each kind, made by the commands themselves, for the tables of `tests/kinds`."""

from __future__ import annotations

from pathlib import Path

from tests.bad_files.command import remit, run_arguments

SCHEME = "qif-2024-25"
CLAIMED = ("anticoagulation-doac-staffordshire", "anticoagulation-joint-staffordshire")
CLAIMS = "practice_code,pseudonym,item,quarter,date\nA1,p1,DOAC,2025-Q1,2025-05-01\n"
PRACTICES = "practice_code,practice_name,list_size,weighted_list_size\nA1,Ash,9000,9100\n"


def words_for(kind: str, home: Path, out: Path) -> tuple[str | Path, ...]:
    """The command that makes a result of a kind in `out`; `home` has what it is made from."""
    match kind:
        case "run":
            return (*run_arguments(SCHEME), "--out", out)
        case "claimed" | "several":
            schemes = CLAIMED if kind == "several" else CLAIMED[:1]
            given = ("--practices", home / "practices.csv", "--claims", home / "claims.csv")
            return ("run", *schemes, *given, "--out", out)
        case "evaluation":
            return ("evaluate", SCHEME, "--records", home / "people", "--out", out)
        case "synthetic":
            return ("synth", "--patients", "20", "--practices", "1", "--out", out)
        case "set":
            named = ("--name", "own", "--release", "2025-01")
            return ("clusters", "import", home / "hyp.csv", *named, "--out", out)
        case "imported":
            return ("records", "import", home / "in", "--keep-ids", "--store", out)
        case _:
            raise ValueError(kind)


KINDS = ("run", "claimed", "several", "evaluation", "synthetic", "set")


def given(home: Path) -> Path:
    """What the results are made from."""
    from tests.faults.folders import write_folder

    home.mkdir(parents=True, exist_ok=True)
    (home / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    (home / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    (home / "hyp.csv").write_text("code,term\n38341003,Hypertensive disorder\n", encoding="utf-8")
    write_folder(home / "in")
    assert remit("synth", "--patients", "40", "--practices", "1", "--out", home / "people").status == 0
    return home


def make(kind: str, home: Path, out: Path) -> Path:
    """Make a result."""
    said = remit(*words_for(kind, home, out))
    assert said.status == 0, said
    return out
