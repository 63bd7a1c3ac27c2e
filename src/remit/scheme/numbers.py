"""Every number of a scheme in one table: where it stands, its unit, its source and whether that was seen.

Dates, rules and weights are statements too, though no numbers: `statements` lists them all, `numbers` the numbers.
A note belongs to the part on which it is written. It is a number's only where it is written on that number, or
where it begins by saying what it is about: `Thresholds:`, `Points:` or `Weights:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remit.core.rounding import Rounding
from remit.scheme.agreements import Cited
from remit.scheme.area_keys import ScaledTo, SmallNumbers
from remit.scheme.kinds import StepTable, Strict
from remit.scheme.model import Group, Indicator, Item, Scheme
from remit.scheme.parameters import Parameter
from remit.scheme.quantity import PER_1000, Quantity, Standing, Step
from remit.scheme.walk import walk

Path = tuple[str | int, ...]

# Text that decides something, by its key; all other text describes.
_DECIDES = (
    *("at", "over_at", "achievement_date", "from", "due", "reviewed", "notified", "first", "agreed", "set_off"),
    *("basis", "remainder", "joiner", "leaver", "merger", "nobody_to_count"),
    *("distribution", "assent", "earned_by", "looks"),
)
NOT_IN_FILE = "The file does not say; this is Remit's default."
_NAMES: dict[Path, str] = {
    (): "the scheme as a whole",
    ("point",): "value of a point",
    ("point", "value"): "value of a point",
    ("heads",): "list that is paid for",
    ("heads", "at"): "day of the list that is paid for",
    ("weights", "list"): "list weight",
    ("weights", "list", "list"): "practice's list (list weight)",
    ("weights", "list", "list", "at"): "day of the practice's list (list weight)",
    ("weights", "list", "over"): "national average list (list weight)",
    ("weights", "list", "over_at"): "day of the national average list (list weight)",
    ("weights", "prevalence"): "prevalence weight",
    ("weights", "prevalence", "at"): "day of the registers (prevalence weight)",
    ("weights", "prevalence", "basis"): "which list (prevalence weight)",
    ("weights", "target_population"): "target population weight",
    ("terms", "paid_on_activity", "days"): "days from a quarter's end to its payment",
    ("terms", "balance", "due"): "day of the balance",
    ("terms", "balance", "reviewed"): "day of the evidence review",
    ("terms", "recovery", "months"): "months of a recovery",
    ("terms", "recovery", "notified"): "day of a recovery",
    ("terms", "recovery", "first"): "first day of a recovery",
    ("terms", "recovery", "due"): "day of the month of a recovery",
    ("term", "from"): "first day of the contract",
    ("term", "agreed"): "day on which the contract was agreed",
    ("terms", "changes", "joiner"): "joiners",
    ("terms", "changes", "leaver"): "leavers",
    ("terms", "changes", "merger"): "mergers",
    ("scaled_to", "budget"): "budget that awards are scaled to",
    ("scaled_to", "when"): "when awards are scaled to the budget",
    ("scaled_to", "rounding"): "how scaled awards become pence",
    ("small_numbers", "fewer_than"): "denominator below which numbers are small",
    ("small_numbers", "paid_at"): "what small numbers are paid at",
    ("small_numbers", "average"): "which average small numbers are paid at",
    ("small_numbers", "of"): "whose average small numbers are paid at",
    ("small_numbers", "nobody"): "what is paid with nobody in the denominator",
    ("networks", "distribution"): "how a network's money is shared out",
    ("networks", "assent"): "who must agree",
    ("networks", "earned_by"): "who earns a network's money",
    ("networks", "veto_by"): "last day of a veto",
    ("networks", "people", "least"): "fewest people of a network",
    ("networks", "people", "most"): "most people of a network",
}
_ABOUT = {
    "Points": {
        *("points", "points_at_lower", "label_points"),
        *("per_head", "per_head_at_lower", "pounds", "pounds_at_lower"),
    },
    "Thresholds": {"lower", "upper", "steps", "tables"},
    "Weights": {"weights"},
}


@dataclass(frozen=True)
class Number:
    """A statement as a reader meets it: `4` `linear lower`, `40%`, its source's key and its standing.

    `unit` is that of a number, else what kind of statement it is: date, rule, range, rounding, weights, setting,
    definition, or part for what is said of a part as a whole.
    """

    path: Path
    item: str
    name: str
    text: str
    unit: str
    source: str
    standing: Standing
    note: str

    @property
    def label(self) -> str:
        return f"{self.item} {self.name}".strip()

    @property
    def is_number(self) -> bool:
        return self.unit in NUMBER_UNITS

    @property
    def required(self) -> bool:
        return self.text == "required"


NUMBER_UNITS = (
    "per cent",
    "percentage points",
    "percentage points or per cent",
    "amount",
    PER_1000,
    "points",
    "pounds",
    "patients",
    "number",
)


def numbers(scheme: Scheme) -> Iterator[Number]:
    """All numbers, in the order of the file; source and standing are those of the nearest part that has them."""
    return (statement for statement in statements(scheme) if statement.is_number)


def statements(scheme: Scheme) -> Iterator[Number]:
    """All numbers and all else that has a source and a standing, in the order of the file."""
    parts: dict[Path, Strict] = {(): scheme}
    if scheme.note:
        yield _statement(scheme, parts, (), "", "part", scheme.note)
    for path, value in walk(scheme):
        if isinstance(value, Strict):
            parts[path] = value
            yield from _of_part(scheme, parts, path, value)
        elif isinstance(value, Quantity | Step):
            note = getattr(value, "note", "") or _item_note(parts, path)
            unit = value.unit if isinstance(value, Quantity) else "per cent" if value.per == 100 else PER_1000
            yield _statement(scheme, parts, path, value.text, unit, note, value.source, value.standing)
        elif path[:-1] not in parts:
            continue  # the keys of a dictionary are the file's own names: an element may be called `agreed`
        elif isinstance(value, Rounding) or path[-1] in _DECIDES or _of_the_area(parts[path[:-1]], path[-1]):
            yield from _decided(scheme, parts, path, value)


def _of_the_area(part: Strict | None, key: str | int) -> bool:
    """Whether a key says how awards are scaled or small numbers are paid."""
    return isinstance(part, ScaledTo | SmallNumbers) and key in (
        "when",
        "rounding",
        "paid_at",
        "average",
        "of",
        "nobody",
    )


def rounding_in_use(scheme: Scheme) -> tuple[str, ...]:
    """The steps of rounding that this scheme's arithmetic passes through."""
    weights = [name for name in type(scheme.weights).model_fields if getattr(scheme.weights, name)]
    return (*weights, *(("points", "pounds_per_point") if scheme.point else ()), "pounds")


def _of_part(scheme: Scheme, parts: dict[Path, Strict], path: Path, part: Strict) -> Iterator[Number]:
    """What is said of a part as a whole: a definition, a default, a table's range, or a note about none of its keys."""
    if isinstance(part, StepTable):
        yield _statement(scheme, parts, (*path, "when"), _table_text(part), "range", part.note or part.words)
    elif isinstance(part, Parameter):
        if part.default is not None:
            yield _statement(scheme, parts, path, part.default, "setting", part.note)
    elif isinstance(part, Group | Indicator):
        text = part.list if isinstance(part, Group) else part.title
        yield _statement(scheme, parts, path, text, "definition", part.note)
    elif isinstance(part, Item):
        if part.note and not note_subject(part.note):
            yield _statement(scheme, parts, path, "", "part", part.note)
        if part.weights:
            text = " and ".join(part.weights).replace("_", " ")
            yield _statement(scheme, parts, (*path, "weights"), text, "weights", _note_on(part, "weights"))
    elif isinstance(part, Cited) and (part.note or part.standing):
        yield _statement(scheme, parts, path, "", "part", part.note)


def _decided(scheme: Scheme, parts: dict[Path, Strict], path: Path, value: object) -> Iterator[Number]:
    """A date or a rule. One that waits for a parameter is not said yet; one left out of the file is Remit's."""
    text, part = str(value), parts[path[:-1]]
    if text in scheme.parameters or (isinstance(value, Rounding) and path[-1] not in rounding_in_use(scheme)):
        return
    unit = "rounding" if isinstance(value, Rounding) else "date" if re.match(r"\d{4}-", text) else "rule"
    if path[-1] in part.model_fields_set or path[-1] == "from":
        yield _statement(scheme, parts, path, text, unit)
    else:
        item, name = _label(scheme, path)
        yield Number(path, item, name, text, unit, "", "inferred", NOT_IN_FILE)


def _statement(
    scheme: Scheme,
    parts: dict[Path, Strict],
    path: Path,
    text: str,
    unit: str,
    note: str = "",
    source: str | None = None,
    standing: Standing | None = None,
) -> Number:
    """The statement with what it takes over: the nearest standing at or below the nearest source, else the source's."""
    for depth in range(len(path), -1, -1):
        part = parts.get(path[:depth])
        if source:
            break
        if part is not None:
            standing = standing or getattr(part, "standing", None)
            source = getattr(part, "source", None)
    document = scheme.sources.get(source or "")
    standing = standing or (document.standing if document else None) or "unverified"
    item, name = _label(scheme, path)
    return Number(path, item, name, text, unit, source or "", standing, note)


def note_subject(note: str) -> set[str]:
    """The keys of an item that its note says it is about: `Points: …`, `Thresholds: …`, `Weights: …`."""
    return _ABOUT.get(note.partition(":")[0], set())


def _note_on(item: Item, key: str) -> str:
    """The item's note, if it is about that key, without the word that says so."""
    about = key in note_subject(item.note)
    return item.note.partition(":")[2].strip() if about else ""


def _item_note(parts: dict[Path, Strict], path: Path) -> str:
    item = parts.get(path[:2])
    if not isinstance(item, Item):
        return ""
    return next((note for key in path[2:] if isinstance(key, str) and (note := _note_on(item, key))), "")


def _table_text(table: StepTable) -> str:
    steps = "; ".join(step.text for step in table.steps)
    return f"{table.when.text}: {steps or 'nothing is paid'}"


def _label(scheme: Scheme, path: Path) -> tuple[str, str]:
    """Whose a statement is, and what it is called there."""
    item = ""
    if path in _NAMES:
        return "", _NAMES[path]
    if len(path) > 1 and isinstance(path[1], int):
        named = {
            "items": lambda n: scheme.items[n].item,
            "budgets": lambda n: f"budget of {scheme.budgets[n].place}",
            "groups": lambda n: f"group {scheme.groups[n].group}",
            "indicators": lambda n: f"indicator {scheme.indicators[n].indicator}",
        }
        if path[0] in named:
            item, path = named[str(path[0])](path[1]), path[2:]
    elif path and path[0] == "parameters":
        item, path = f"parameter {path[1]}", path[2:]
    if path[:2] == ("pays", "steps"):
        return item, _step_name(path[2:])
    last = path[-1:] == ("weights",)
    skipped = {"pays", "value", "terms", "higher_of"} | (set() if last else {"weights"})
    parts = [str(part + 1) if isinstance(part, int) else part for part in path if part not in skipped]
    return item, " ".join(parts).replace("_", " ")


def _step_name(path: Path) -> str:
    """`most`, `step 2`, `table 1` or `table 1 step 2`."""
    singular = {"steps": "step", "tables": "table"}
    parts = [str(part + 1) if isinstance(part, int) else singular.get(part, part) for part in path if part != "when"]
    return " ".join(parts)
