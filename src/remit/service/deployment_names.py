"""The names of the environment by which a deployment says what it is, what each is for, and what holds without it.

docs/reference/settings.md is made from this table; a name that begins like ours and is not in it is warned about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from remit.core.problems import Problem, did_you_mean, warning

PREFIX = "REMIT_"


@dataclass(frozen=True)
class Name:
    """A name of the environment, what it says, and what holds where it is not set."""

    name: str
    about: str
    default: str


NAMES = (
    Name("REMIT_DATA", "The data folder. Only its owner may read it, and it is on a local disk.", "remit-data"),
    Name(
        "REMIT_DATABASE",
        "The PostgreSQL database, as postgres://name:password@host:5432/remit. If REMIT_DATABASE_OWNER is not set, the "
        "address may be the owner's: the service's own role is then made from it.",
        "SQLite in the data folder",
    ),
    Name(
        "REMIT_DATABASE_OWNER",
        "The address of the role that owns the tables. It makes and changes them; pages and jobs never have it.",
        "as REMIT_DATABASE",
    ),
    Name("REMIT_ADDRESS", "The address that browsers use, as https://remit.example.nhs.uk.", "none: this machine only"),
    Name("REMIT_HOSTS", "The host names that are answered, separated by commas.", "the host of REMIT_ADDRESS"),
    Name("REMIT_PROXIES", "How many proxies a request passes before it reaches Remit.", "1 with https, otherwise 0"),
    Name("REMIT_SECRET", "The secret that signs sessions: 50 letters or more.", "made once, in the data folder"),
    Name(
        "REMIT_EMAIL",
        "The mail server, as smtp://user:password@host:587 (encrypted by STARTTLS) or smtps://user:password@host:465.",
        "none: nothing is sent",
    ),
    Name("REMIT_EMAIL_FROM", "The address that e-mails are sent from.", "remit@ and the host of REMIT_ADDRESS"),
    Name(
        "REMIT_STOP_SECONDS",
        "How long a job in progress may go on at a stop, in whole seconds.",
        "20",
    ),
    Name("REMIT_IDLE_MINUTES", "After how many minutes without use a session ends.", "30"),
    Name("REMIT_DEMO", "1 for the made-up area, with sign-ins that anybody knows. On this machine only.", "0"),
    Name(
        "REMIT_REHEARSAL",
        "At the first start of a deployment to rehearse on: the day on which it begins, as 2024-04-01. From then on "
        "'remit rehearse' moves it.",
        "none: it lives today",
    ),
    Name("REMIT_NHS_LOGO", "1 if your body may use the NHS logo.", "0"),
    Name(
        "REMIT_NHS_TYPEFACE",
        "If your body may use the NHS typeface: where its regular cut is and, after a comma, its bold one.",
        "none",
    ),
)
"""What a deployment may set."""

INTERNAL = frozenset({
    "REMIT_AS_OWNER", "REMIT_SUPERVISOR", "REMIT_SERVICE_RUN", "REMIT_WORKER", "REMIT_WORKERS", "REMIT_HOST",
    "REMIT_PORT", "REMIT_TEST_POSTGRESQL",
})  # fmt: skip
"""What the service sets for its own processes, and what tests set."""


def unknown_names(environment: Mapping[str, str]) -> list[Problem]:
    """A warning for each name that begins like ours and means nothing, with the nearest that does."""
    known = [one.name for one in NAMES]
    return [
        warning(
            "service.setting-unknown",
            f"{name} is set in the environment, and Remit knows no such setting.",
            None,
            did_you_mean(name, known) or "See docs/reference/settings.md.",
            setting=name,
        )
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in known and name not in INTERNAL
    ]
