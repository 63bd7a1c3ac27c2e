"""How each item of a statement was worked out, folded away: every multiplication, the rule's chart, the source's words.

What is not verified is named by the number of its source, whose title stands once, in the list of sources.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from remit.core import say
from remit.documents import charts
from remit.documents.blocks import Beside, Block, Facts, Fold, Heading, Keep, Para
from remit.documents.statement import answers
from remit.documents.statement.calculation_steps import factor_line, worth
from remit.documents.statement.chart import chart
from remit.documents.statement.items import PRIVATE, is_open, section_title, unknown
from remit.documents.statement.missing import plain
from remit.documents.statement.model import ItemStatement, Section, Statement
from remit.documents.statement.provenance import References, origin_words
from remit.scheme.kinds import Protected

_LONG = 60


@dataclass(frozen=True)
class Notes:
    """What items refer to, and do not say again: sources by number, and what is said of several items."""

    references: References
    shared: Mapping[tuple[str, str], list[str]]


def working_blocks(statement: Statement, references: References) -> Iterator[Block]:
    """A fold for each group of items, or for each item where they are not in groups."""
    shown = [view for view in statement.items if not _left_out(statement, view)]
    notes = Notes(references, said_of_several(shown, references))
    if not any(view.lines for view in shown):
        return
    yield Heading(2, "How each item was worked out")
    yield Para(_how_to_read(statement))
    if len(statement.sections) == 1:
        for view in shown:
            title, blocks = _title(view), tuple(_working(statement, view, notes))
            if not unknown(view) and blocks:
                yield Fold(f"{title}  {worth(view.award)}", blocks)
    else:
        yield from (fold for section in statement.sections for fold in _section(statement, section, notes))
    if notes.shared:
        rows = ((name, f"{text} ({', '.join(codes)})") for (name, text), codes in notes.shared.items())
        yield Fold("What is said of several items", (Facts(tuple(rows)),))
    waiting = [view for view in shown if unknown(view)]
    if waiting:
        yield Fold("Items that wait for figures", tuple(_waiting(waiting, notes)))


def _title(view: ItemStatement) -> str:
    return f"{view.code}  {view.title}" + (f" ({PRIVATE})" if view.sensitive else "")


def _left_out(statement: Statement, view: ItemStatement) -> bool:
    return bool(view.sensitive) and statement.recipient == "commissioner"


def _how_to_read(statement: Statement) -> str:
    text = (
        "Counts and rates are exact; long decimals are printed with as many digits as a calculator needs to come to "
        "the same penny."
    )
    if any(chart(view.award) for view in statement.items):
        text += " A chart shows what the rule pays (up) against achievement (across), and where the practice stands."
    if any(view.one_pca for view in statement.items):
        one = answers.pca(statement)
        text += f" “One more {one.short}” leaves out one more patient without the care."
    if any(section.factor and section.group and section.group.list != "whole" for section in statement.sections):
        text += (
            " A register of people of some ages is weighed over people of those ages, and a point is paid by the whole "
            "list, so that such a weight need not be 1 on average over the nation."
        )
    return text


def _section(statement: Statement, section: Section, notes: Notes) -> Iterator[Fold]:
    """The items that are read together, with the weight that they share."""
    views = [view for view in section.items if not unknown(view) and not _left_out(statement, view)]
    if not views:
        return
    facts = Facts(tuple(_section_facts(statement, section)))
    blocks: list[Block] = [facts] if facts.rows else []
    blocks += [Keep((Heading(3, _title(view), worth(view.award)), *_working(statement, view, notes))) for view in views]
    paid_here = any(not view.award.within for view in section.items)
    amount = f"  {say.so_far(section.pounds)}" if paid_here else ""
    yield Fold(f"{section_title(section)}{amount}", tuple(blocks))


def _section_facts(statement: Statement, section: Section) -> Iterator[tuple[str, str]]:
    factor, group = section.factor, section.group
    if factor is None:
        return
    line = factor_line(factor, statement.result.scheme)
    several = (
        len({one.origin for one in statement.sections if one.origin}) > 1
    )  # one is said under "Where it comes from"
    nation = f". National figures: {origin_words(statement, section.origin)}" if section.origin and several else ""
    yield line.label, f"{line}{nation}"
    if group and group.list != "whole":
        yield "List", f"people {group.list}"
    if section.register_worth is not None:
        gain = say.gain(section.register_worth)
        yield "Register", f"One more patient on it is worth {gain} through this weight, the other counts as they are."


def _working(statement: Statement, view: ItemStatement, notes: Notes) -> Iterator[Para | Facts | Beside]:
    award = view.award
    if award.reason and not is_open(view):  # else it is said below the table of items, once for all
        yield Para(plain(award.reason), "reason")
    facts, drawn = Facts(tuple(_calculation(view, answers.pca(statement).short, notes.shared))), chart(award)
    if drawn:
        yield Beside(facts, charts.line(drawn))
    elif facts.rows:
        yield facts
    about = Facts(tuple(_about(view, notes)))
    if about.rows:
        yield about


def _calculation(view: ItemStatement, pca: str, shared: Container[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """From the counts to the pounds, then what would change them."""
    award = view.award
    yield from ((line.label, str(line)) for line in view.lines if (line.label, str(line)) not in shared)
    for other in view.others:
        pounds = "pounds not known" if other.pence is None else say.money(other.pence)
        yield f"By {other.definition}", f"counted too, and not scored: {other.achievement}, which would pay {pounds}"
    if award.achievement.empty:
        yield "Next", "There is nobody to count."
    elif isinstance(award.item.kind, Protected) and award.earned is not None:
        yield "Next", f"Paid at the points of {award.item.kind.of}."
    elif award.item.kind.takes_rate and award.earned is not None and award.earned == award.item.kind.most_earned():
        yield "Next", "This is the top step."
    for prospect in view.prospects:
        yield "Next", prospect.text
    if view.one_pca:
        yield f"One more {pca}", view.one_pca.text


def _about(view: ItemStatement, notes: Notes) -> Iterator[tuple[str, str]]:
    """Who is counted, the rule in the source's words, and what is not verified."""
    definition = view.award.achievement.definition
    if view.wording:
        named = f"{definition}: {view.wording}" if definition and definition != view.code else view.wording
        yield "Who is counted", named
    yield from (pair for pair in _said_of(view, notes.references) if pair not in notes.shared)


def _said_of(view: ItemStatement, references: References) -> Iterator[tuple[str, str]]:
    """The source's words, remarks on them, and what is not verified."""
    yield from (("The source says", f"“{words}”") for words in view.words)
    yield from (("The scheme asks", f"“{text}”") for text in view.asks)
    yield from (("Note", note) for note in view.notes)
    for doubt in view.doubts:
        text = "; ".join(f"{name} {text}" for name, text in doubt.about)
        yield say.capital(doubt.standing), f"{text} ({references.named(doubt.source)})"


def _is_long(line: str) -> bool:
    """Whether a line lists what was done: no calculation, and too long to stand again and again."""
    return len(line) > _LONG and not {"=", "×"} & set(line)


def said_of_several(views: Iterable[ItemStatement], references: References) -> dict[tuple[str, str], list[str]]:
    """What is said of several items in the same words, with their codes."""
    codes: dict[tuple[str, str], list[str]] = {}
    for view in views:
        lines = ((line.label, str(line)) for line in view.lines if _is_long(str(line)))
        for pair in dict.fromkeys((*_said_of(view, references), *lines)):
            codes.setdefault(pair, []).append(view.code)
    return {pair: every for pair, every in codes.items() if len(every) > 1}


def _waiting(views: list[ItemStatement], notes: Notes) -> Iterator[Block]:
    """Whom the items count of which nothing is known yet, and what their sources say."""
    yield Facts(tuple((view.code, view.title) for view in views))
    for view in views:
        about = tuple((name, text) for name, text in _about(view, notes) if name not in ("Inferred", "Unverified"))
        if about:
            yield Keep((Heading(3, _title(view)), Facts(about)))
