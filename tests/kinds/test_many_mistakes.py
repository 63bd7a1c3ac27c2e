"""Kind: a hundred thousand mistakes of one sort, of which twenty are shown: what takes long is done for those alone.

Nothing is timed: it is counted how often the nearest name is looked for, which took 75 seconds in `check`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bad_files.command import COUNTS, HERE, PRACTICES, remit
from tests.bad_files.test_bad_local_files import PRACTICES as LOCAL_PRACTICES
from tests.bad_files.test_bad_local_files import SCHEME as LOCAL
from tests.bad_files.test_bad_local_files import TARIFF

MANY = 1000
SHOWN = 200

Rows = Callable[[int], str]
RUN = f"run qif-2024-25 --practices {PRACTICES} --counts {COUNTS} --out out"
OF_CLAIMS = f"run {LOCAL} --practices {LOCAL_PRACTICES} {' '.join(TARIFF)} --out out --claims FILE"
HEADS = {
    "counts": "practice_code,indicator_code,measure,value",
    "practices": "practice_code,practice_name,place_code,list_size,weighted_list_size,left,successor_code,level",
    "claims": "practice_code,pseudonym,item,quarter",
}
PLACES: dict[str, tuple[str, str, Rows]] = {
    "unknown keys": (
        "check FILE",
        (HERE / "good_scheme.yaml").read_text(encoding="utf-8"),
        lambda n: f"unknown_{n}: 1",
    ),
    "practices of counts": (RUN.replace(str(COUNTS), "FILE"), HEADS["counts"], lambda n: f"Q{n},1a,NUMERATOR,1"),
    "indicators": (RUN.replace(str(COUNTS), "FILE"), HEADS["counts"], lambda n: f"A81001,Q{n},NUMERATOR,1"),
    "measures": (RUN.replace(str(COUNTS), "FILE"), HEADS["counts"], lambda n: f"A81001,1a,NUM{n},1"),
    "levels": (RUN.replace(str(PRACTICES), "FILE"), HEADS["practices"], lambda n: f"P{n},x,,1,1,,,prac{n}"),
    "successors": (RUN.replace(str(PRACTICES), "FILE"), HEADS["practices"], lambda n: f"P{n},x,,1,1,2024-09-30,Q{n},"),
    "assigned": (f"{RUN} --assign FILE", "practice_code,scheme_id", lambda n: f"Q{n},qif-2024-25"),
    "recoveries": (f"{RUN} --recovery FILE", "practice_code,notified", lambda n: f"Q{n},2025-07-31"),
    "national figures": (
        f"run qof-england-2018-19 --practices {PRACTICES} --counts {COUNTS} --ignore-unknown --out out --national FILE",
        "group_code,register,list_size",
        lambda n: f"Q{n},1,1",
    ),
    "practices of claims": (OF_CLAIMS, HEADS["claims"], lambda n: f"Q{n},p{n},LEVEL,2024-Q1"),
    "items of claims": (OF_CLAIMS, HEADS["claims"], lambda n: f"A81001,p{n},Q{n},2024-Q1"),
    "schemes of claims": (OF_CLAIMS, HEADS["claims"], lambda n: f"A81001,p{n},q{n}:LEVEL,2024-Q1"),
    "measures of theirs": ("reconcile RUN FILE", HEADS["counts"], lambda n: f"A81001,1a,NUM{n},1"),
    "budgets": ("area RUN --budgets FILE", "level,code,scheme_id,pounds", lambda n: f"place,Q{n},qif-2024-25,1"),
    "catalogue": (
        "catalogue --file FILE",
        (HERE / "good_catalogue.yaml").read_text(encoding="utf-8"),
        lambda n: f"key_{n}: 1",
    ),
}


@pytest.fixture
def looked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of which the nearest was looked for."""
    found: list[str] = []
    as_it_is = difflib.get_close_matches

    def counted(word: str, *given: object, **named: object) -> list[str]:
        found.append(word)
        return as_it_is(word, *given, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    return found


@pytest.mark.parametrize("place", PLACES)
def test_check_on_100_000_unknown_keys(place: str, looked_for: list[str], tmp_path: Path) -> None:
    """Neither there nor in any table: a thousand stand for a hundred thousand."""
    command, head, row = PLACES[place]
    file = tmp_path / ("file.yaml" if "check" in command or "catalogue" in command else "file.csv")
    file.write_text("\n".join([head, *map(row, range(MANY))]) + "\n", encoding="utf-8")
    paths = {"FILE": file, "out": tmp_path / "out", "RUN": tmp_path / "run"}
    if "RUN" in command:
        assert remit(*RUN.split()[:-1], tmp_path / "run").status == 0
    looked_for.clear()
    said = remit(*(paths.get(word, word) for word in command.split()))
    assert said.status == 1
    assert said.err.count(" [") > 5, said.err
    assert 0 < len(looked_for) <= SHOWN + 20
