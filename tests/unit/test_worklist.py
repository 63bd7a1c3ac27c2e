"""A worklist worked out by hand: who stands on it, in which order, for what, worth how much, and by when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.unit.made_worklists import EVENTS, LOCAL, WELL, entry, evaluated, listed, records

from remit.core.dates import SchemeYear
from remit.core.problems import Refused
from remit.documents.worklist import words
from remit.evaluation.plan import plan
from remit.rules.definitions import shipped
from remit.scheme import load_scheme
from remit.worklist.actions import actions, read_actions
from remit.worklist.build import LEARNING_DISABILITY
from remit.worklist.evaluations import read_evaluation
from remit.worklist.model import CareDue, Worklist
from remit.worklist.money import SchemeMoney, money_of

YEAR_END = CareDue(date(2025, 3, 31), "year end")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return records(tmp_path_factory.mktemp("records"))


@pytest.fixture(scope="module")
def local(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return evaluated(tmp_path_factory.mktemp("local"), store)


@pytest.fixture(scope="module")
def qif(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return evaluated(tmp_path_factory.mktemp("qif"), store, "qif-2024-25")


@pytest.fixture(scope="module")
def both(store: Path, local: Path, qif: Path) -> Worklist:
    return listed(store, local, qif)


def priced(tmp_path: Path, store: Path, scheme: str) -> SchemeMoney:
    made = read_evaluation(evaluated(tmp_path, store, scheme))
    found = money_of(made, made.plan(shipped()), "A1")
    assert isinstance(found, SchemeMoney)
    return found


# Who, and in which order.


def test_the_order_is_what_one_contact_would_close(both: Worklist) -> None:
    """`high` closes HYP008 (£250) and the eight checks of the one diabetic (0 of 1 to 1 of 1: 33p x 1,000 = £330).

    `invited` and `ageing` close HYP008 alone; the invitation of 17 December comes before the reading of 12 February.
    `smear-old` closes a gap that earns nothing: the top is reached.
    """
    gaps = [one.patient for one in both.of("gap")]
    assert gaps == ["high", "invited", "ageing", "smear-old"]
    assert [entry(both, who).contacts[0].pence for who in gaps] == [58_000, 25_000, 25_000, 0]


def test_one_row_has_the_gaps_of_every_scheme_each_once(both: Worklist) -> None:
    high = entry(both, "high")
    assert [care.code for care in high.of("gap")] == ["HYP008", "DM8CP-TYPE2"]
    assert [(one.scheme, one.item, one.pence) for one in both.worths["HYP008"]] == [
        ("local-worklist", "HYP008", 25_000),
        ("qif-2024-25", "4", 0),
    ]


def test_who_died_or_left_since_is_not_called(both: Worklist) -> None:
    assert both.gone == 2
    assert {"died-since", "left-since", "died"}.isdisjoint(one.patient for one in both.entries)


def test_a_holistic_review_groups_what_one_contact_closes(both: Worklist) -> None:
    [review] = entry(both, "high").contacts
    assert words.to_do(both, review) == [
        "Blood pressure check: needs one by 31 March; last 150/95 on 12 May 2024 (HYP008)",
        "Eight diabetes checks: needs HbA1c, cholesterol, creatinine, urine albumin, foot check, weight and smoking "
        "status by 31 March (DM8CP-TYPE2)",
        "Beforehand: blood test and urine test",
    ]


def test_who_was_not_seen_for_a_year(both: Worklist) -> None:
    """An invitation and a prescription are no contact; 12 February 2024 is within a year."""
    invited, ageing = entry(both, "invited"), entry(both, "ageing")
    assert (invited.last_seen, invited.unseen) == (date(2015, 1, 10), True)
    assert (ageing.last_seen, ageing.unseen) == (date(2024, 2, 12), False)


def test_who_is_only_booked_was_not_seen(tmp_path: Path) -> None:
    booked = "".join(f"ageing,2024-12-20,PULSERHYTHM_COD,,{status}\n" for status in ("planned", "cancelled"))
    store = records(tmp_path, events=EVENTS + WELL + booked)
    assert entry(listed(store, evaluated(tmp_path, store)), "ageing").last_seen == date(2024, 2, 12)


def test_the_first_patients_with_gaps_only_and_every_number_of_all(store: Path, local: Path) -> None:
    made = listed(store, local, top=2)
    assert [one.patient for one in made.of("gap")] == ["invited", "ageing"]
    assert [one.patient for one in made.shown] == ["invited", "ageing", "silent", "declined"]
    assert (made.hidden, made.count("gap")) == (2, 4)


# Those with a PCA, and apart from them who declined.


def test_a_pca_stays_in_sight_apart_from_declined(both: Worklist) -> None:
    [silent], [declined] = both.of("pca"), both.of("declined")
    assert silent.patient == "silent"
    assert words.adjusted(silent.of("pca")) == ["Blood pressure check: no reply to invitations, 20 Jun 2024 (HYP008)"]
    assert declined.patient == "declined"
    assert words.adjusted(declined.of("declined")) == [
        "Blood pressure check: chose not to have it, 3 May 2024 (HYP008)"
    ]
    assert (silent.contacts, declined.contacts) == ((), ())


# What it is worth.


def test_one_more_at_a_steps_edge(tmp_path: Path, store: Path) -> None:
    """Above 65% of ten are seven: five are achieved, so one more earns nothing, and two reach 22p x 1,000 = £220."""
    worth = priced(tmp_path, store, "qif-2024-25").worths["HYP008"]
    assert (worth.pence, worth.more, worth.step, worth.step_pence) == (0, 2, "4 above 65%", 22_000)
    assert words.step(worth) == "One alone earns nothing; 2 more patients reach 4 above 65%: +£220.00."


def test_nothing_beyond_the_top(tmp_path: Path, store: Path) -> None:
    worth = priced(tmp_path, store, LOCAL.replace("lower: 40%, upper: 80%", "lower: 10%, upper: 50%")).worths["HYP008"]
    assert (worth.pence, worth.more, worth.why) == (0, None, "Nothing more can be earned here.")


def test_the_last_patient_to_the_top_earns_what_is_left(tmp_path: Path, store: Path) -> None:
    """Upper 55%: 10 points x (50 - 40) / (55 - 40) are 6.667 now, and one more is past the top: 3.333 points."""
    worth = priced(tmp_path, store, LOCAL.replace("upper: 80%", "upper: 55%")).worths["HYP008"]
    assert (worth.pence, worth.more) == (33_333, 1)


def test_what_cannot_be_priced_is_not_known_and_never_nothing(both: Worklist, tmp_path: Path, store: Path) -> None:
    money = priced(tmp_path, store, "qof-england-2024-25")
    assert money.worths["HYP008"].pence is None
    assert "APDF is not known" in money.worths["HYP008"].why
    only = listed(store, tmp_path / "evaluated", indicators=("HYP008",))
    ageing = entry(only, "ageing")
    best = ageing.contacts[0]
    assert (best.pence, best.open, words.worth(ageing)) == (None, True, "not known")


def test_a_practice_whose_list_is_not_known_has_its_gaps_all_the_same(tmp_path: Path) -> None:
    store = records(tmp_path, weighted="")
    made = listed(store, evaluated(tmp_path / "qif", store, "qif-2024-25"))
    [worth] = made.worths["HYP008"]
    assert worth.pence is None
    assert "weighted_list_size" in worth.why
    assert [one.patient for one in made.of("gap")] == ["high", "invited", "ageing"]


def test_gaps_are_priced_together(tmp_path: Path, store: Path) -> None:
    money = priced(tmp_path, store, "qif-2024-25")
    assert money.together(["HYP008", "DM8CP-TYPE2"]) == 33_000
    assert money.together([]) == 0


# The days that matter.


def test_the_second_invitation_counts_a_week_after_the_first(both: Worklist) -> None:
    [care] = entry(both, "invited").care
    assert care.invited == (date(2024, 12, 10),)
    assert care.dues == (CareDue(date(2024, 12, 17), "invitation"), YEAR_END)
    assert words.next_date(care.next, both) == "Now: one more invitation counts since 17 Dec 2024"


def test_a_reading_expires_a_year_after(both: Worklist) -> None:
    """130/80 on 12 February 2024 is too old for this year's 31 March, and a year old on 12 February 2025."""
    [care] = entry(both, "ageing").care
    assert care.last == "130/80 on 12 Feb 2024"
    assert care.dues == (CareDue(date(2025, 2, 12), "expires"), YEAR_END)


def test_who_was_not_invited_and_is_above_target_has_the_years_end(both: Worklist) -> None:
    assert entry(both, "high").next == YEAR_END


def test_a_window_of_42_months(both: Worklist) -> None:
    """A test of 10 August 2021 lies in the 42 months before each day up to 9 February 2025."""
    [care] = entry(both, "smear-old").care
    assert care.dues == (CareDue(date(2025, 2, 10), "expires"), YEAR_END)


def test_who_is_counted_now_comes_due(store: Path, local: Path) -> None:
    """10 October 2021 and 42 months: counted this year, and no longer on 10 April 2025."""
    assert [one.patient for one in listed(store, local, ahead=3).of("soon")] == []
    made = listed(store, local, ahead=4)
    [soon] = made.of("soon")
    assert (soon.patient, soon.next) == ("smear-soon", CareDue(date(2025, 4, 10), "expires"))
    assert words.soon(soon.care) == ["Cervical screening: expires on 10 Apr 2025; last 10 Oct 2021 (CS005)"]
    assert made.entries[-3].patient == "smear-soon"  # after all gaps, before PCA and declined


# By month of birth.


def test_the_month_of_birth_then_those_whose_month_is_past(store: Path, local: Path) -> None:
    made = listed(store, local, month=6)
    assert [one.patient for one in made.entries] == ["invited", "high"]  # June, then May: gone by
    assert [made.overdue(one) for one in made.entries] == [False, True]
    assert [one.patient for one in listed(store, local, month=4).entries] == []  # the year's first month


def test_patients_by_month(both: Worklist) -> None:
    assert words.by_month(both, 6) == (1, 0, 0, 0, 1)
    assert words.by_month(both, 1) == (0, 0, 1, 1, 1)


def test_the_clinics_to_plan(both: Worklist) -> None:
    """Three reviews, of which `high` needs blood and urine tests ahead; one screening."""
    assert [row[2:] for row in words.by_contact(both)] == [(3, 4, 1, 0), (1, 1, 0, 0)]


# What is sensitive.


def test_deaths_and_learning_disability_only_where_asked_for(store: Path, qif: Path, both: Worklist) -> None:
    assert both.of("after death") == ()
    assert entry(both, "invited").flags == ("accessible information",)
    assert not any(LEARNING_DISABILITY in one.flags for one in both.entries)
    asked = listed(store, qif, sensitive=True)
    [dead] = asked.of("after death")
    assert (dead.patient, [care.code for care in dead.care]) == ("died", ["RESPECT-DEATHS"])
    assert asked.entries[-1] == dead
    assert entry(asked, "invited").flags == ("accessible information", "learning disability")
    assert LEARNING_DISABILITY in entry(asked, "ageing").flags


# The file of actions.


def test_every_indicator_that_has_rules_says_what_is_to_be_done() -> None:
    known, of_2026 = actions(), shipped().of(SchemeYear(2026))
    assert {*shipped().indicators, *of_2026.indicators} == set(known.known)
    counted = plan(load_scheme("qof-england-2024-25"), shipped()).definitions()
    assert {code for code, one in counted.items() if one.rules} <= set(known.known)
    every = [*shipped().indicators.values(), *of_2026.indicators.values()]
    parts = {name for one in every for group in one.parts.values() for name in group}
    said = {*known.parts, "RESPECT", "PREFERRED_PLACE_OF_DEATH", "ACTUAL_PLACE_OF_DEATH"}
    assert parts == said
    assert {part for tested in known.tests.values() for part in tested} <= set(known.parts)


def test_a_local_indicator_stands_by_its_title() -> None:
    own = actions().action_of("LOCAL-1", "A check of our own")
    assert (own.do, own.contact) == ("A check of our own", "other")
    assert actions().part("EYE_CHECK") == "eye check"


def test_an_action_names_a_contact_that_is_there_and_an_indicator_once(tmp_path: Path) -> None:
    path = tmp_path / "actions.yaml"
    path.write_text(
        "contacts: {review: {title: Review, by: nurse}}\n"
        "actions:\n  - {do: a, contact: revew, for: [X]}\n  - {do: b, contact: review, for: [X]}\n"
        "parts: {}\ntests: {}\n",
        encoding="utf-8",
    )
    with pytest.raises(Refused) as refused:
        read_actions(path)
    assert [str(p).partition(": ")[2] for p in refused.value.problems] == [
        "there is no contact 'revew'. Did you mean review?",
        "X is named twice.",
    ]
