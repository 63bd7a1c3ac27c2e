"""From evaluations and records to a worklist: who needs what, in the order of what one contact would close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

import pyarrow as pa
import pyarrow.compute as pc

from remit.core import say
from remit.core.dates import add_months
from remit.core.problems import did_you_mean, refuse
from remit.evaluation.model import Outcome
from remit.evaluation.plan import Plan
from remit.evaluation.reference import age, registration_on
from remit.evaluation.years import check_given, why_provisional
from remit.records.model import HIDDEN, UNASKED, UNKNOWN_DAY, Patient
from remit.records.store import Store
from remit.rules import model as r
from remit.rules.definitions import Definitions, registers_of
from remit.rules.sensitive import left_out_as_sensitive, sensitive
from remit.runs.engine import Run
from remit.scheme.years import need_april
from remit.terminology.clusters import ClusterSet
from remit.worklist.actions import Actions
from remit.worklist.dates import Asker, last_record, missing_parts, rolling
from remit.worklist.evaluations import Evaluation, PatientOutcome, check_together
from remit.worklist.model import (
    Care,
    CareDue,
    CareWorth,
    Contact,
    SchemeOn,
    Worklist,
    WorklistChoice,
    WorklistEntry,
    recall_place,
)  # fmt: skip
from remit.worklist.money import SchemeMoney, Unpriced, money_of
from remit.worklist.notes import SENSITIVE, asks, not_counted, notes
from remit.worklist.pounds_in_order import in_order

LEARNING_DISABILITY = "learning disability register: offer a longer appointment"


_STEP = 50
"""How many patients are asked about between two reports of progress."""

OnProgress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Progress that nobody looks at."""


@dataclass
class WorklistSources:
    """All that a list is made from."""

    evaluations: Sequence[Evaluation]
    store: Store
    clusters: ClusterSet
    known: Definitions
    actions: Actions
    runs: Mapping[str, Run] = field(default_factory=dict)


def worklist(sources: WorklistSources, wanted: WorklistChoice, on_progress: OnProgress = silent) -> Worklist:
    """The list. Raises Refused for what does not belong together, and for an indicator that is not there."""
    check_together(sources.evaluations, wanted.practice, sources.store, sources.clusters)
    need_april([one.scheme for one in sources.evaluations], "a worklist is made")
    first = sources.evaluations[0]
    sources = replace(sources, known=sources.known.of(first.scheme.year, *first.rules_of))
    plans = [one.plan(sources.known) for one in sources.evaluations]
    definitions = {code: definition for plan in plans for code, definition in plan.definitions().items()}
    check_given(sources.known, definitions)
    for code in wanted.indicators:
        if code not in definitions:
            raise refuse(
                "worklist.indicator-not-evaluated",
                f"no indicator '{code}' was evaluated.",
                None,
                did_you_mean(code, definitions),
                indicator=code,
            )
    asker = _asker(sources, definitions, wanted)
    money = [
        money_of(one, plan, wanted.practice, sources.runs.get(one.scheme.scheme))
        for one, plan in zip(sources.evaluations, plans, strict=True)
    ]
    left_out = _left_out(sources, definitions, money, wanted)
    for code in wanted.indicators:
        if code in left_out:
            hint = "Ask for sensitive care too." if left_out[code] == SENSITIVE else ""
            raise refuse(
                "worklist.indicator-sensitive" if hint else "worklist.indicator-left-out",
                f"{code} is left out of worklists: {left_out[code]}.",
                None,
                hint,
                indicator=code,
                reason=left_out[code],
            )
    rows = _rows(sources.evaluations, wanted, left_out)
    people = _People(sources, wanted, asker, rows)
    cared = list(people.read(on_progress))
    entries = list(in_order(_entries(cared, money, people, wanted), money))
    other_rules = _other_rules(sources, plans)
    return Worklist(
        wanted.practice,
        say.clean(sources.store.practices(first.on)[wanted.practice].name),
        first.on,
        sources.store.last_day(wanted.practice),
        tuple(
            SchemeOn(one.scheme.scheme, say.clean(one.scheme.title), one.scheme.achievement_date)
            for one in sources.evaluations
        ),
        tuple(entries),
        _worths(money, entries),
        sources.actions.contacts,
        people.gone,
        wanted.ahead,
        wanted.month,
        wanted.sensitive,
        sources.clusters.demonstration,
        wanted.top,
        tuple(notes(sources.clusters.demonstration, other_rules, left_out, wanted.sensitive)),
        other_rules,
        sources.actions.risks,
        tuple(asks(one.scheme for one in sources.evaluations)),
        tuple(not_counted(zip((one.scheme for one in sources.evaluations), plans, strict=True))),
    )


def _other_rules(sources: WorklistSources, plans: Sequence[Plan]) -> str:
    """That rules of another year than the scheme's counted, of each scheme where they did."""
    every = (
        why_provisional(plan.elsewhen, one.scheme.year, one.rules_of)
        for one, plan in zip(sources.evaluations, plans, strict=True)
    )
    return " ".join(dict.fromkeys(filter(None, every)))


def _asker(sources: WorklistSources, definitions: Mapping[str, r.Definition], wanted: WorklistChoice) -> Asker:
    names: set[str] = set()
    for definition in definitions.values():
        names |= definition.clusters() | sources.known.needed_clusters(registers_of(definition))
    if wanted.sensitive:
        names |= {n for n in sources.known.needed_clusters(_longer(sources)) if n in sources.clusters.clusters}
    codes = {name: sources.clusters.codes_of(name) for name in sorted(names)}
    return Asker(sources.known, definitions, codes, sources.evaluations[0].dates, sources.clusters.systems_of(names))


def _longer(sources: WorklistSources) -> list[str]:
    """The registers whose people are offered a longer appointment, where their clusters are there."""
    return [
        code
        for code in sources.actions.longer_appointments
        if code in sources.known.registers
        and all(name in sources.clusters.clusters for name in sources.known.needed_clusters([code]))
    ]


def _left_out(
    sources: WorklistSources,
    definitions: Mapping[str, r.Definition],
    money: Sequence[SchemeMoney | Unpriced],
    wanted: WorklistChoice,
) -> dict[str, str]:
    """The indicators that the list leaves out, with the reason."""
    reasons: dict[str, str] = {}
    for code, definition in definitions.items():
        instead = sorted({m.instead(code) for m in money if code in m.worths})
        if instead and all(instead):
            reasons[code] = f"paid by {say.listed(instead)} now"
        elif any(m.lower_is_better(code) for m in money):
            reasons[code] = "lower is better, so a patient who is not counted needs nothing"
        elif left_out_as_sensitive([definition], sources.known, wanted.sensitive):
            reasons[code] = SENSITIVE
    return reasons


def _rows(
    evaluations: Sequence[Evaluation], wanted: WorklistChoice, left_out: Mapping[str, str]
) -> dict[str, dict[str, PatientOutcome]]:
    """The outcomes by patient and indicator; an indicator that several schemes pay on stands once."""
    rows: dict[str, dict[str, PatientOutcome]] = {}
    for one in evaluations:
        for row in one.outcomes(wanted.practice):
            listed = not wanted.indicators or row.code in wanted.indicators
            if listed and row.category != "exclusion" and row.code not in left_out:
                rows.setdefault(row.patient, {})[row.code] = row
    return rows


class _People:
    """The practice's patients, read once: what each still needs."""

    def __init__(
        self,
        sources: WorklistSources,
        wanted: WorklistChoice,
        asker: Asker,
        rows: Mapping[str, Mapping[str, PatientOutcome]],
    ) -> None:
        self.sources, self.wanted, self.asker, self.rows = sources, wanted, asker, rows
        self.on = asker.dates.achievement
        self.until = add_months(self.on, wanted.ahead)
        self.known_on = max(self.on, sources.store.last_day(wanted.practice) or self.on)
        self.gone = 0
        self.longer = _longer(sources) if wanted.sensitive else []
        self.last_seen = _last_seen(sources.store, wanted.practice, self.on, asker)

    def read(self, on_progress: OnProgress) -> Iterable[tuple[Patient, tuple[Care, ...]]]:
        """Each patient with care to give. Counts those who have died or left by the last day of the records."""
        read = frozenset().union(*self.asker.codes.values())
        done = 0
        on_progress(0, len(self.rows))
        for patient in self.sources.store.patients(self.wanted.practice, read):
            rows = self.rows.get(patient.id)
            if rows is None:
                continue
            if done % _STEP == 0:
                on_progress(done, len(self.rows))
            done += 1
            known = self.asker.known_of(patient)
            care = tuple(filter(None, (self._care(known, row) for row in rows.values())))
            if not care:
                continue
            if patient.died is not None:
                care = tuple(one for one in care if one.state == "after death")
            elif registration_on(patient, self.known_on) is None:
                care = ()
            if care:
                order = {code: n for n, code in enumerate(self.sources.actions.known)}
                yield patient, tuple(sorted(care, key=lambda one: (order.get(one.code, len(order)), one.code)))
            else:
                self.gone += 1
        on_progress(done, done)

    def _care(self, patient: Patient, row: PatientOutcome) -> Care | None:
        asker, definition = self.asker, self.asker.definitions[row.code]
        living = asker.of_the_living(row.code)
        if not definition.rules or (row.category == "achieved" and not (living and self.wanted.ahead)):
            return None
        if row.category == "achieved":
            due = None if patient.died else asker.expires(patient, row.code, self.until)
            if due is None:
                return None
            expired = missing_parts(asker.chart(patient, rolling(due.day)), definition)
            return replace(self._of_records(patient, definition, expired), state="soon", dues=(due,))
        chart = asker.chart(patient, asker.dates)
        self._check(chart.outcome(definition), row)
        parts = missing_parts(chart, definition)
        care = self._of_records(patient, definition, parts)
        if not living:
            return replace(care, state="after death")
        if row.category == "pca":
            rule = next(rule for rule in definition.rules if rule.number == row.rule)
            counts = rule.counts if row.branch else rule.else_counts
            kind = counts.pca_kind if counts else "other"
            return replace(care, state="declined" if kind == "chose not to" else "pca", why=kind, since=row.day)
        invited, invite = asker.invited(patient, row.code)
        expires = asker.expires(patient, row.code, asker.dates.end, gap=True)
        dues = tuple(sorted(due for due in (expires, invite, CareDue(asker.dates.end, "year end")) if due))
        return replace(care, before=self.sources.actions.before(care.action, parts), invited=invited, dues=dues)

    def _of_records(self, patient: Patient, definition: r.Definition, parts: tuple[str, ...]) -> Care:
        """The care that an indicator asks for, as a gap, with the parts that are left or else the latest record."""
        actions, code, title = self.sources.actions, definition.code, definition.title
        missing = tuple(actions.part(name) for name in parts)
        last = None if missing else last_record(self.asker.chart(patient, self.asker.dates), definition)
        register = self.sources.known.registers.get(definition.population)
        condition = actions.condition(register.code, register.title) if register else ""
        risk = last.risk(actions.risks) if last else None
        shown = f"{last} is {risk.says}" if risk else str(last) if last else ""
        return Care(
            code, title, actions.action_of(code, title), "gap", last=shown, missing=missing, condition=condition,
            risk=risk.name if risk else "",
        )  # fmt: skip

    @staticmethod
    def _check(outcome: Outcome | None, row: PatientOutcome) -> None:
        """Refuse rules that no longer give the outcome that was written."""
        now = (outcome.rule, outcome.branch, outcome.counts.category) if outcome else None
        if now != (row.rule, row.branch, row.category):
            what = f"the rules of {row.code} do not give the outcomes of the evaluation."
            raise refuse(
                "worklist.rules-changed",
                what,
                None,
                "Give the rules of the evaluation, or evaluate again.",
                indicator=row.code,
            )

    def flags(self, patient: Patient) -> tuple[str, ...]:
        """The patient's flags in words, and a longer appointment where a register asks for it."""
        hidden = () if self.wanted.sensitive else sensitive().flags
        words = [flag.replace("-", " ") for flag in sorted(patient.flags) if flag not in hidden]
        chart = self.asker.chart(patient, self.asker.dates) if self.longer else None
        if chart and any(chart.on_register(code) for code in self.longer):
            words.append(LEARNING_DISABILITY)
        return tuple(words)


def _last_seen(store: Store, practice: str, on: date, asker: Asker) -> dict[str, date]:
    """The day of each patient's latest coded record up to a day; invitations and prescriptions are none, nor is what
    was cancelled or entered in error, or is planned."""
    table = store.table(practice, "events", ["patient_id", "date", "code", "status"])
    invitations = sorted({code for name in asker.definitions for code in asker.invitations(name)})
    hidden = pc.is_in(table["status"], value_set=pa.array((*HIDDEN, *UNASKED["status"]), pa.string()))
    keep = pc.and_(pc.less_equal(table["date"], on), pc.invert(hidden))
    keep = pc.and_(keep, pc.not_equal(table["date"], UNKNOWN_DAY))
    if invitations:
        keep = pc.and_(keep, pc.invert(pc.is_in(table["code"], value_set=pa.array(invitations, pa.string()))))
    grouped = table.filter(keep).group_by("patient_id").aggregate([("date", "max")])
    return dict(zip(grouped["patient_id"].to_pylist(), grouped["date_max"].to_pylist(), strict=True))


def _entries(
    cared: Sequence[tuple[Patient, tuple[Care, ...]]],
    money: Sequence[SchemeMoney | Unpriced],
    people: _People,
    wanted: WorklistChoice,
) -> list[WorklistEntry]:
    """The patients in their order: see `rank`."""
    gaps = Counter(one.code for _, care in cared for one in care if one.state == "gap")
    year_ago = add_months(people.on, -12)
    entries = []
    for patient, care in cared:
        last_contact = people.last_seen.get(patient.id)
        late = wanted.month and recall_place(patient.born.month) > recall_place(wanted.month)
        if late or (wanted.month and patient.died):
            continue
        entries.append(
            WorklistEntry(
                patient.id,
                patient.born,
                age(patient.born, people.on),
                care,
                _contacts(care, money, gaps, people.sources.actions),
                last_contact,
                patient.died is None and (last_contact is None or last_contact <= year_ago),
                people.flags(patient),
            )
        )
    if wanted.month:
        return sorted(entries, key=lambda e: (e.born.month != wanted.month, rank(e)))
    return sorted(entries, key=rank)


def rank(entry: WorklistEntry) -> tuple[object, ...]:
    """What one contact would close: pounds, then pounds towards a step, then how many gaps, then the next day that
    matters, then the patient's id. Most comes first; who has no gap stands behind all who have."""
    best = entry.contacts[0] if entry.contacts else None
    due = entry.next.day if entry.next else date.max
    if best is None:
        places = {"soon": 1, "pca": 2, "declined": 3}
        return (places.get(entry.state, 4), 0, Fraction(0), -len(entry.care), due, entry.patient)
    return (0, -(best.pence or 0), -best.share, -len(best.gaps), due, entry.patient)


def _contacts(
    care: Sequence[Care], money: Sequence[SchemeMoney | Unpriced], gaps: Mapping[str, int], actions: Actions
) -> tuple[Contact, ...]:
    """The gaps by the contact that closes them, the contact that closes most first."""
    by_kind: dict[str, list[Care]] = {}
    for one in care:
        if one.state == "gap":
            by_kind.setdefault(one.action.contact, []).append(one)
    contacts = []
    for kind, own in by_kind.items():
        codes = [one.code for one in own]
        every = [m.worths[code] for m in money for code in codes if code in m.worths]
        known = any(worth.pence is not None for worth in every)
        pence = sum(m.together(codes) for m in money) if known else None
        share = sum((m.share(code, gaps) for m in money for code in codes), Fraction(0))
        towards = [item for m in money for code in codes if (item := m.towards(code, gaps))]
        is_open = any(worth.pence is None for worth in every) or not every
        contacts.append(Contact(kind, tuple(own), pence, is_open, share, tuple(towards)))
    order = {kind: n for n, kind in enumerate(actions.contacts)}
    contacts.sort(key=lambda c: (-(c.pence or 0), -c.share, -len(c.gaps), order[c.kind]))
    return tuple(contacts)


def _worths(
    money: Sequence[SchemeMoney | Unpriced], entries: Sequence[WorklistEntry]
) -> dict[str, tuple[CareWorth, ...]]:
    """What a gap of each indicator is worth, scheme by scheme, of those that the list has."""
    codes = sorted({one.code for entry in entries for one in entry.care if one.state == "gap"})
    return {code: tuple(m.worths[code] for m in money if code in m.worths) for code in codes}
