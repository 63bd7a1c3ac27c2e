"""What `remit schemes` and `remit show` say, against the documents and hand arithmetic."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import remit
from tests.golden import local

from remit.documents.scheme_card.marks import MARKS
from remit.scheme import load_scheme, loader, scheme_ids, thaw
from remit.scheme.doubts import doubts, remarks
from remit.scheme.dump import dump
from remit.scheme.numbers import numbers, statements
from remit.scheme.variants import ids_that_name


def shown(*words: str | Path) -> str:
    said = remit("show", *words)
    assert (said.status, said.err) == (0, "")
    return said.out


def flat(text: str) -> str:
    return " ".join(text.split())


def test_schemes_lists_every_scheme_with_what_it_is_worth() -> None:
    rows = {row["id"]: row for row in json.loads(remit("schemes", "--json").out)}
    assert list(rows) == scheme_ids()
    qif, qof = rows["qif-2024-25"], rows["qof-england-2018-19"]
    assert (qif["pounds_per_head"], qif["points"], qif["items"], qif["unverified"]) == ("2.10", None, 8, 0)
    assert (qof["points"], qof["pounds_per_head"], qof["items"]) == ("559", None, 77)
    text = remit("schemes").out
    assert all(name in text for name in rows)
    assert "£2.10 a head" in text


@pytest.mark.parametrize("name", scheme_ids())
@pytest.mark.parametrize("width", ["80", "120"])
def test_a_card_is_plain_and_keeps_to_its_width(name: str, width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for options in ((), ("--boundaries",)):
        text = shown(name, *options)
        assert "\x1b" not in text
        assert [line for line in text.splitlines() if len(line) > int(width) or line != line.rstrip()] == []


def test_the_card_sets_printed_budgets_against_computed_ones() -> None:
    text = shown("qif-2024-25")
    assert re.search(r"Cannock Chase +141,853 +£2.10 +£297,891.30 +£297,890.00 +−£1.30", text)
    assert re.search(r"All +£3,189,799.40 +£3,189,800.00 +\+£0.60", text)


def test_the_card_of_qif_plus_has_both_readings_of_the_further_money() -> None:
    text = shown("qif-plus-2024-25")
    # £204,000 / £1.90 = 107,368.4 and a twelfth of it is 8,947.4; £204,000 / £4.00 = 51,000, and 4,250.
    assert re.search(r"£1.90 +107,368 +8,947", text)
    assert re.search(r"the whole of QIF Plus +£4.00 +51,000 +4,250", text)


def test_the_card_of_qof_says_what_full_points_are_worth() -> None:
    text = flat(shown("qof-england-2018-19"))
    assert "£100,206.34 with every weight at 1" in text
    assert "Clinical: 65 items, 435 points" in text
    assert "AF007 Atrial fibrillation with a CHA2DS2-VASc 12 40%? to 70%? L P?" in text


def test_the_card_quotes_the_source_and_says_what_waits() -> None:
    text = flat(shown("qif-2024-25", "--sources"))
    assert "“Practices will be paid 80% of the total award for full achievement of total points (as above)" in text
    assert "A date; no default. What waits for it: which indicator scores item 5." in text
    assert "in 12* monthly instalments" in text
    assert "item 1b table 3: below 0.5%: nothing is paid" in text


def test_sources_lists_every_number_with_its_source_and_standing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    text = shown("qof-england-2018-19", "--sources")
    assert re.search(r"AF006 linear lower +40% +per cent +unverified +ninam-q-2025-26", text)
    assert re.search(r"DM004 linear lower +40% +per cent +verified +drc-bmj-table-1", text)


def test_the_boundary_table_stands_beside_the_words() -> None:
    text = shown("qif-2024-25", "--boundaries", "--item", "1a", "--item", "1b")
    assert "“>0.5% prevalence rate 8p, >0.75% prevalence rate 15p”" in text
    assert re.search(r"> 0.75% +0.74%: 8p +0.75%: 8p +0.76%: 15p", text)
    assert re.search(r">= 0.75% +0.74%: 8p in 1a +0.75%: 8p in 1a +0.76%: 15p in 1a", text)
    assert "Delivery of diabetes" not in text


def test_the_boundary_table_as_data() -> None:
    data = json.loads(shown("qif-2024-25", "--boundaries", "--format", "json"))
    items = {item["item"]: item for item in data["items"]}
    gate = items["1b"]["gate"]["bounds"][1]
    assert gate["at"] == {"achievement": "0.75", "earned": "0.08", "table": "from 0.75%"}
    assert items["2a"]["tables"][0]["bounds"][0]["at"] == {"achievement": "35.00", "earned": "0"}
    assert items["2a"]["tables"][0]["bounds"][0]["above"] == {"achievement": "35.01", "earned": "0.1"}


def test_json_has_each_number_with_value_unit_source_and_standing() -> None:
    data = json.loads(shown("qof-england-2018-19", "--format", "json"))
    af007 = next(item for item in data["items"] if item["item"] == "AF007")
    assert af007["pays"]["linear"]["lower"] == {
        "text": "40%",
        "value": "40",
        "unit": "per cent",
        "source": "memory",
        "standing": "unverified",
    }
    assert data["terms"]["recovery"]["months"]["value"] is None
    qif = dump(load_scheme("qif-2024-25"))
    assert qif["items"][0]["pays"]["steps"]["steps"][0] == {
        "text": "above 0.5% pays 8p",
        "operator": ">",
        "at": {"value": "0.5", "unit": "per cent"},
        "pays": {"value": "0.08", "unit": "pounds"},
        "source": "qif-2024-25",
        "standing": "verified",
    }


def test_yaml_is_a_scheme_file_again(tmp_path: Path) -> None:
    text = shown("qif-plus-2024-25", "--format", "yaml")
    assert "extends" not in yaml.safe_load(text)
    assert thaw(text, "again").most_per_head() == 4
    path = tmp_path / "again.yaml"
    path.write_text(text, encoding="utf-8")
    assert "Scheme qif-plus-2024-25, version 1" in flat(shown(path))


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("qif-2024",), 1, "Did you mean qif-2024-25"),
        (("qif-2024-25", "--boundaries", "--item", "1c"), 1, "there is no item '1c' in qif-2024-25. Did you mean"),
        (("qif-2024-25", "--item", "1a"), 1, "--boundaries"),
        (("qif-2024-25", "--boundaries", "--format", "yaml"), 1, "text or json"),
        (("qif-2024-25", "--unverified", "--format", "json"), 1, "--format is text with --unverified"),
        (("qif-2024-25", "--unverified", "--boundaries"), 1, "--boundaries and --unverified do not go together"),
        ((), 1, "name the scheme"),
    ],
)
def test_what_cannot_be_shown(words: tuple[str, ...], status: int, said: str) -> None:
    found = remit("show", *words)
    assert (found.status, found.out) == (status, "")
    assert said in flat(found.err.replace("│", " "))


# what is not verified


@pytest.mark.parametrize("name", scheme_ids())
def test_nothing_that_is_not_verified_is_left_out(name: str) -> None:
    scheme = load_scheme(name)
    open_ = [one for one in statements(scheme) if one.standing != "verified" and not one.required]
    assert sorted(one.path for doubt in doubts(scheme) for one in doubt.statements) == sorted(one.path for one in open_)
    assert [n for n in numbers(scheme) if not n.required and n.standing == "unverified" and n not in open_] == []


def test_the_notes_say_what_they_are_about() -> None:
    scheme = load_scheme("qof-england-2018-19")
    about = {name: note for doubt in doubts(scheme) for name, note in doubt.notes()}
    assert about["CAN003"].startswith("the published header prints 12; only 6 fits")
    assert about["DM003 and DM007"].startswith("also printed in the table of BMJ Open Diabetes")
    assert dict(remarks(load_scheme("qif-2024-25")))["item 6"].startswith("The source does not say over which list")


def test_thresholds_are_said_in_short() -> None:
    memory = next(doubt for doubt in doubts(load_scheme("qof-england-2018-19")) if doubt.source == "memory")
    said = memory.labels()
    assert "AF007 40% to 70%" in said
    assert "the weights of PC001, PC002, BP002, SMOK003 and SMOK004: list" in said


def test_each_standing_has_its_mark() -> None:
    assert MARKS == {"verified": "", "inferred": "*", "unverified": "?"}


# local schemes


def card_of(folder: Path, scheme: str, *options: str) -> str:
    path = folder / "local.yaml"
    path.write_text(local.HEAD + scheme, encoding="utf-8")
    return shown(path, *options)


def test_the_card_of_a_local_scheme_is_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    text = flat(card_of(tmp_path, local.ACTIVITY))
    for words in (
        "£45.00 for each test; at most",
        "paid only when FG is met",
        "£500.00",
        "EMIS: EMIS implementation",
        "80% of the blocks, which are known before the year begins, in 12 monthly instalments",
        "What was delivered in a quarter is paid 30 days after its end, in full, without setting off what was paid "
        "in advance.",
        "Balance Not in the sources: set terms.balance.due.",
        "SPI ACTIVITY each quarter each test",
        "BLOCK HISTORIC_POUNDS 2012-13 what was paid for QOF, in pounds",
        "day of the balance terms.balance.due=2026-03-31",
        "£18,500.00 at most to each provider; what BLOCK can pay has no set limit here",
    ):
        assert words.casefold() in text.casefold(), words


def test_the_card_says_how_a_networks_money_goes(tmp_path: Path) -> None:
    scheme = local.NETWORK.replace("EARNED", "practice").replace("list", "contribution", 1)
    more = "levels: [practice, network]\nmonitoring: {indicators: required, count: 25, tolerance: 5%}\n"
    text = flat(card_of(tmp_path, scheme + more))
    assert "Provided by Practices and networks." in text
    assert "Each member earns by itself and it is pooled; shared out by what each contributes itself." in text
    assert "Every member must say yes (AGREED 1 of *) before anything is paid." in text
    assert "In advance Nothing is paid in advance." in text
    assert "25 indicators, whose codes are not in the sources (set monitoring.indicators). Looked at each year" in text
    assert "within 5 percentage points; nothing is paid by them." in text


def test_lower_is_better_has_its_bounds_the_other_way_round(tmp_path: Path) -> None:
    text = card_of(tmp_path, local.BLEND, "--boundaries")
    # 20 points from 5% down, nothing from 10% up: 400 points for a whole, 0.04 for 0.01%.
    assert re.search(r"<= 5% +4.99%: 20 +5.00%: 20 +5.01%: 19.96", text)
    assert re.search(r"< 10% +9.99%: 0.04 +10.00%: 0 +10.01%: 0", text)
    assert "10% to 5%, lower is better" in flat(card_of(tmp_path, local.BLEND))


def test_what_a_local_scheme_shows_as_yaml_and_json_is_whole(tmp_path: Path) -> None:
    for scheme in (local.ACTIVITY, local.BLEND, local.NETWORK.replace("EARNED", "network")):
        again = card_of(tmp_path, scheme, "--format", "yaml")
        assert thaw(again, "again").scheme == json.loads(card_of(tmp_path, scheme, "--format", "json"))["scheme"]
    data = json.loads(card_of(tmp_path, local.ACTIVITY, "--format", "json"))
    assert data["items"][2]["pays"]["activity"]["tariff"]["value"] == "45"
    assert data["items"][1]["requires"] == ["FG"]


def test_a_difference_names_amounts_in_pounds(tmp_path: Path) -> None:
    for name, text in (("one", local.ACTIVITY), ("two", local.BLEND)):
        (tmp_path / f"{name}.yaml").write_text(local.HEAD + text, encoding="utf-8")
    said = flat(remit("diff", tmp_path / "one.yaml", tmp_path / "two.yaml").out)
    assert "FG The foundation gateway £500.00 at most" in said
    assert "SPI Spirometry £18,000.00 at most" in said
    assert "BLOCK Historic block not set" in said


@pytest.mark.parametrize(
    "text",
    [
        "scheme: one\nfamily: qif\nversion: 1\n",
        "family: 'qif' # the first\n",
        'family: "qif"  \n',
        "family:   qif   # a note",
        "\ufefffamily: qif\r\nversion: 1\r\n",
        "{scheme: one, family: qif}",
        '"family": "q\\x69f"\n',
        "? family\n: qif\n",
        "family:\n  qif\n",
        "family: >-\n  qif\nversion: 1\n",
        "--- # a scheme\nfamily : qif\n...\n",
        "extends: 'first' # in other words\n",
        "extends: first.yaml\r\n",
        "extends: second\nfamily: another\n",
        "family: [qif, not yaml\n",
    ],
)
def test_a_scheme_that_may_be_a_variant_is_found_however_it_is_written(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "first": "family: qif\n",
        "other": "family: qif-plus\n# family: qif\n",
        "second": "extends: ./first.yaml\n",
    }
    for name, said in {**files, "one": text}.items():
        (tmp_path / f"{name}.yaml").write_bytes(said.encode())
    monkeypatch.setattr(loader, "_folder", lambda _: tmp_path)
    assert ids_that_name("qif") == ["first", "one", "second"]


def test_no_day_of_a_balance_is_asked_for_where_all_is_paid_as_it_is_delivered(tmp_path: Path) -> None:
    """A sum beside the activity is paid with the balance, and what no advance overpays is never recovered."""
    head = (
        'scheme: act\nversion: "1"\ntitle: Visits\ncommissioner: An ICB\nyear: 2025-26\nachievement_date: 2026-03-31\n'
        "sources: {paper: {title: The paper, standing: verified}}\nsource: paper\n"
        "terms: {paid_on_activity: {days: 30}}\n"
        "items:\n  - {item: V, title: Visits, pays: {activity: {tariff: £10, each: visit}}}\n"
    )
    sums = {"": False, "  - {item: S, title: Set up, pays: {fixed: {pays: £500, for: set up}}}\n": True}
    for more, asked in sums.items():
        path = tmp_path / "act.yaml"
        path.write_text(head + more, encoding="utf-8")
        text, said = flat(shown(path)), flat(remit("check", path).out)
        assert ("terms.balance.due" in text, "day of the balance" in said) == (asked, asked)
        assert ("None: all that is earned is paid as it is delivered." in text) is not asked
        assert "terms.recovery" not in text
