"""Payment runs that were released and are not in the books any more, since an older backup was put in place of them.

Their payment files may be with the bank, and the books know nothing of it: what they paid would be paid again. So a
restore keeps each such file in the data folder, named for its run, and the commissioner prepares and releases nothing
while it is there and the books do not have the run. Whoever runs the server takes it away when finance knows what
became of it. Nothing here decides it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from remit.service.money.ledger import month_name
from remit.service.money.models import PaymentRun
from remit.service.money.successors import commissioners_of
from remit.service.organisations.models import Organisation

FOLDER = "released-before-restore"
"""Where the files are, below the data folder."""
_NAME = re.compile(r"(.{1,60})\.run-([0-9]{1,9})\.([0-9]{4}-[0-9]{2})\.([0-9a-f]{64})\.csv")


@dataclass(frozen=True)
class LostRun:
    """A released payment run by its file: the commissioner's code, its number, the first day of its month, and the
    SHA-256 of the file."""

    commissioner: str
    number: int
    month: date
    sha256: str

    @property
    def name(self) -> str:
        """The name of its file, which says all of it."""
        return f"{self.commissioner}.run-{self.number}.{self.month:%Y-%m}.{self.sha256}.csv"

    def __str__(self) -> str:
        return f"payment run {self.number} of {self.commissioner} for {month_name(self.month)}"


def kept(data: Path) -> list[LostRun]:
    """The runs whose files a restore kept, in the order of their names."""
    folder = data / FOLDER
    if not folder.is_dir():
        return []
    found = (_NAME.fullmatch(path.name) for path in sorted(folder.iterdir()))
    return [LostRun(one[1], int(one[2]), date.fromisoformat(f"{one[3]}-01"), one[4]) for one in found if one]


def fault_of(organisation: Organisation, day: date) -> str:
    """Why a commissioner pays nothing for now, in a sentence; empty where its books have all that was released."""
    every = kept(settings.DEPLOYMENT.data)
    if not every:
        return ""
    rows = Organisation.objects.filter(pk__in=commissioners_of(organisation, day))
    codes = set(rows.values_list("code", flat=True))
    there = set(PaymentRun.objects.filter(sha256__in=[one.sha256 for one in every]).values_list("sha256", flat=True))
    lost = [one for one in every if one.commissioner in codes and one.sha256 not in there]
    if not lost:
        return ""
    which = ", ".join(str(one) for one in lost)
    were = "was released and is" if len(lost) == 1 else "were released and are"
    return (
        f"{which[:1].upper()}{which[1:]} {were} not in these books since an older backup was restored. The bank may"
        " have paid it: nothing is prepared or released until whoever runs the server has dealt with its payment file."
    )
