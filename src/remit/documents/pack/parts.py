"""The pages of a pack that hold rules, figures to send, days, the example and the version."""

from __future__ import annotations

from collections.abc import Iterator

from remit.core import say
from remit.documents.blocks import Block, Cell, Column, Document, Facts, Fold, Heading, Para, Row, Table
from remit.documents.figures_needed import figures_needed
from remit.documents.indicator.cluster_table import cluster_table
from remit.documents.pack.model import Pack
from remit.documents.specification import spec_blocks


def rules(pack: Pack) -> Document:
    """The cohort and the business logic of every item, its clusters, and what no record can tell."""
    title = f"{pack.card.scheme.title}: cohort and rules"
    return Document(title, tuple(_rules(pack, title)), foot=title, public=True)


def _rules(pack: Pack, title: str) -> Iterator[Block]:
    counted, supplied = pack.counted, pack.supplied
    yield Heading(1, title)
    said = f"{len(counted)} of {len(counted) + len(supplied)} items can be counted from records by the rules below"
    yield Para(f"{said}; the others are counted otherwise and sent as figures." if supplied else f"{said}.", "lead")
    if supplied:
        rows = tuple(Row((code, say.sentence(why))) for code, why in supplied.items())
        yield Table("Items whose counts are supplied", (Column("Item", 2), Column("Why", 8)), rows)
    if pack.clusters:
        yield Heading(2, "Code clusters")
        yield cluster_table(pack.clusters, pack.cluster_set)
    by_rule: dict[str, list[str]] = {}
    for item, definition in counted.items():
        by_rule.setdefault(definition.code, []).append(item)
    definitions = {definition.code: definition for definition in counted.values()}
    for code, items in by_rule.items():
        one, *rest = spec_blocks(definitions[code], pack.known, pack.cluster_set, None, pack.elsewhen.get(code, ""))
        assert isinstance(one, Heading)
        yield Heading(2, one.text if items == [code] else f"{one.text} (item {say.listed(items)})")
        yield from (_lower(block) for block in rest)


def _lower(block: Block) -> Block:
    return Heading(min(block.level + 1, 4), block.text, block.amount) if isinstance(block, Heading) else block


def data_set(pack: Pack) -> Document:
    """Which figures a practice sends, and in which files."""
    scheme = pack.card.scheme
    title = f"{scheme.title}: data set and claim template"
    needed = figures_needed((scheme.scheme,), pack.figures, pack.columns, pack.claims).blocks[1:]
    files = ["practices.csv", "counts.csv", *(["claims.csv"] if pack.claims else [])]
    lead = f"A practice sends {len(pack.figures)} figures, in the files {say.listed(files)} beside this page."
    blocks = (
        Heading(1, title),
        Para(lead, "lead"),
        Para(
            "Fill in the column value of counts.csv: one row for each figure. An empty value is not known; it is not 0."
        ),
        *needed,
    )
    return Document(title, blocks, foot=title, public=True)


def calendar(pack: Pack) -> Document:
    """The days in their order; those that nobody has said come last."""
    title = f"{pack.card.scheme.title}: calendar"
    known = sorted((one for one in pack.days if one.day), key=lambda one: (one.day, one.what))
    open_ = [one for one in pack.days if one.day is None]
    rows = [
        Row((Cell(say.day(one.day), f"{n}/day", one.day, "day"), one.what, one.whose))
        for n, one in enumerate(known)
        if one.day
    ]
    rows += [Row(("not said", one.what, one.whose)) for one in open_]
    said = [one.day for one in known if one.day]
    lead = f"{len(said)} days, from {say.day(said[0])} to {say.day(said[-1])}." if said else "No day is said."
    columns = (Column("Day", 3), Column("What", 6), Column("Whose", 3))
    blocks = (Heading(1, title), Para(lead, "lead"), Table("What is due when", columns, tuple(rows)))
    return Document(title, blocks, foot=title, public=True)


def example(pack: Pack) -> Document:
    """The statement of the made-up practice."""
    from remit.documents.statement.layout import layout

    title = f"{pack.card.scheme.title}: a statement, as an example"
    made_up = "The practice and all of its figures are made up. They say nothing of any practice."
    blocks: list[Block] = [Heading(1, title), Para(made_up, "lead")]
    if pack.example.statement is None:
        blocks.append(Para(f"There is no example: {pack.example.why_not}", "reason"))
    else:
        blocks += [_lower(block) for block in layout(pack.example.statement)]
    return Document(title, tuple(blocks), foot=title, public=True)


def release(pack: Pack) -> Document:
    """The version, what it rests on, and the notice."""
    scheme = pack.card.scheme
    title = f"{scheme.title}: version and notice"
    facts: list[tuple[str, str | Cell]] = [
        ("Scheme", scheme.scheme),
        ("Version", scheme.version),
        ("Released", say.day(pack.released) if pack.released else "no day is given"),
        ("Text", f"SHA-256 {pack.sha256}"),
        ("Rules read with", f"Remit {pack.made_with}"),
        ("Clusters", f"{pack.cluster_set.name}, {pack.cluster_set.release}"),
        ("Nation", scheme.nation),
        ("Commissioner", scheme.commissioner),
    ]
    blocks: list[Block] = [Heading(1, title), Para(pack.notice, "lead"), Facts(tuple(facts))]
    rows = tuple(Row((one.name, one.about, one.example)) for one in pack.open)
    if rows:
        columns = (Column("Name", 3), Column("What it is", 5), Column("How it is supplied", 4))
        blocks.append(Fold("What must still be supplied", (Table("Open numbers", columns, rows),)))
    return Document(title, tuple(blocks), foot=title, public=True)
