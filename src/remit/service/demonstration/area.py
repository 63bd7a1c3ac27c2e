"""The made-up area: its organisations, and its people, at least one for each role. Nobody and nothing in it exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from remit.service.people.roles import ROLES

COMMISSIONER, COMMISSIONER_NAME = "MADE-UP", "Example ICB (made up)"
"""The code has a hyphen, which no code of the NHS has."""
SINCE = date(2024, 4, 1)
PRACTICES = 9
NETWORK_OF = {f"P{n:03}": "N01" if n in (1, 2, 3, 7, 8) else "N02" for n in range(1, PRACTICES + 1)}
"""As the made-up records of nine practices have them."""
LEADS, ALONE = "P002", "P005"
"""The practice whose lead has a sign-in, and the one that shares its counts with nobody."""
WAITS, SENT_BACK, REFUSES = "P003", "P001", "P006"
"""Whose declaration waits, whose was sent back, and who refused the offer: each has a lead of its own."""
REVIEWED, WITHDRAWN = "P004", "P007"
"""Whose evidence was reviewed, and whose declaration was withdrawn as its figures changed: each has a lead too."""
LAPSED = "P009"
"""Who did not answer by the day."""
PAY_ON = (date(2024, 12, 20), date(2025, 1, 20))
"""The days on which the payments of a month are made."""
TO_PAY_ON = date(2025, 2, 20)
"""The day of the payments that wait to be released."""
SCHEMES: dict[str, dict[str, str]] = {"qif-2024-25": {"chol004_from": "2024-12-05"}, "qof-england-2024-25": {}}
"""The schemes of the area, with the values of what they leave open."""


@dataclass(frozen=True)
class MadeUp:
    """Somebody made up: the role, where it is held, and what there is to do."""

    role: str
    at: str
    does: str
    other: str = ""
    """What tells somebody from another person with the same role."""

    @property
    def name(self) -> str:
        return f"{ROLES[self.role].title}{', ' if self.other else ''}{self.other} (made up)"

    @property
    def email(self) -> str:
        return f"{'-'.join(filter(None, (self.role.replace('_', '-'), self.other.lower())))}@example.org"

    @property
    def where(self) -> str:
        """The organisation's name."""
        return {row[0]: row[1] for row in organisations()}.get(self.at, COMMISSIONER_NAME)


PEOPLE = (
    MadeUp("practice_lead", LEADS, "Answers offers, declares figures, reads statements and who is counted."),
    MadeUp("practice_lead", WAITS, "Declared figures that wait for approval.", WAITS),
    MadeUp("practice_lead", SENT_BACK, "Declared figures that were sent back.", SENT_BACK),
    MadeUp("practice_lead", REFUSES, "Refused the offer.", REFUSES),
    MadeUp("practice_lead", REVIEWED, "Declared figures with a file of evidence that was reviewed.", REVIEWED),
    MadeUp("practice_lead", WITHDRAWN, "Declared figures that changed afterwards: sees the difference.", WITHDRAWN),
    MadeUp("practice_viewer", ALONE, "Reads the statement of a practice that shares its counts with nobody."),
    MadeUp("clinical_lead", LEADS, "Reads the statement, and which patients are counted and which are not."),
    MadeUp("network_manager", "N01", "Compares the practices of the network that share their counts."),
    MadeUp("contract_manager", COMMISSIONER, "Offers and publishes schemes, sees who answered and who is late."),
    MadeUp("finance_officer", COMMISSIONER, "Prepares payments, approves large amounts, recovers and closes months."),
    MadeUp("finance_officer", COMMISSIONER, "Releases what a colleague prepared: nobody does both.", "second"),
    MadeUp("data_quality", COMMISSIONER, "Sends figures in, and sees who is late and what moved."),
    MadeUp("scheme_author", COMMISSIONER, "Writes schemes: from a file, a scheme that ships or a template."),
    MadeUp("approver_tier_1", COMMISSIONER, "Approves schemes that somebody else wrote, or sends them back."),
    MadeUp("approver_tier_2", COMMISSIONER, "Approves schemes too; nobody is an approver of both tiers."),
    MadeUp("auditor", COMMISSIONER, "Follows each payment to its rules, figures and approvers, and reads the log."),
    MadeUp("administrator", COMMISSIONER, "Looks after organisations, people and consents that were signed on paper."),
)
"""One person for each role; more where a year needs several."""


def organisations() -> list[tuple[str, str, str, str]]:
    """Code, name, kind and parent of each organisation below the commissioner."""
    places = [(f"PL{n}", f"Example Place {n}", "place", COMMISSIONER) for n in (1, 2)]
    networks = [(f"N0{n}", f"Example Network {n}", "network", f"PL{n}") for n in (1, 2)]
    practices = [
        (code, f"Example Practice {n}", "practice", network) for n, (code, network) in enumerate(NETWORK_OF.items(), 1)
    ]
    return [*places, *networks, *practices]
