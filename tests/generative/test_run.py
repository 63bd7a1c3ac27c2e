"""What must not matter, does not: the order of rows, spellings, and whether a run is new or opened again."""

from __future__ import annotations

import csv
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked
from tests.generative.made import Made, inputs, schemes
from tests.profiles import examples

import remit
from remit.scheme import Scheme, frozen_text, load_scheme, thaw

COUNT = [["C1", "2a", "NUMERATOR", "1", ""]]
few = examples(1 / 3)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def written(made: Made, folder: Path, seed: int | None = None, **more: object) -> dict[str, bytes]:
    """The files of a run whose inputs are written in one order or another."""
    folder.mkdir()
    (folder / "in").mkdir()
    run = remit.run(made.scheme, **made.write(folder / "in", seed), **more)  # type: ignore[arg-type]
    remit.write_run(run, folder / "out")
    return contents(folder / "out")


@few
@given(inputs(), st.integers(0, 2**32))
def test_the_order_of_rows_changes_no_byte(made: Made, seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert written(made, folder / "one") == written(made, folder / "two", seed)


@few
@given(inputs(), st.integers(0, 2**32))
def test_nor_does_it_where_the_nation_is_the_run(made: Made, seed: int) -> None:
    made.national.clear()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = []
        for n, order in enumerate((None, seed)):
            (folder / str(n)).mkdir()
            paths = made.write(folder / str(n), order)
            run = remit.run(made.scheme, paths["practices"], paths["counts"], national="from-run")
            remit.write_run(run, folder / f"out{n}")
            found.append(contents(folder / f"out{n}"))
        assert found[0] == found[1]


@few
@given(inputs())
def test_a_run_opened_again_is_written_as_it_was(made: Made) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = written(made, folder / "one")
        remit.write_run(remit.open_run(folder / "one" / "out"), folder / "again")
        assert contents(folder / "again") == first


@pytest.mark.checks("a row of the practice")
@few
@given(inputs(), st.data())
def test_a_practice_alone_gets_what_it_gets_among_all(made: Made, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from([row[0] for row in made.practices]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        every = written(made, folder / "one")
        alone = written(made, folder / "two", only_practices=[code])
        for file in ("award.csv", "payment.csv", "schedule.csv", "ledger.csv", "achievement.csv"):
            column = next(csv.reader([every[file].decode().splitlines()[0]])).index("practice_code")
            rows = [row for row in csv.reader(every[file].decode().splitlines(keepends=True)) if row[column] == code]
            checked("a row of the practice", len(rows))
            assert list(csv.reader(alone[file].decode().splitlines(keepends=True)))[1:] == rows


def _respelled(text: str, rng: random.Random) -> str:
    mixed = "".join(rng.choice([c.upper(), c.lower()]) for c in text)
    return mixed.replace("_", rng.choice(["_", " ", "-", ""]))


@few
@given(inputs(), st.integers(0, 2**32))
def test_spellings_change_no_byte(made: Made, seed: int) -> None:
    """Capitals and punctuation of measures and codes, an indicator's older spelling, the year written out."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = written(made, folder / "one")
        for row in made.counts:
            if row[1].startswith("I"):
                row[1] = rng.choice([row[1], row[1].replace("I", "X"), row[1].replace("I", "OLD-X")])
            row[1], row[2] = _respelled(row[1], rng), _respelled(row[2], rng)
            row[4] = rng.choice(["", "2024-25", "2024/25"])
        for row in made.national:
            row[0] = _respelled(row[0], rng)
        assert written(made, folder / "two") == plain


@given(schemes())
def test_a_frozen_scheme_thaws_to_itself(scheme: Scheme) -> None:
    text = frozen_text(scheme)
    assert thaw(text, "frozen.yaml") == scheme
    assert frozen_text(thaw(text, "frozen.yaml")) == text


@examples(0.1)
@given(st.permutations(["C1", "C2", "C3", "C4"]))
def test_the_order_of_assignments_changes_no_byte(codes: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        other = folder / "other.yaml"
        other.write_text("scheme: other\nextends: qif-2024-25\nversion: '1'\ntitle: another variant\n")
        made = Made(load_scheme("qif-2024-25"), [[c, "", "", "", "", "1000", "", "", ""] for c in sorted(codes)], COUNT)
        paths = made.write(folder)
        of = {"C1": "qif-plus-2024-25", "C2": str(other), "C3": "qif-2024-25", "C4": str(other)}
        found = []
        for n, order in enumerate((codes, sorted(codes))):
            assign = folder / f"assign{n}.csv"
            assign.write_text("practice_code,scheme_id\n" + "".join(f"{c},{of[c]}\n" for c in order))
            run = remit.run("qif-2024-25", paths["practices"], paths["counts"], assign=assign)
            remit.write_run(run, folder / f"out{n}")
            found.append(contents(folder / f"out{n}"))
        assert found[0] == found[1]


@few
@given(inputs())
def test_no_file_holds_a_place_of_the_machine(made: Made) -> None:
    with tempfile.TemporaryDirectory() as name:
        files = written(made, Path(name) / "one")
        assert [file for file, data in files.items() if name.encode() in data] == []
