"""Loads the made-up area step by step; a step that is done already does nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from remit.core.problems import Refused
from remit.files.private import private_folder
from remit.service.demonstration import figures, money, setting_up, state, year
from remit.service.demonstration.area import SCHEMES
from remit.service.serving.logs import event

PATIENTS = 24_000


@dataclass(frozen=True)
class _Step:
    """What is being done, in the words of a page, and how."""

    doing: str
    work: Callable[[], None]


def load(data: Path, patients: int = PATIENTS) -> None:
    """Load what is not there yet. Where it fails, pages say so, and the next start goes on from there."""
    if state.progress(data).is_done:
        return
    folder = state.folder(data)
    private_folder(folder)
    steps = _steps(data, folder, patients)
    for number, step in enumerate(steps, 1):
        now = state.Progress(number, len(steps), step.doing)
        state.keep_progress(data, now)
        event("demonstration", result=step.doing.lower(), times=number)
        try:
            step.work()
        except Exception as error:
            why = " ".join(one.message for one in error.problems) if isinstance(error, Refused) else "see the log."
            state.keep_progress(data, replace(now, failed=why))
            raise
    state.keep_progress(data, state.Progress(len(steps) + 1, len(steps)))
    event("demonstration", result="loaded")


def _steps(data: Path, folder: Path, patients: int) -> list[_Step]:
    def schemes() -> None:
        setting_up.give_consents()
        for scheme_id, settings in SCHEMES.items():
            setting_up.publish(scheme_id, settings)

    def last() -> None:
        figures.send(folder, *figures.WANTED[2])
        figures.clear(folder)

    def answered() -> None:
        year.offer()
        year.answer()
        year.lapse()

    return [
        _Step("organisations and people", lambda: setting_up.people(state.sign_ins(data), folder)),
        _Step("consents and schemes", schemes),
        _Step("patients with ten years of records", lambda: figures.make_records(folder, patients)),
        _Step("offers and answers", answered),
        _Step("QIF at the end of December", partial(figures.send, folder, *figures.WANTED[0], year.declare_early)),
        _Step("QIF at the end of January", partial(figures.send, folder, *figures.WANTED[1])),
        _Step("QOF at the end of January", last),
        _Step("payments of two months", money.pay),
        _Step("declarations", lambda: year.declare(folder)),
        _Step("a recovery and payments that wait", money.recover_and_prepare),
    ]
