"""Money that goes through a network, as it reads on a statement: the pool, the rule, the members and their parts.

A member sees its own contribution beside the others', and its own part with its working: of the others, what they
contribute and no more (a count for each of them, never of patients by themselves).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core import say
from remit.core.figures import AGREED_POUNDS, HISTORIC_POUNDS, REGISTER, FigureKey
from remit.documents import figures
from remit.documents.blocks import Block, Cell, Column, Facts, Heading, Para, Row, Table
from remit.documents.statement.missing import plain
from remit.documents.statement.model import Statement
from remit.documents.statement.shared_prospects import may_show_members
from remit.organisation import Practice
from remit.runs.network_items import RULE_WORDS
from remit.runs.networks import Pool
from remit.runs.vetoes import Vetoes, said_by
from remit.scheme.agreements import Networks
from remit.scheme.kinds import WorkingLine

_ASSENT: dict[int | None, str] = {1: "yes", 0: "no", None: "not said"}
_VETO: dict[int | None, str] = {1: "no", 0: "yes"}


def rule_words(statement: Statement, pool: Pool) -> str:
    """The rule by which a pool is shared out."""
    terms = statement.result.scheme.networks
    text = RULE_WORDS.get(pool.distribution.rule, "by a rule that is not known yet")
    return f"{text} of {terms.register_of}" if terms and pool.distribution.rule == "register" else text


def is_blocked(pool: Pool) -> bool:
    """Whether the pool is not shared out."""
    return pool.distribution.status == "blocked"


def why_blocked(pool: Pool) -> str:
    """What stops a distribution and whose it is, without the word that says so."""
    return plain(pool.distribution.reason.removeprefix("Blocked: "))


def named(practice: Practice) -> str:
    """`Two (A2)`, or the code alone."""
    return say.clean(f"{practice.name} ({practice.code})" if practice.name else practice.code)


def contribution(pool: Pool, code: str, at: str = "") -> Cell:
    """What a member contributes: pounds, or patients in the numerators. `at` begins the name of the figure."""
    own, figure = pool.contributions.get(code), f"{at}{code}/contribution to the pool"
    return figures.pounds(own, figure) if pool.in_pounds else figures.count(own, figure)


def contributed(pool: Pool) -> str:
    """What contributions are, where the network earns as one or its members do."""
    return "pounds earned" if pool.in_pounds else "patients in the numerators"


def share(pool: Pool, code: str, at: str = "") -> Cell:
    """A member's contribution as a share of all; empty while one is not known."""
    return figures.rate(pool.share_of(code), f"{at}{code}/share of contributions", 2, unknown="")


def network_blocks(statement: Statement) -> Iterator[Block]:
    """What stands on the statement of a network, or of one of its members, about the pool."""
    result, pool = statement.result, statement.result.pool
    if pool is not None and result.through_network:
        yield Heading(2, "Your part of the network's money")
        yield from _pool(statement, pool)
        part = pool.pence_of(result.practice.code)
        shown = [(line.label, say.grouped(str(line))) for line in _workings(pool, result.practice.code)]
        if shown:
            amount = "" if part is None else say.money(part)
            yield Heading(3, "How your part is worked out", amount)
            yield Facts(tuple(shown))
        yield Heading(3, "Your contribution beside the others'")
        yield _beside(statement, pool)
    elif pool is not None:
        yield Heading(2, "How the network's money is shared out")
        yield from _shared_out(statement, pool)
    elif result.shares_out:
        for item, of_item in result.parts.items():
            yield Heading(2, f"How item {item} is shared out")
            yield from _shared_out(statement, of_item, f"{item}/")


def shared_items(statement: Statement) -> Iterator[Block]:
    """What a practice that is paid items of its own should know of those that its network shares out."""
    result = statement.result
    if result.shares_out:
        return
    for item, pool in result.parts.items():
        yield Heading(2, f"Item {item}: your part of what {named(pool.network)} earned")
        yield from _pool(statement, pool)
        if not any(view.prospects for view in statement.items if view.code == item):
            yield Para("What more this item could earn is on the network's own statement.", "small")
        if shows_contributions(statement, item, pool):
            yield _beside(statement, pool, f"{item}/")
        else:
            yield Para(
                "What each member contributes is left out: a number is small, or could tell of a person.", "small"
            )


def shows_contributions(statement: Statement, item: str, pool: Pool) -> bool:
    """Whether what members contribute to an item may be shown: no small number of another's patients, and nothing
    sensitive in a copy for others."""
    own = statement.result.practice.code if statement.recipient == "practice" else ""
    views = [view for view in statement.items if view.code == item]
    if statement.result.shares_out and statement.recipient == "practice":
        return True
    return may_show_members(pool, own, any(view.sensitive for view in views))


def _shared_out(statement: Statement, pool: Pool, at: str = "") -> Iterator[Block]:
    """A network's pool, its members, and how each one's part is worked out."""
    yield from _pool(statement, pool)
    yield _members(statement, pool, at)
    if not is_blocked(pool):
        yield Heading(3, "How each part is worked out")
        rows = [
            (
                named(member),
                "; ".join(say.grouped(f"{line.label.lower()}: {line}") for line in _workings(pool, member.code)),
            )
            for member in pool.members
        ]
        yield Facts(tuple(rows))


def _workings(pool: Pool, code: str) -> Iterator[WorkingLine]:
    return (line for line in pool.distribution.lines.get(code, ()) if line.label != "Own contribution")


def _pool(statement: Statement, pool: Pool) -> Iterator[Block]:
    terms = statement.result.scheme.networks
    assert terms is not None
    if is_blocked(pool):
        yield Para("Not shared out yet: the status above says why.", "reason")
    rows = [
        ("Network", named(pool.network)),
        ("The pool", "not known yet" if pool.pence is None else say.money(pool.pence)),
        ("Earned by", _earned(terms.earned_by, len(pool.members))),
        ("Shared out", f"{rule_words(statement, pool)}. Parts are whole pence and add up to the pool."),
    ]
    if terms.assent == "every member":
        rows.append(("Agreement", "Every member must say yes before anything is paid to any of them."))
    rows += veto_rows(terms, pool.vetoes, named(pool.network))
    if terms.reinvest:
        of = "" if pool.pence is None else f"{say.money(pool.pence)} is to be reinvested: "
        rows.append(("Reinvestment", say.sentence(f"{of}{say.clean(terms.reinvest)}")))
    if terms.words:
        rows.append(("The source says", f"“{say.clean(terms.words)}”"))
    yield Facts(tuple(rows))


def veto_rows(terms: Networks, vetoes: Vetoes, network: str) -> list[tuple[str, str]]:
    """Who vetoed what and when, and which vetoes came too late; nothing where a scheme does not ask."""
    if terms.assent != "unless vetoed":
        return []
    until = f" by {say.day(terms.veto_by)}" if terms.veto_by else ""
    rows = [("Agreement", f"Shared out unless a member vetoes it{until}: who says nothing agrees.")]
    for item, those in vetoes.counting.items():
        rows.append((f"Vetoed: {item}", f"by {said_by(those)}. Nothing is paid for it to any practice of {network}."))
    for item, those in vetoes.late.items():
        rows.append((f"Too late: {item}", f"the veto of {said_by(those)} does not count."))
    return rows


def _earned(by: str, members: int) -> str:
    if by == "network":
        together = "its one member" if members == 1 else f"its {members} members together"
        return f"the network, which is counted as one: {together}"
    if members == 1:
        return "its one member; what it earns is the pool"
    return f"its {members} members, each by itself; what they earn is pooled"


def _beside(statement: Statement, pool: Pool, at: str = "") -> Table:
    """A member's contribution beside the others': contributions and their shares, nothing else of the others."""
    own = statement.result.practice.code
    rows = [
        Row(
            (f"{named(member)}{', this practice' if member.code == own else ''}", contribution(pool, member.code, at),
             share(pool, member.code, at)),
            "own" if member.code == own else "",
        )
        for member in pool.members
    ]  # fmt: skip
    columns = (Column("Member", 5), Column("Contribution", 2.4, True), Column("Of all contributions", 2.4, True))
    return Table(f"What each member contributes: {contributed(pool)}", columns, (*rows, _total(pool, at)))


def _total(pool: Pool, at: str = "") -> Row:
    total, figure = pool.contributed, f"{at}pool/contributions"
    shown = figures.pounds(total, figure) if pool.in_pounds else figures.count(total, figure)
    return Row(("Together", shown, "100%" if total else ""), "total")


def _members(statement: Statement, pool: Pool, at: str = "") -> Table:
    """The members of a network: contribution, what the rule goes by, part of the year, assent and pounds."""
    terms = statement.result.scheme.networks
    basis = basis_of(statement, pool)
    asked = terms is not None and terms.assent != "none"
    veto = terms is not None and terms.assent == "unless vetoed"
    parts = [pool.parts_of_year.get(member.code) for member in pool.members]
    in_part = any(part is not None and part != 1 for part in parts)
    rows = []
    for member, part in zip(pool.members, parts, strict=True):
        paid = pool.pence_of(member.code)
        cells: list[str | Cell] = [
            named(member), contribution(pool, member.code, at), share(pool, member.code, at),
        ]  # fmt: skip
        cells += [basis[member.code]] if basis else []
        cells += ["not known" if part is None else say.fraction(part)] if in_part else []
        cells += [(_VETO if veto else _ASSENT).get(pool.assents.get(member.code), "yes")] if asked else []
        rows.append(Row((*cells, figures.pounds(paid, f"{at}{member.code}/part of the pool", unknown="not yet"))))
    columns = [Column("Member", 4), Column("Contribution", 2.2, True), Column("Of all", 1.5, True)]
    columns += [Column(_BASES[pool.distribution.rule], 2, True)] if basis else []
    columns += [Column("Part of the year", 1.6, True)] if in_part else []
    columns += [Column("Vetoed" if veto else "Agreed", 1.4)] if asked else []
    columns += [Column("Pounds", 2.2, True)]
    together = _total(pool, at).cells
    paid_out = "" if is_blocked(pool) else say.money(pool.paid_out)
    total = Row((*together, *[""] * (len(columns) - len(together) - 1), paid_out), "total")
    caption = f"Members: what each contributes ({contributed(pool)}) and what each receives"
    return Table(caption, tuple(columns), (*rows, total))


_BASES = {
    "list": "List",
    "weighted list": "Weighted list",
    "register": "Register",
    "historic": "Paid earlier",
    "agreed": "Amount agreed",
}


def basis_of(statement: Statement, pool: Pool) -> dict[str, str]:
    """What the rule goes by, for each member; nothing where that is not a figure of its own."""
    rule, terms = pool.distribution.rule, statement.result.scheme.networks
    if rule not in _BASES or terms is None:
        return {}
    texts = {}
    for member in pool.members:
        figures_of = statement.members.get(member.code, {})
        value: Fraction | int | None
        if rule == "list":
            value = member.list_size
        elif rule == "weighted list":
            value = member.weighted_list_size
        elif rule == "register":
            value = _figure(figures_of, terms.register_of or "", REGISTER)
        else:
            value = _figure(figures_of, "*", HISTORIC_POUNDS if rule == "historic" else AGREED_POUNDS)
        shown = say.pounds if rule in ("historic", "agreed") else say.number
        texts[member.code] = "not given" if value is None else shown(Fraction(value))
    return texts


def _figure(figures_of: object, subject: str, key: FigureKey) -> Fraction | None:
    value = figures_of.get(subject, {}).get(key) if isinstance(figures_of, dict) else None
    return None if value is None else Fraction(value)
