"""What is done with money at the end of the year, each action as somebody does it, killed at moments of it, and done
again as they would: for the script of `test_money_killed`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from tests.service.killing import Kept, answer, killed_at, moments_of, spread
from tests.service.paying import Payer, on
from tests.service.year_end import IN_JULY, IN_JUNE, JUNE, MARCH, decided, in_advance, outcome

from remit.core.problems import Refused
from remit.service.deployment import from_environment
from remit.service.money import closing
from remit.service.money.models import PaymentRun
from remit.service.offers.models import SchemeYear
from remit.service.serving import restore
from remit.service.serving.job_worker import Worker, put_back
from remit.service.serving.serve import alone
from remit.service.serving.upgrade import upgrade


def begin(pays: Payer) -> None:
    """The first person of finance begins the run of June."""
    pays.begun(JUNE)


def work(_: Payer | None = None) -> None:
    """A worker starts, and does what waits."""
    run = os.urandom(4).hex()
    put_back(run, 1)
    Worker(
        queue_names=["*"], excluded_queue_names=[], interval=0.0, batch=True, backend_name="default",
        startup_delay=False, max_tasks=None, worker_id=f"{run}.1.{os.urandom(4).hex()}",
    ).run()  # fmt: skip


def release(pays: Payer) -> None:
    """The second person releases it."""
    pays.released(PaymentRun.objects.get(month=JUNE))


def close_month(pays: Payer) -> None:
    """Finance closes the books of March."""
    with pays.at_work(pays.first):
        closing.close_month(pays.organisation, MARCH)


def close_year(pays: Payer) -> None:
    """Finance closes the books of the scheme year."""
    with pays.at_work(pays.first):
        closing.close_year(SchemeYear.objects.get(pk=pays.year.pk))


@dataclass(frozen=True)
class Action:
    """What is done on a day; `done` is what somebody reads who does it again though it was done."""

    day: date
    do: Callable[[Payer], None]
    done: str = ""

    def first(self, pays: Payer) -> None:
        with on(self.day):
            self.do(pays)

    def again(self, pays: Payer) -> None:
        """Once more, after whatever became of the first time."""
        try:
            self.first(pays)
        except Refused as refused:
            if not self.done or self.done not in refused.problems[0].message:
                raise


ACTIONS: Mapping[str, Action] = {
    "begin": Action(IN_JUNE, begin, "for June 2025 is still open"),
    "prepare": Action(IN_JUNE, work),
    "release": Action(IN_JUNE, release, "This run is released"),
    "close the month": Action(IN_JULY, close_month, "are closed and are not opened again"),
    "close the year": Action(IN_JULY, close_year, "are closed and are not opened again"),
}
"""In the order in which they are done."""


def restored(path: Path) -> None:
    """A backup is put in place of what is there."""
    with alone(from_environment()) as (deployment, _):
        restore.restore(path, deployment.data, replace=True)


def started() -> None:
    """The next start of the service."""
    with alone(from_environment()) as (deployment, _):
        upgrade(deployment.data)


def tried_restore(many: int, path: Path, pays: Payer) -> dict[str, Any]:
    """A restore killed so many times: after the next start all is as it was or as it comes back, and tried again it has
    come back. Then the run of the backup is released, as it would have been. For the tables' owner."""
    old, kept = answer(outcome), Kept()
    moments = moments_of(lambda: restored(path))
    new, others = answer(outcome), []
    numbers = spread(moments, many)
    for number in numbers:
        kept.again()
        killed_at(number, lambda: restored(path))
        answer(started)
        came = [answer(outcome)]
        answer(lambda: restored(path))
        came.append(answer(outcome))
        left = [one.name for one in settings.DEPLOYMENT.data.iterdir() if one.name.startswith((".rest", ".repl"))]
        if came[0] not in (old, new) or came[1] != new or left:
            others.append([number, moments[number - 1 : number], left])
    kept.forget()
    answer(lambda: ACTIONS["release"].first(pays))
    return {"actions": {"restore": [len(moments) + 1, len(numbers), others]}, "old": old, "outcome": answer(outcome)}


def tried(many: Mapping[str, int], folder: Path) -> dict[str, Any]:
    """Each action killed so many times: at how many moments of how many, and what came of it otherwise than if nothing
    had been killed. And all that came of the year in the end."""
    pays = in_advance(folder)
    decided(pays)
    work()
    found: dict[str, Any] = {}
    for name, action in ACTIONS.items():
        kept = Kept()
        moments = moments_of(lambda action=action: action.first(pays))  # type: ignore[misc]
        wanted = answer(outcome)
        numbers, others = spread(moments, many[name]), []
        for number in numbers:
            kept.again()
            killed_at(number, lambda action=action: action.first(pays))  # type: ignore[misc]
            answer(lambda action=action: action.again(pays))  # type: ignore[misc]
            if (came := answer(outcome)) != wanted:
                others.append([number, [(key, came[key], wanted[key]) for key in wanted if came[key] != wanted[key]]])
        found[name] = [len(moments) + 1, len(numbers), others]
        kept.forget()
    return {"actions": found, "outcome": answer(outcome)}
