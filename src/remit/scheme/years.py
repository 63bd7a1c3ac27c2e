"""What goes by the years of the NHS, April to March, and refuses a scheme whose year begins in another month."""

from __future__ import annotations

from collections.abc import Iterable

from remit.core import say
from remit.core.problems import Refused, error
from remit.scheme.model import Scheme


def need_april(schemes: Iterable[Scheme], what: str) -> None:
    """Raises Refused for each scheme whose year does not run from April to March; `what` goes by such years alone."""
    wrong = [
        error(
            "scheme.year-not-from-april",
            f"{what} that run from April to March, and {scheme.scheme} is of {say.day(scheme.year.start)} to "
            f"{say.day(scheme.year.end)}.",
            None,
            "Use the run's own files and statements.",
            scheme=scheme.scheme,
            year=scheme.year,
        )
        for scheme in schemes
        if not scheme.year.from_april
    ]
    if wrong:
        raise Refused(wrong)
