"""Walks the chain of the audit log from its first entry, and names the first that does not fit.

The chain alone finds an entry that was changed, removed, added or moved, and a head that is not the last entry's. What
it cannot find: entries rewritten from some number to the end with every hash worked out anew, or the last ones removed
and the head set back, by somebody who owns the tables. An anchor, the number and hash of an entry, kept elsewhere,
finds that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remit.core.problems import refuse
from remit.service.audit.log import hash_of
from remit.service.audit.models import Entry, Head
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING

_AT_ONCE = 2000


@dataclass(frozen=True)
class Anchor:
    """The number and hash of an entry: whoever keeps it elsewhere can tell that nothing up to it was rewritten."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True)
class Fault:
    """The first entry that does not fit, and what is wrong with it."""

    number: int
    what: str


@dataclass(frozen=True)
class Verification:
    """How many entries fit one after the other, the last one as an anchor, and the first that does not fit, if any."""

    entries: int
    anchor: Anchor
    fault: Fault | None = None


def anchor() -> Anchor:
    """The log's end as it is now: what a backup keeps."""
    with acting(EVERYTHING):
        head = Head.objects.get()
    return Anchor(head.number, head.hash)


def anchor_of(text: str) -> Anchor:
    """What `str` of an anchor wrote. Raises Refused for anything else."""
    read = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64}|)", text.strip())
    if not read or (read[1].strip("0") == "") != (read[2] == ""):
        what = f"'{text}' is not an entry's number with its hash."
        raise refuse("service.audit-anchor", what, None, "Write it as 'remit audit verify' printed it: 12:ab34…")
    return Anchor(int(read[1]), read[2])


def verify(expected: Anchor | None = None) -> Verification:
    """Walk the whole chain, a few thousand entries in memory at a time; `expected` is an anchor kept from before."""
    with acting(EVERYTHING):
        head = Head.objects.first()
        last = Anchor(0, "")
        for entry in _readable(last):
            fault = entry if isinstance(entry, Fault) else _fault_of(entry, last, head, expected)
            if fault or isinstance(entry, Fault):
                return Verification(last.number, last, fault)
            last = Anchor(entry.number, entry.hash)
        return Verification(last.number, last, _fault_at_end(last, head, expected))


def _readable(before: Anchor) -> Iterator[Entry | Fault]:
    """The entries in their order; where a row cannot be read, that as the last."""
    number = before.number
    rows = Entry.objects.order_by("number").iterator(chunk_size=_AT_ONCE)
    while True:
        try:
            entry = next(rows)
        except StopIteration:
            return
        except (ValueError, TypeError, AttributeError, OverflowError):
            yield Fault(number + 1, "holds what no entry holds: it was changed.")
            return
        number = entry.number
        yield entry


def _fault_of(entry: Entry, last: Anchor, head: Head | None, expected: Anchor | None) -> Fault | None:
    """What is wrong with an entry that stands after `last`."""
    if entry.number != last.number + 1:
        return Fault(last.number + 1, f"is missing: entry {entry.number} comes after entry {last.number}.")
    try:
        is_whole = hash_of(entry) == entry.hash
    except (ValueError, TypeError, AttributeError):
        is_whole = False
    if not is_whole:
        return Fault(entry.number, "is not what was recorded: its hash is of something else.")
    if entry.before != last.hash:
        return Fault(entry.number, f"does not follow entry {last.number}: it names the hash of another.")
    if head and entry.number == head.number and entry.hash != head.hash:
        return Fault(entry.number, "is not the one that the head of the log names.")
    if expected and entry.number == expected.number and entry.hash != expected.hash:
        return Fault(entry.number, "is not the one expected: the log was rewritten at this entry or before it.")
    return None


def _fault_at_end(last: Anchor, head: Head | None, expected: Anchor | None) -> Fault | None:
    """What is missing after the last entry, or stands there though the head does not know it."""
    if head is None:
        return Fault(last.number + 1, "cannot be judged: the head of the log is missing.")
    if last.number < head.number:
        return Fault(last.number + 1, f"is missing: the head of the log is at entry {head.number}.")
    now = Head.objects.get()
    if last.number > now.number:
        return Fault(now.number + 1, f"is beyond the head of the log, which is at entry {now.number}.")
    if expected and last.number < expected.number:
        return Fault(last.number + 1, f"is missing: entry {expected.number} was expected, and the log was cut off.")
    return None
