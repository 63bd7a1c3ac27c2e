"""One broken file per mistake, of local schemes: kinds that calculate, networks, claims and what they count.

As `test_bad_files.py` has it; the words that an error must contain stand in `words.yaml` beside the files.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import HERE, assert_refused, contents, remit
from tests.bad_files.command import PRACTICES as GOOD_PRACTICES

SCHEME, PRACTICES, COUNTS = HERE / "good_local.yaml", HERE / "good_local_practices.csv", HERE / "good_local_counts.csv"
CLAIMS = HERE / "good_claims.csv"
FOLDERS = ("local_schemes", "local_practices", "local_counts", "claims")
BROKEN = [
    (folder, path.name) for folder in FOLDERS for path in sorted((HERE / folder).iterdir()) if path.name != "words.yaml"
]
WORDS = {f: yaml.safe_load((HERE / f / "words.yaml").read_text(encoding="utf-8")) for f in FOLDERS}
TARIFF = ("--set", "START.tariff=£5")


def arguments(folder: str, path: Path) -> list[str | Path]:
    """A run in which that one file is wrong."""
    files = {"local_schemes": SCHEME, "local_practices": PRACTICES, "local_counts": COUNTS, folder: path}
    words: list[str | Path] = ["run", files["local_schemes"], "--practices", files["local_practices"], *TARIFF]
    return [*words, "--claims", path] if folder == "claims" else [*words, "--counts", files["local_counts"]]


def test_every_file_has_its_words() -> None:
    assert {(folder, name) for folder, words in WORDS.items() for name in words} == set(BROKEN)


@pytest.mark.parametrize(("folder", "name"), BROKEN, ids=[f"{folder}/{name}" for folder, name in BROKEN])
def test_a_broken_file_is_refused(folder: str, name: str, tmp_path: Path) -> None:
    said = remit(*arguments(folder, HERE / folder / name), "--out", tmp_path / "out")
    place = [name] if folder != "local_practices" or ":" in WORDS[folder][name][0] else [name.partition(".")[0]]
    assert_refused(said, *place, *WORDS[folder][name])
    if folder == "local_schemes":
        assert re.search(rf"{name}:\d+:", said.err), said.err
    assert list(tmp_path.iterdir()) == []
    problems = [line for line in said.err.splitlines() if not re.match(r"\d+ problems|… and ", line)]
    assert len(set(problems)) == len(problems), "the same thing is said twice"


def test_the_files_that_they_were_made_from_are_accepted(tmp_path: Path) -> None:
    said = remit(*arguments("local_counts", COUNTS), "--out", tmp_path / "counts")
    assert (said.status, said.err) == (0, "")
    said = remit(*arguments("claims", CLAIMS), "--out", tmp_path / "claims")
    assert said.status == 0, said.err
    assert "claims.csv" in contents(tmp_path / "claims")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--set", "START.tarif=£5"), "--set: local has nothing to supply that is called 'START.tarif'. Did you mean"),
        (("--set", "LEVEL.tariff=£5"), "--set: LEVEL.tariff is not open: the scheme says £45.00. To change it, write"),
        (("--set", "START.tariff=5"), "--set START.tariff"),
        (("--set", "START.tariff=-£5"), "--set START.tariff"),
        (("--set", "START.tariff=a lot"), "found 'a lot'"),
        (("--set", "START.tariff=£5", "--set", "START.tariff=£6"), "--set: START.tariff is given twice"),
        (("--set", "START.tariff"), "--set START.tariff: expected NAME=VALUE"),
        (("--set", "START.tariff="), "--set START.tariff=: expected NAME=VALUE"),
        (("--set", "rule=register"), "--set rule: 'register' is none of equal, list"),
        (("--set", "networks.distribution=list"), "networks.distribution"),
        (("--period", "2023-Q1"), "the period 2023-Q1 is in 2023-24, and local covers 2024-25"),
        (("--practice", "N2"), "there is no practice 'N2' in this run. Did you mean N1"),
        (("--claims", CLAIMS), "is in the counts and in the claims. Give it in one of them."),
        (("--claims", CLAIMS, "--assign", CLAIMS), "--national and --assign are of no use beside --claims"),
        (("--claims", "missing.csv"), "missing.csv: there is no such file"),
    ],
)
def test_a_wrong_option_says_what_is_right(more: tuple[str, ...], words: str, tmp_path: Path) -> None:
    given: list[str | Path] = ["run", SCHEME, "--practices", PRACTICES, "--counts", COUNTS]
    assert_refused(remit(*given, *more, "--out", tmp_path / "out"), words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("schemes", "words"),
    [
        (["qif-2024-25"], "qif-2024-25 pays no item by activity, so nothing can be claimed under it"),
        ([SCHEME, SCHEME], "local is named twice. Name each scheme once."),
        (
            [SCHEME, "spirometry-staffordshire"],
            "local is of 2024-25 and spirometry-staffordshire is of 2025-26: the schemes of one file of claims",
        ),
    ],
)
def test_schemes_that_take_no_claims_together(schemes: list[str | Path], words: str, tmp_path: Path) -> None:
    practices = GOOD_PRACTICES if "qif-2024-25" in schemes else PRACTICES
    given = ["run", *schemes, "--practices", practices, "--claims", CLAIMS]
    assert_refused(remit(*given, "--out", tmp_path / "out"), words)
    assert list(tmp_path.iterdir()) == []


def test_months_off_treatment_that_are_still_required_are_asked_for(tmp_path: Path) -> None:
    scheme = tmp_path / "open.yaml"
    scheme.write_text(SCHEME.read_text(encoding="utf-8").replace("once: {START: 1}", "once: {START: required}"))
    given: list[str | Path] = ["run", scheme, "--practices", PRACTICES, "--claims", CLAIMS, *TARIFF]
    given += ["--out", tmp_path / "out"]
    assert_refused(remit(*given), "claims.once.START", "Give it with --set claims.once.START=1.")
    assert remit(*given, "--set", "claims.once.START=1").status == 0


def test_nothing_to_pay_by(tmp_path: Path) -> None:
    said = remit("run", SCHEME, "--practices", PRACTICES, "--out", tmp_path / "out")
    assert_refused(said, "there is nothing to pay by: give --counts, or --claims")


def test_amounts_that_do_not_add_up_block_the_network_and_are_no_error(tmp_path: Path) -> None:
    """Refusing the file would stop every other network with it."""
    scheme, counts = tmp_path / "agreed.yaml", tmp_path / "counts.csv"
    scheme.write_text(SCHEME.read_text(encoding="utf-8").replace("distribution: rule", "distribution: agreed"))
    counts.write_text(COUNTS.read_text(encoding="utf-8") + "A81001,*,AGREED_POUNDS,1.005,\nA81002,*,AGREED_POUNDS,5,\n")
    said = remit("run", scheme, "--practices", PRACTICES, "--counts", counts, *TARIFF, "--out", tmp_path / "out")
    assert said.status == 0, said.err
    assert "1 of 1 networks are blocked: payment.csv says why." in said.err
    paid = (tmp_path / "out" / "payment.csv").read_text(encoding="utf-8")
    assert "A81001 has £1.005 entered, which is not in whole pence" in paid
    assert "the amounts agreed add up to £6.005, £24,281.735 less than the pool of £24,287.74" in paid
