"""Figures that no practice can have: a part above its whole, one amount given twice, an assent that is no yes or no."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from remit.core.figures import AGREED, DENOMINATOR, LIST_SIZE, NUMERATOR, REGISTER, THE_YEAR, FigureKey, Figures
from remit.scoring.subjects import DELIVERED, WHOLE_PRACTICE


def impossible(
    by_practice: Mapping[str, Mapping[str, Figures]],
    keys: Collection[FigureKey],
    assents: Callable[[str], bool],
) -> dict[tuple[str, str, FigureKey], str]:
    """What is wrong, by practice, subject and key. `keys` are all that the figures have; `assents` says of a practice
    whether its scheme asks for its assent."""
    pairs = [(NUMERATOR, DENOMINATOR), (REGISTER, LIST_SIZE)]
    dated = sorted(key for key in keys if key.period is not THE_YEAR)
    pairs += [(key, FigureKey("DENOMINATOR", key.period)) for key in dated if key.measure == "NUMERATOR"]
    by_quarter = list(dict.fromkeys(FigureKey(key.measure) for key in dated if key.measure in DELIVERED))
    wrong: dict[tuple[str, str, FigureKey], str] = {}
    for practice, subjects in by_practice.items():
        for subject, figures in subjects.items():
            if len(figures) == 1:
                continue
            for part, whole in pairs:
                if part in figures and whole in figures and figures[part] > figures[whole]:
                    wrong[practice, subject, part] = (
                        f"{part.measure} {figures[part]} is above {whole.measure} {figures[whole]} "
                        f"for {subject} of practice {practice}."
                    )
            for key in by_quarter:
                if key in figures and any(other.measure == key.measure and other is not key for other in figures):
                    wrong[practice, subject, key] = (
                        f"{key.measure} of {subject} for practice {practice} is given for the year and by quarter."
                    )
        assent = subjects.get(WHOLE_PRACTICE, {}).get(AGREED, 0)
        if assent not in (0, 1) and assents(practice):
            why = f"AGREED of practice {practice} is its assent here: 1 for yes or 0 for no."
            wrong[practice, WHOLE_PRACTICE, AGREED] = why
    return wrong
