"""The publishable answer to a request under the Freedom of Information Act: blocks, which every format shows.

It names nobody: there is no place in it for who asked or who signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from remit.catalogue import Answer
from remit.catalogue.register import REPLY_WITHIN, Register, known_on, limits, standing
from remit.core import say
from remit.documents.blocks import Block, Cell, Column, Document, Facts, Heading, Para, Row, Table
from remit.documents.catalogue import question_tables

COUNTED = (
    "Working days are those of section 10(6) of the Act: not Saturdays, Sundays, Christmas Day, Good Friday or a bank "
    "holiday in any part of the United Kingdom. The first is the first one after the day of receipt or of the reply."
)
REGISTER_COLUMNS = ("reference", "received", "about", "reply_by", "replies", "review_by", "on", "standing")


def document(answer: Answer) -> Document:
    """The whole answer, which anybody may read."""
    foot = f"{answer.register.commissioner}, {answer.request.reference}"
    return Document(title(answer), tuple(blocks(answer)), foot, public=True)


def register_document(register: Register, on: date) -> Document:
    """The requests, and how each stands on a day."""
    name = f"Requests, as on {say.day(on)}"
    columns = (
        Column("Reference", 3), Column("About", 6), Column("Received", 3), Column("Reply due by", 3),
        Column("Replied", 3), Column("Review until", 3), Column("Standing", 4),
    )  # fmt: skip
    rows = []
    for whole in register.requests:
        request = known_on(whole, on)
        found = limits(register, request)
        replies = say.listed([say.day(reply.sent) for reply in request.replies]) or "not yet"
        stands = standing(register, whole, on)
        rows.append(
            Row(
                (
                    request.reference, request.about, say.day(request.received), say.day(found.reply_by), replies,
                    say.day(found.review_by) if found.review_by else "",
                    Cell(stands, f"{request.reference}/standing", tone="poor" if "overdue" in stands else ""),
                )
            )
        )  # fmt: skip
    blocks = (Heading(1, register.commissioner), Table(name, columns, tuple(rows)))
    return Document(f"{register.commissioner}: {name}", blocks, wide=True)


def title(answer: Answer) -> str:
    """`FOI-0525/1288: services commissioned …`."""
    return f"{answer.request.reference}: {answer.request.about}"


def blocks(answer: Answer) -> Iterator[Block]:
    """The answer: the register's entry, what was asked, the table, and what to do if one is not content."""
    register, request = answer.register, answer.request
    yield Heading(1, title(answer))
    yield Para(f"Answer of {register.commissioner} to a request under the Freedom of Information Act 2000.", "lead")
    yield Para("This is the anonymised copy for publication: it names neither who asked nor who answered.")
    yield Heading(2, "The request")
    yield Facts(tuple(_entry(answer)))
    yield Para(COUNTED, "small")
    yield Heading(2, "What was asked")
    asked = Column("No.", 1), Column("Question", 12)
    rows = [Row((q.number or str(n), q.asked)) for n, q in enumerate(request.questions, 1)]
    yield Table("The questions, as they were asked", asked, tuple(rows))
    yield Heading(2, "Answer", fresh=True)  # its table is whole on its page, as far as a page can hold it
    for n, question in enumerate(request.questions, 1):
        if question.answer:
            yield Para(f"{question.number or n}. {question.answer}")
    caption = f"{answer.catalogue.title}, as at {say.day(answer.catalogue.as_at)}"
    yield from question_tables(answer.catalogue, caption)
    yield Heading(2, "If you are not content with this answer")
    yield from _review(register, answer.limits.review_by)


def _entry(answer: Answer) -> Iterator[tuple[str, str]]:
    request, found = answer.request, answer.limits
    yield "Reference", request.reference
    yield "Received", say.day(request.received)
    yield "Reply due by", f"{say.day(found.reply_by)}, the {REPLY_WITHIN}th working day following receipt"
    for reply, taken in zip(request.replies, found.taken, strict=True):
        yield "Replied", f"{say.day(reply.sent)}: {reply.what}, on working day {taken:,}"
    if not request.replies:
        yield "Replied", "not yet"
    within = answer.register.review_within
    asked = f"within {within} of the initial response"
    yield "Internal review", f"by {say.day(found.review_by)}, {asked}" if found.review_by else asked


def _review(register: Register, review_by: date | None) -> Iterator[Block]:
    contact, ico = register.contact, register.information_commissioner
    until = f", by {say.day(review_by)}" if review_by else ""
    yield Para(
        f"You can request an internal review from the {contact.team}, by e-mail or by post, within "
        f"{register.review_within} of the initial response{until}."
    )
    reached = [("E-mail", contact.mailbox), ("Post", ", ".join(contact.address))]
    yield Facts((*reached, *([("Telephone", contact.telephone)] if contact.telephone else ())))
    yield Para(
        "If you are not content with the outcome of your internal review, you may apply directly to the "
        f"{ico.name} for a decision. Generally, it cannot make a decision unless you have exhausted the FOI complaints "
        f"procedure of {register.commissioner}."
    )
    yield Facts((("Post", ", ".join((ico.name, *ico.address))), ("Site", ico.site)))


def register_rows(register: Register, on: date) -> Iterator[list[str]]:
    """The register as rows of `REGISTER_COLUMNS`, each as it stands on a day."""
    for whole in register.requests:
        request = known_on(whole, on)
        found = limits(register, request)
        sent = "; ".join(reply.sent.isoformat() for reply in request.replies)
        by = found.review_by.isoformat() if found.review_by else ""
        dates = [found.reply_by.isoformat(), sent, by, on.isoformat()]
        yield [request.reference, request.received.isoformat(), request.about, *dates, standing(register, request, on)]
