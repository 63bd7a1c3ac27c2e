"""`remit.compare`: movements worked out by hand on QIF 2024/25 and on single items of QOF 2018-19."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused
from tests.bad_files.command import remit as command
from typer.testing import CliRunner

import remit
from remit.cli.main import app
from remit.comparison.compare import CAUSES, Comparison, Movement, compare
from remit.comparison.stages import telescope
from remit.core.problems import Refused
from remit.runs import Run

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"
LIBRARY = Path(remit.__file__).parent / "library" / "schemes"
HEADER = "practice_code,indicator_code,measure,value\n"
PRACTICE = "A1,Example Practice,cannock-chase,N1,10500,10000\n"
PRACTICES = (EXAMPLE / "practices.csv").read_text()
COUNTS = (EXAMPLE / "counts.csv").read_text()


class Desk:
    """Makes runs from texts, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def run(
        self,
        counts: str = COUNTS,
        practices: str = PRACTICES,
        scheme: str | Sequence[str | Path] = "qif-2024-25",
        national: str = "",
        assign: str = "",
        only: tuple[list[str], list[str]] = ([], []),
        **settings: str,
    ) -> Run:
        self.made += 1
        files = {}
        given = {"practices": practices, "counts": counts, "national": national, "assign": assign}
        for name, text in given.items():
            files[name] = self.folder / f"{name}-{self.made}.csv"
            files[name].write_text(text)
        return remit.run(
            scheme,
            files["practices"],
            files["counts"],
            national=files["national"] if national else None,
            assign=files["assign"] if assign else None,
            settings=settings,
            only_practices=only[0],
            only_indicators=only[1],
        )

    def scheme(self, name: str, *changes: tuple[str, str]) -> str:
        """A scheme file of the library with some of its words changed."""
        text = (LIBRARY / f"{name}.yaml").read_text()
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        self.made += 1
        path = self.folder / f"scheme-{self.made}.yaml"
        path.write_text(text)
        return str(path)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def causes(found: Comparison | Movement) -> dict[str, str]:
    """The causes that moved anything, in pounds."""
    return {c: str(Fraction(p, 100)) for c, p in zip(CAUSES, found.causes, strict=True) if p}


def only(found: Comparison, item: str, practice: str = "A1") -> Movement:
    return next(m for m in found.movements() if m.item == item and m.practice == practice)


def test_exceptions_that_are_counted_are_not_said_to_be_gone_with_a_numerator(desk: Desk) -> None:
    fewer = COUNTS.replace("A1,4,NUMERATOR,73\n", "")
    found = only(compare(desk.run(), desk.run(fewer)), "4")
    assert "numerator 73 → none" in found.explanation
    assert "PCAs" not in found.explanation


def test_one_more_numerator_over_a_step_moves_counts(desk: Desk) -> None:
    # 2a: >40% pays 13p, >45% pays 17p; 4p x 10,000 weighted patients.
    before, more = desk.run(chol004_from="2024-12-05"), COUNTS.replace("2a,NUMERATOR,41", "2a,NUMERATOR,46")
    found = compare(before, desk.run(more, chol004_from="2024-12-05"))
    assert found.pence == (16100_00, 16500_00)
    assert causes(found) == {"counts": "400"}
    assert only(found, "2a").explanation == "numerator 41 → 46"
    assert [m.item for m in found.movements() if m.moved] == ["2a"]
    assert found.payments()["recovery"] == (700_00, 300_00)


def test_a_numerator_that_reaches_no_step_moves_nothing_but_is_named(desk: Desk) -> None:
    found = compare(desk.run(), desk.run(COUNTS.replace("2a,NUMERATOR,41", "2a,NUMERATOR,42")))
    assert causes(found) == {}
    assert only(found, "2a").explanation == "numerator 41 → 42"


def test_a_list_ten_per_cent_longer_moves_the_list(desk: Desk) -> None:
    found = compare(desk.run(), desk.run(practices=PRACTICES.replace("10500,10000", "10500,11000")))
    assert causes(found) == {"list": "1610"}
    assert {m.item: m.difference for m in found.movements()} == {
        "1a": 150_00, "1b": 200_00, "2a": 130_00, "2b": 230_00, "3": 250_00, "4": 250_00, "5": 200_00, "6": 200_00,
    }  # fmt: skip
    assert found.payments()["advance"] == (16800_00, 18480_00)  # 80% of £2.10 a head
    assert "10000 → 11000" in only(found, "3").explanation


def test_causes_are_calculated_each_on_top_of_those_before(desk: Desk) -> None:
    counts, practices = COUNTS.replace("2a,NUMERATOR,41", "2a,NUMERATOR,46"), PRACTICES.replace(",10000", ",11000")
    one, two = desk.run(), desk.run(counts, practices)
    assert causes(only(compare(one, two), "2a")) == {"counts": "400", "list": "170"}  # 4p x 10,000, 17p x 1,000
    assert causes(only(compare(two, one), "2a")) == {"counts": "-440", "list": "-130"}  # 4p x 11,000, 13p x 1,000


def test_counts_that_leave_nobody_under_a_gate_are_the_counts_loss_and_no_longer_lists(desk: Desk) -> None:
    """1a from 84 of 10,500 (15p) to nobody at all, which pays nothing and leaves 1b, 45 of 100 (20p), no table that
    pays: £1,500 and £2,000 are lost by the counts. The list, from 10,000 to 12,000, then has nothing to be paid on."""
    counts = HEADER + "A1,1a,REGISTER,{}\nA1,1a,LIST_SIZE,{}\nA1,1b,NUMERATOR,45\nA1,1b,DENOMINATOR,100\n"
    one = desk.run(counts.format(84, 10500))
    two = desk.run(counts.format(0, 0), PRACTICES.replace("10500,10000", "10500,12000"))
    found = compare(one, two)
    assert causes(only(found, "1a")) == {"counts": "-1500"}
    assert causes(only(found, "1b")) == {"counts": "-2000"}
    assert causes(found) == {"counts": "-3500"}


def test_another_pence_in_the_scheme_file_is_a_definition(desk: Desk) -> None:
    dearer = desk.scheme("qif-2024-25", ("above 50% pays 25p", "above 50% pays 26p"))
    found = compare(desk.run(), desk.run(scheme=dearer))
    assert causes(found) == {"definition": "100"}
    assert only(found, "3").explanation == "steps 2: above 50% pays 25p → above 50% pays 26p"
    assert ("definition", "item 3: steps 2: above 50% pays 25p → above 50% pays 26p") in found.changes


BOTH_CHOL = COUNTS.replace(
    "A1,5,NUMERATOR,36\nA1,5,DENOMINATOR,100", "A1,CHOL002,NUMERATOR,36\nA1,CHOL002,DENOMINATOR,100"
)


def test_the_date_of_the_cholesterol_change_is_a_definition(desk: Desk) -> None:
    # CHOL002 36% pays 20p; CHOL004 41% pays 30p. After 31 March 2025, CHOL002 is still in force.
    counts = BOTH_CHOL + "A1,CHOL004,NUMERATOR,41\nA1,CHOL004,DENOMINATOR,100\n"
    found = compare(desk.run(counts, chol004_from="2025-04-01"), desk.run(counts, chol004_from="2024-12-05"))
    assert causes(found) == {"definition": "1000"}
    assert "definition CHOL002 → CHOL004" in only(found, "5").explanation


def test_counts_that_wait_for_their_definition_move_with_it(desk: Desk) -> None:
    # On the way there are counts of CHOL004 alone while CHOL002 is in force: no pounds, but nothing fell by £2,000.
    after = BOTH_CHOL.replace("CHOL002", "CHOL004").replace("NUMERATOR,36", "NUMERATOR,41")
    found = compare(desk.run(BOTH_CHOL, chol004_from="2025-04-01"), desk.run(after, chol004_from="2024-12-05"))
    assert causes(found) == {"definition": "1000"}


def test_an_item_that_counts_something_else_moves_as_a_definition(desk: Desk) -> None:
    other = desk.scheme("qif-2024-25", ("indicator: PULSE65", "indicator: DEM004"))
    found = compare(desk.run(), desk.run(COUNTS.replace("A1,3,NUMERATOR,55", "A1,3,NUMERATOR,71"), scheme=other))
    assert causes(found) == {"definition": "900"}  # 34p - 25p


QOF_PRACTICES = PRACTICES.replace("10500,10000", "8096,")
QOF_COUNTS = HEADER + (
    "A1,AF,REGISTER,200\nA1,AF006,NUMERATOR,95\nA1,AF006,DENOMINATOR,100\n"
    "A1,SMOK004,NUMERATOR,95\nA1,SMOK004,DENOMINATOR,100\nA1,*,HISTORIC_POINTS,500\n"
)
NATIONAL = "group_code,register,list_size\nAF,200000,8096000\n"


def qof(
    desk: Desk, counts: str = QOF_COUNTS, practices: str = QOF_PRACTICES, national: str = NATIONAL, scheme: str = ""
) -> Run:
    return desk.run(counts, practices, scheme or "qof-england-2018-19", national, only=([], ["AF006", "SMOK004"]))


def test_points_at_the_average_list_and_prevalence_are_worth_their_value(desk: Desk) -> None:
    assert {m.item: m.pence for m in compare(qof(desk), qof(desk)).movements()} == {
        "AF006": (2151_12, 2151_12), "SMOK004": (2151_12, 2151_12),
    }  # fmt: skip  # 12 points x £179.26


def test_national_prevalence_and_group_registers_move_prevalence(desk: Desk) -> None:
    halved = compare(qof(desk), qof(desk, national=NATIONAL.replace("200000", "100000")))
    doubled = compare(qof(desk), qof(desk, QOF_COUNTS.replace("AF,REGISTER,200", "AF,REGISTER,400")))
    for found in (halved, doubled):
        assert causes(found) == {"prevalence": "53778/25"}  # £2,151.12: AF006 alone is weighed
        assert only(found, "AF006").explanation == "APDF 1 → 2"


def test_the_practice_list_moves_the_list_whatever_it_divides(desk: Desk) -> None:
    # Twice the list: CPI 2, and for AF006 (prevalence over the whole list) APDF 1/2, which cancel out.
    found = compare(qof(desk), qof(desk, practices=QOF_PRACTICES.replace("8096", "16192")))
    assert causes(only(found, "SMOK004")) == {"list": "53778/25"}
    assert causes(only(found, "AF006")) == {}


def test_the_value_of_a_point_and_the_average_list_are_terms(desk: Desk) -> None:
    dearer = desk.scheme("qof-england-2018-19", ("value: £179.26", "value: £187.74"))
    found = compare(qof(desk), qof(desk, scheme=dearer))
    assert causes(found) == {"terms": "5088/25"}  # 2 x 12 x £8.48 = £203.52
    assert only(found, "AF006").explanation == "point value: £179.26 → £187.74"
    halved = desk.scheme("qof-england-2018-19", ("over: 8096", "over: 4048"))
    assert causes(compare(qof(desk), qof(desk, scheme=halved))) == {"terms": "107556/25"}  # CPI 2: £4,302.24 more


def test_a_threshold_is_a_definition(desk: Desk) -> None:
    # AF006 from 40% to 90%; 65% earns 6 of 12 points; with the lower threshold at 50%, 15/40 of them: 4.5.
    counts = QOF_COUNTS.replace("AF006,NUMERATOR,95", "AF006,NUMERATOR,65")
    lower = 'lower: "40% [ninam-q-2025-26]", upper: "90% [ninam-q-2025-26]"'
    harder = desk.scheme("qof-england-2018-19", (lower, lower.replace("40%", "50%")))
    found = compare(qof(desk, counts), qof(desk, counts, scheme=harder))
    assert causes(found) == {"definition": "-26889/100"}  # 1.5 x £179.26
    assert only(found, "AF006").explanation == "lower: 40% → 50%"


def test_pounds_that_are_not_known_are_not_compared_and_say_so(desk: Desk) -> None:
    found = compare(qof(desk), qof(desk, QOF_COUNTS.replace("A1,AF,REGISTER,200\n", "")))
    moved = only(found, "AF006")
    assert moved.pence == (2151_12, None)
    assert causes(moved) == {}
    assert (moved.difference, found.difference) == (None, 0)
    assert "not compared: no pounds in run 2: The APDF is not known" in moved.explanation
    assert "1 award has no pounds in run 2, and is not compared (in run 1: £2,151.12)." in found.notes


def test_a_practice_in_one_run_only_is_the_cause_itself(desk: Desk) -> None:
    more = PRACTICES + "B2,Second,cannock-chase,N1,5000,5000\n"
    counts = COUNTS + COUNTS.split("\n", 1)[1].replace("A1,", "B2,")
    one, two = desk.run(), desk.run(counts, more)
    joined, left = compare(one, two), compare(two, one)
    assert causes(joined) == {"practice": "8050"}
    assert causes(left) == {"practice": "-8050"}
    assert [p.note for p in joined.practices] == ["", "joined the run"]
    assert [p.note for p in left.practices] == ["", "left the run"]
    assert joined.payments()["advance"] == (16800_00, 25200_00)


def test_a_merger_moves_the_practices_and_not_their_sum(desk: Desk) -> None:
    before = PRACTICES + "B2,Second,cannock-chase,N1,5000,5000\n"
    after = before.replace("weighted_list_size\n", "weighted_list_size,joined,left,successor_code\n")
    after = after.replace(",10000\n", ",10000,,,\n").replace(",5000,5000\n", ",5000,5000,,2024-12-31,A1\n")
    counts = COUNTS + COUNTS.split("\n", 1)[1].replace("A1,", "B2,")
    found = compare(desk.run(counts, before), desk.run(counts, after, mergers="successor"))
    assert {p.code: p.causes[CAUSES.index("practice")] for p in found.practices} == {"A1": 8050_00, "B2": -8050_00}
    assert causes(found) == {}
    assert "Merged into A1 on 2024-12-31" in only(found, "1a", "B2").explanation


def test_the_rule_for_joiners_is_a_term(desk: Desk) -> None:
    joined = PRACTICES.replace("size\n", "size,joined\n").replace("10000\n", "10000,2024-10-01\n")
    found = compare(desk.run(practices=joined, joiners="full year"), desk.run(practices=joined, joiners="whole months"))
    assert causes(found) == {"terms": "-8050"}  # six months of twelve
    assert "joiners full year → whole months" in only(found, "1a").explanation


def test_another_variant_of_the_scheme_is_a_definition(desk: Desk) -> None:
    plus = desk.scheme(
        "qif-2024-25",
        ("scheme: qif-2024-25", "scheme: qif-variant"),
        ("above 35% pays 20p", "above 35% pays 21p"),
        ("column: weighted_list_size", "column: list_size"),
    )
    both = ["qif-2024-25", plus]
    one, two = (
        desk.run(scheme=both, assign=f"practice_code,scheme_id\nA1,{s}\n") for s in ("qif-2024-25", "qif-variant")
    )
    # £1.61 x 10,000, and with the dearer step £1.62 x 10,500
    assert causes(compare(one, two)) == {"definition": "910"}
    # The same file in the place of the other is another scheme, with its own terms.
    assert causes(compare(desk.run(), desk.run(scheme=plus))) == {"definition": "100", "terms": "810"}


def test_schemes_without_a_common_item_are_all_definition(desk: Desk) -> None:
    found = compare(desk.run(), desk.run(QOF_COUNTS, QOF_PRACTICES, "qof-england-2018-19", NATIONAL))
    assert causes(found) == {"definition": "-545073/50"}  # (5 + 12 + 12) x £179.26 - £16,100.00
    assert only(found, "1a").explanation == "an item of run 1 only"
    assert only(found, "AF006").explanation == "an item of run 2 only"


def test_what_a_narrowed_run_leaves_out_is_left_out(desk: Desk) -> None:
    more = PRACTICES + "B2,Second,cannock-chase,N1,5000,5000\n"
    counts = COUNTS + COUNTS.split("\n", 1)[1].replace("A1,", "B2,")
    found = compare(desk.run(counts, more), desk.run(counts, more, only=(["B2"], ["1b", "2a"])))
    assert found.pence == (1650_00, 1650_00)
    assert [(m.practice, m.item) for m in found.movements()] == [("B2", "1b"), ("B2", "2a")]
    assert any("1 practice left out" in note for note in found.notes)
    with pytest.raises(Refused, match="narrowed to different practices"):
        compare(desk.run(counts, more, only=(["A1"], [])), desk.run(counts, more, only=(["B2"], [])))
    with pytest.raises(Refused, match="there is no practice 'B3' in these runs"):
        compare(desk.run(counts, more), desk.run(counts, more), practices=["B3"])


@pytest.mark.parametrize(
    ("pence", "steps"),
    [
        ([10, 12, 12, 15], (2, 0, 3)),
        ([10, None, 15], (0, 5)),  # settled later: all with what settles it
        ([10, None, None], (-10, 0)),  # unknown from here on
        ([None, None, 7], (0, 7)),
        ([None, 4, None], (4, -4)),
        ([None, None, None], (0, 0)),
    ],
)
def test_unknown_amounts_on_the_way(pence: list[int | None], steps: tuple[int, ...]) -> None:
    assert telescope(pence) == steps


@pytest.fixture
def folders(desk: Desk) -> tuple[str, str]:
    changed = COUNTS.replace("2a,NUMERATOR,41", "2a,NUMERATOR,46").replace("3,NUMERATOR,55", "3,NUMERATOR,50")
    for name, counts in (("first", COUNTS), ("second", changed)):
        remit.write_run(desk.run(counts), desk.folder / name)
    return str(desk.folder / "first"), str(desk.folder / "second")


def test_the_command_says_what_moved_and_writes_files_that_add_up(folders: tuple[str, str], tmp_path: Path) -> None:
    table, page = tmp_path / "moved.csv", tmp_path / "moved.html"
    done = CliRunner().invoke(app, ["compare", *folders, "--csv", str(table), "--html", str(page)])
    assert done.exit_code == 0, done.output
    assert "−£100.00" in done.output  # 2a +£400, 3 (50% is not above 50%) −£500
    assert "numerator 41 → 46" in done.output
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "practice_code", "indicator_code", "pounds_1", "pounds_2", "difference",
        "counts", "list", "prevalence", "definition", "terms", "practice", "explanation",
    ]  # fmt: skip
    assert sum(Fraction(row["pounds_2"]) for row in rows) == 16000
    assert [row["difference"] for row in rows] == ["0.00", "0.00", "400.00", "0.00", "-500.00", "0.00", "0.00", "0.00"]
    text = page.read_text().replace("\u2060", "")  # what holds a sign and its amount together
    assert "<svg" in text
    assert "−£500.00" in text
    assert 'lang="en-GB"' in text
    assert "http" not in text.replace("http://www.w3.org", "")


def test_the_command_writes_over_nothing(folders: tuple[str, str], tmp_path: Path) -> None:
    table = tmp_path / "moved.csv"
    table.write_text("mine")
    assert_refused(command("compare", *folders, "--csv", table), "is there already", "--replace")
    assert table.read_text() == "mine"
    assert CliRunner().invoke(app, ["compare", *folders, "--csv", str(table), "--replace"]).exit_code == 0
    assert table.read_text().startswith("practice_code,")


def test_names_with_marks_are_shown_as_they_are(desk: Desk) -> None:
    odd = PRACTICES.replace("Example Practice", "[bold]<b>Smith & Co</b>")
    for name, size in (("first", "10000"), ("second", "11000")):
        remit.write_run(desk.run(practices=odd.replace("10500,10000", f"10500,{size}")), desk.folder / name)
    page = desk.folder / "page.html"
    folders = [str(desk.folder / "first"), str(desk.folder / "second")]
    done = CliRunner().invoke(app, ["compare", *folders, "--html", str(page)])
    assert "[bold]<b>Smith & Co</b>" in done.output
    assert "[bold]&lt;b&gt;Smith &amp; Co&lt;/b&gt;" in page.read_text()
