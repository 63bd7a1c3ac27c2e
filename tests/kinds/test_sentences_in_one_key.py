"""Kind: a sentence of a contract that is one key of a scheme file: the sentence, the key, and its amounts by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import yaml
from tests.spec.run import local, paid

HEADS = "heads: {column: weighted_list_size, called: weighted list, at: 2024-04-01}"
PRACTICES = "practice_code,practice_name,list_size,weighted_list_size\n"
STEPS = "pays: {steps: {most: £1.00, steps: [from 50% pays £1.00]}}"
CHANGES = "changes: {joiner: whole months, leaver: days, merger: successor}"


@dataclass(frozen=True)
class Sentence:
    """What the contract says, the key beside it, and where in the file the key stands: an item's, or the terms'."""

    says: str
    key: str
    counts: str
    expected: list[tuple[str, ...]]
    columns: tuple[str, ...] = ("pounds",)
    table: str = "award.csv"
    practice: str = "A1,One,7750,8000.5"


OF_ITEMS = {
    "a line in pence": Sentence(
        "Nothing up to 30%; in proportion between 30% and 70%; 90p a weighted patient at 70% and above.",
        "pays: {linear: {per_head: 90p, lower: 30%, upper: 70%}}",
        # 55% is 25 of 40 points on the way: 5/8 of 90p is 56.25p, times 8,000.5
        "A1 A NUMERATOR 55\nA1 A DENOMINATOR 100",
        [("4500.28",)],
    ),
    "tests by the thousand": Sentence(
        "£45.00 for each test, at most four tests per 1,000 registered patients, rounded down.",
        "pays: {activity: {tariff: £45.00, each: test, most_per_1000: 4}}",
        # 7,750 / 1,000 x 4 = 31 tests; 40 were done
        "A1 A ACTIVITY 40 2024-25",
        [("1395.00",)],
    ),
    "tests by the thousand, rounded down": Sentence(
        "£45.00 for each test, at most four tests per 1,000 registered patients, rounded down.",
        "pays: {activity: {tariff: £45.00, each: test, most_per_1000: 4}}",
        # 7,999 / 1,000 x 4 = 31.996: 31 tests
        "A1 A ACTIVITY 40 2024-25",
        [("1395.00",)],
        practice="A1,One,7999,8000.5",
    ),
    "half where PCAs are above 12%": Sentence(
        "The item pays half where more than 12% of the patients were left out as PCAs.",
        "reduced: {to: 50%, when: {pca_rate_of: A, above: 12%}}",
        # 87 counted and 13 left out: 13 of 100 is above 12%; 60 of 87 is above 50%: half of 8,000.50
        "A1 A NUMERATOR 60\nA1 A DENOMINATOR 87\nA1 A PCAS 13",
        [("4000.25",)],
    ),
    "all where PCAs are 12%": Sentence(
        "The item pays half where more than 12% of the patients were left out as PCAs.",
        "reduced: {to: 50%, when: {pca_rate_of: A, above: 12%}}",
        # 12 of 100 is not above 12%
        "A1 A NUMERATOR 60\nA1 A DENOMINATOR 88\nA1 A PCAS 12",
        [("8000.50",)],
    ),
}

ADVANCE = "share: 70%, of: award for full achievement"
DUES = ("due_date", "kind", "pounds")
OF_TERMS = {
    "four equal instalments": Sentence(
        "70% in four equal instalments on the last day of June, September, December and March.",
        f"paid_in_advance: {{{ADVANCE}, due: last day of each quarter}}",
        # two items of £1.00 a head: 70% of £16,001.00 is £11,200.70; a quarter of it is £2,800.175
        "A1 A NUMERATOR 60\nA1 A DENOMINATOR 100\nA1 B NUMERATOR 60\nA1 B DENOMINATOR 100",
        [
            ("2024-06-30", "instalment", "2800.18"),
            ("2024-09-30", "instalment", "2800.18"),
            ("2024-12-31", "instalment", "2800.18"),
            ("2025-03-31", "instalment", "2800.16"),
            ("2025-07-31", "balance", "4800.30"),
        ],
        DUES,
        "schedule.csv",
    ),
    "some items in advance": Sentence(
        "70% of item A is paid in advance.",
        f"paid_in_advance: {{{ADVANCE}, items: [A], due: last day of each quarter}}",
        # 70% of £8,000.50 is £5,600.35; a quarter of it is £1,400.0875
        "A1 A NUMERATOR 60\nA1 A DENOMINATOR 100\nA1 B NUMERATOR 60\nA1 B DENOMINATOR 100",
        [
            ("2024-06-30", "instalment", "1400.09"),
            ("2024-09-30", "instalment", "1400.09"),
            ("2024-12-31", "instalment", "1400.09"),
            ("2025-03-31", "instalment", "1400.08"),
            ("2025-07-31", "balance", "10400.65"),
        ],
        DUES,
        "schedule.csv",
    ),
    "recovery from a stated day": Sentence(
        "Overpayments are recovered in three month-end instalments from 31 August 2025.",
        "recovery: {months: 3, first: 2025-08-31, due: last day of each month}",
        # nothing is earned: the £11,200.70 come back, £3,733.5667 a month
        "A1 A NUMERATOR 0\nA1 A DENOMINATOR 100\nA1 B NUMERATOR 0\nA1 B DENOMINATOR 100",
        [
            ("2025-08-31", "recovery", "3733.57"),
            ("2025-09-30", "recovery", "3733.57"),
            ("2025-10-31", "recovery", "3733.56"),
        ],
        DUES,
        "schedule.csv",
    ),
}


def item(code: str, key: str) -> str:
    """An item with this key, which counts patients where the key does not say what it pays for by itself."""
    parts = [f"item: {code}", "title: Something"]
    if "activity" not in key:
        parts += [f"indicator: CHD00{5 if code == 'A' else 8}", "measure: achievement"]
    parts += [key] if key.startswith("pays") else [STEPS, key] if key else [STEPS]
    return "  - " + "\n    ".join(parts) + "\n"


@pytest.mark.parametrize("name", OF_ITEMS)
def test_of_an_item(name: str) -> None:
    one = OF_ITEMS[name]
    scheme = local("items:\n" + item("A", one.key), HEADS)
    found = paid(scheme, one.counts, *one.columns, table=one.table, practices=PRACTICES + one.practice + "\n")
    assert found == one.expected


@pytest.mark.parametrize("name", OF_TERMS)
def test_of_the_terms(name: str) -> None:
    one = OF_TERMS[name]
    other = {"paid_in_advance": f"{{{ADVANCE}, due: last day of each quarter}}", "balance": "{due: 2025-07-31}"}
    other |= {"recovery": "{months: 3, notified: 2025-05-31}"}
    said = one.key.partition(":")[0]
    lines = [f"{key}: {value}" for key, value in other.items() if key != said]
    terms = "\n  ".join(["terms:", *lines, one.key, CHANGES]) + "\n"
    scheme = local("items:\n" + item("A", "") + item("B", ""), HEADS, terms=terms)
    found = paid(scheme, one.counts, *one.columns, table=one.table, practices=PRACTICES + one.practice + "\n")
    assert [row for row in found if row[1] != "instalment" or said == "paid_in_advance"] == one.expected


@pytest.mark.parametrize("name", [*OF_ITEMS, *OF_TERMS])
def test_it_is_one_key(name: str) -> None:
    assert len(yaml.safe_load((OF_ITEMS | OF_TERMS)[name].key)) == 1
