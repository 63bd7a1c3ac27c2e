"""The year of a scheme, written by hand: every step of every machine, and every pair of duties that is kept apart.

Each line: the state (- is nothing yet), the step, who takes it, where it leads, and S where the thing must be sound, R
where a reason must be said.
"""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module

from remit.contract.machine import Machine, Party

PARTIES = {
    "P": Party.PRACTICE,
    "N": Party.NETWORK,
    "C": Party.CONTRACT_MANAGER,
    "1": Party.TIER_1,
    "2": Party.TIER_2,
    "F": Party.FINANCE,
    "D": Party.DATA_QUALITY,
    "L": Party.PANEL,
    "S": Party.SERVICE,
}

TABLES = {
    "participation": """
        -                 | offer           | C | offered          | S
        offered           | accept          | P | accepted         | S
        offered           | refuse          | P | refused          | R
        offered           | lapse           | S | lapsed           |
        offered           | take back       | CS | taken back      | R
        offered           | carry on        | S | carried on       |
        refused           | offer again     | C | offered          | S
        taken back        | offer again     | C | offered          | S
        lapsed            | allow late      | C | offered          | SR
        accepted          | withdraw        | P | left             | SR
        accepted          | end             | CS | left            | SR
        accepted          | carry on        | S | carried on       |
        carried on        | go on           | S | accepted         |
        carried on        | open again      | S | offered          |
    """,
    "declaration": """
        -                 | declare         | P | declared         | S
        declared          | review evidence | C | reviewed         | R
        reviewed          | approve         | 1 | awaiting tier 2  | S
        awaiting tier 2   | check           | 2 | awaiting finance | S
        awaiting finance  | approve amount  | F | approved         | S
        declared          | send back       | C12F | sent back     | R
        reviewed          | send back       | C12F | sent back     | R
        awaiting tier 2   | send back       | 12F  | sent back     | R
        awaiting finance  | send back       | 12F  | sent back     | R
        declared          | take back       | P | taken back       |
        reviewed          | take back       | P | taken back       |
        awaiting tier 2   | take back       | P | taken back       |
        awaiting finance  | take back       | P | taken back       |
        declared          | withdraw        | S | withdrawn        | R
        reviewed          | withdraw        | S | withdrawn        | R
        awaiting tier 2   | withdraw        | S | withdrawn        | R
        awaiting finance  | withdraw        | S | withdrawn        | R
        approved          | withdraw        | S | withdrawn        | R
    """,
    "payment_run": """
        -                 | prepare         | F | preparing        | S
        preparing         | finish          | S | prepared         |
        preparing         | fail            | S | failed           |
        failed            | retry           | F | preparing        | S
        prepared          | release         | F | released         | S
        preparing         | cancel          | F | cancelled        | R
        prepared          | cancel          | F | cancelled        | R
        failed            | cancel          | F | cancelled        | R
    """,
    "recovery_plan": """
        -                 | propose         | F | proposed         | S
        proposed          | agree           | P | agreed           |
        proposed          | refuse          | P | refused          | R
        proposed          | replace         | F | replaced         | R
        agreed            | replace         | S | replaced         |
        agreed            | end             | S | ended            |
    """,
    "adjustment": """
        -                 | propose         | F | proposed         | SR
        proposed          | approve         | F | approved         | S
        proposed          | refuse          | F | refused          | R
        proposed          | take back       | F | taken back       |
    """,
    "books": """
        open              | close           | F | closed           | S
    """,
    "claim": """
        draft             | submit          | P | submitted        | S
        submitted         | query           | 1 | queried          | R
        queried           | answer          | P | submitted        | SR
        submitted         | approve         | 1 | approved         | S
        submitted         | refuse          | 1 | refused          | R
        approved          | pay             | S | paid             |
        draft             | withdraw        | P | withdrawn        |
        submitted         | withdraw        | P | withdrawn        |
        queried           | withdraw        | P | withdrawn        |
    """,
    "network_achievement": """
        awaiting network achievement | calculate  | S | calculated                   | S
        calculated                   | wait again | S | awaiting network achievement |
    """,
    "improvement_cycle": """
        -                 | choose topic    | P | topic chosen     |
        topic chosen      | declare         | P | declared         | S
        sent back         | declare         | P | declared         | S
        declared          | accept          | C | accepted         | R
        declared          | send back       | C | sent back        | R
    """,
    "appeal": """
        -                 | appeal          | P | internal         | SR
        internal          | uphold          | C | upheld           | R
        internal          | decline         | C | not upheld       | R
        internal          | withdraw        | P | withdrawn        |
        not upheld        | go to panel     | P | panel            | SR
        panel             | uphold          | L | upheld by the panel | R
        panel             | decline         | L | dismissed        | R
        panel             | withdraw        | P | withdrawn        |
    """,
    "verification": """
        -                 | announce             | C | announced   |
        announced         | sample               | S | sampled     | S
        announced         | cancel               | C | cancelled   | R
        sampled           | check records        | C | checked     | SR
        checked           | close without action | C | no action   | R
        checked           | give feedback        | C | feedback    | R
        checked           | recover              | C | recovery    | R
        checked           | refer                | C | referral    | R
    """,
    "information_request": """
        -                 | receive          | C | received        |
        received          | stop the clock   | C | clock stopped   | R
        clock stopped     | start the clock  | C | received        |
        received          | answer           | C | answered        |
        answered          | request a review | C | internal review | S
        internal review   | answer the review | C | reviewed       | R
        reviewed          | go to the ICO    | C | with the ICO    |
    """,
}

LAST = {
    "participation": "left, carried on",
    "declaration": "sent back, taken back, withdrawn",
    "payment_run": "released, cancelled",
    "recovery_plan": "refused, replaced, ended",
    "adjustment": "approved, refused, taken back",
    "books": "closed",
    "claim": "refused, paid, withdrawn",
    "network_achievement": "",
    "improvement_cycle": "accepted",
    "appeal": "upheld, upheld by the panel, dismissed, withdrawn",
    "verification": "no action, feedback, recovery, referral, cancelled",
    "information_request": "with the ICO",
}
"""The states that nothing leads out of, but Remit itself where a merger is undone."""

WAITS = {
    "participation": "offered P",
    "declaration": "declared C, reviewed 1, awaiting tier 2 2, awaiting finance F",
    "payment_run": "preparing S, prepared F, failed F",
    "recovery_plan": "proposed P",
    "adjustment": "proposed F",
    "books": "open F",
    "claim": "draft P, submitted 1, queried P, approved S",
    "network_achievement": "awaiting network achievement P",
    "improvement_cycle": "topic chosen P, declared C, sent back P",
    "appeal": "internal C, panel L",
    "verification": "announced S, sampled C, checked C",
    "information_request": "received C, internal review C",
}
"""Whom each state waits for; what rests (an accepted offer, an approved declaration) waits for nobody."""

APART = """
    declaration       | declare         | receive, review, approve, check, amount, release
    declaration       | review evidence | declare
    declaration       | approve         | declare, receive, check, amount, release
    declaration       | check           | declare, receive, approve, amount, release
    declaration       | approve amount  | declare, receive, approve, check, release
    payment_run       | prepare         | release
    payment_run       | retry           | release
    payment_run       | release         | declare, receive, approve, check, amount, prepare, approve adjustment
    recovery_plan     | propose         | agree recovery
    recovery_plan     | agree           | propose recovery
    recovery_plan     | refuse          | propose recovery
    adjustment        | propose         | approve adjustment
    adjustment        | approve         | propose adjustment, release
    adjustment        | refuse          | propose adjustment, release
    claim             | submit          | receive, review, approve, check, amount, release
    claim             | answer          | receive, review, approve, check, amount, release
    claim             | approve         | declare, receive, check, amount, release
    claim             | refuse          | declare, receive, check, amount, release
    improvement_cycle | declare         | receive, review, approve, check, amount, release
    improvement_cycle | accept          | declare
    improvement_cycle | send back       | declare
"""
"""What nobody does who did one of these on the same thing; of a pair, the second to be done is refused."""


def lines(table: str) -> list[list[str]]:
    """The cells of a table."""
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def machine_of(name: str) -> Machine[StrEnum, StrEnum, Party]:
    """The machine of a module of `contract`."""
    found: Machine[StrEnum, StrEnum, Party] = import_module(f"remit.contract.{name}").MACHINE
    return found


def states_of(name: str) -> list[str]:
    """The states as a table has them, nothing yet among them."""
    return ["-", *(one.value for one in machine_of(name).states)]


def state(name: str, text: str) -> StrEnum | None:
    """A table's state."""
    return None if text == "-" else machine_of(name).states(text)
