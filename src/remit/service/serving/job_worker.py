"""A background worker: takes jobs from the queue one after the other, and starts those again that a dead worker had.

A worker's name is `run.slot.start`: the run of `remit serve`, which no other can go beside (its lock), the worker's
place in it, and a part of its own. So a worker that starts knows that a job of another run, or of its own place, has
nobody working on it any more. A job that was cut off three times is given up.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from types import FrameType
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.signals import task_started
from django_tasks_db.management.commands.db_worker import Worker as TasksWorker
from django_tasks_db.models import DBTaskResult

from remit.core.problems import Refused
from remit.service.serving import logs
from remit.service.serving.logs import event

CUT_OFF_AT_MOST = 3
GIVEN_UP = f"The job was cut off {CUT_OFF_AT_MOST} times before it ended, and was not started again."


def put_back(run: str, slot: int) -> tuple[int, int]:
    """Make the jobs of dead workers ready again; how many, and how many were given up."""
    ready = given_up = 0
    with transaction.atomic():
        for job in DBTaskResult.objects.select_for_update(no_key=True).filter(status=TaskResultStatus.RUNNING):
            last: str = (job.worker_ids or [".."])[-1]
            its_run, its_slot = [*last.split("."), ""][:2]
            if its_run == run and its_slot != str(slot):
                continue  # a living worker of this run has it
            if len(job.worker_ids) >= CUT_OFF_AT_MOST:
                job.status, job.finished_at = TaskResultStatus.FAILED, timezone.now()
                job.exception_class_path, job.traceback = "remit.service.serving.job_worker.CutOff", GIVEN_UP
                given_up += 1
            else:
                job.status = TaskResultStatus.READY
                ready += 1
            job.save()
    return ready, given_up


class Worker(TasksWorker):
    """As django_tasks_db's, with our own log lines; it keeps no values of an exception, and hands a job back that is
    not done in time when it is to stop."""

    current: DBTaskResult[Any, Any] | None = None
    stop_seconds = 20

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        """Run a job; its end is written where the queue is."""
        self.current, self.running_task = db_task_result, True
        started, result = time.monotonic(), "done"
        failure: BaseException | None = None
        try:
            task, task_result = db_task_result.task, db_task_result.task_result
            task_started.send(sender=task.get_backend(), task_result=task_result)
            db_task_result.set_successful(task.call(*task_result.args, **task_result.kwargs))
        except Exception as error:
            failure, result = error, "failed"
            connection.close()  # whatever transaction it had open
            _set_failed(db_task_result, error)
        finally:
            self.current, self.running_task = None, False
            self._run_tasks += 1
        ms = round(1000 * (time.monotonic() - started))
        level = logging.ERROR if failure else logging.INFO
        event("job", level, failure, job=db_task_result.task_path, result=result, ms=ms)

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Take no more jobs; the one in progress has a while to end."""
        if not self.running:
            return
        self.running = False
        if not self.running_task:
            os._exit(0)
        timer = threading.Timer(self.stop_seconds, self._hand_back)
        timer.daemon = True
        timer.start()

    def _hand_back(self) -> None:
        """Put the job in progress back as if it had not been started, and end: it is no fault of the job's."""
        job = self.current
        if job is not None:
            rows = DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.RUNNING)
            rows.update(status=TaskResultStatus.READY, worker_ids=job.worker_ids[:-1])
            event("job", logging.WARNING, job=job.task_path, result="handed back")
        os._exit(0)


def _set_failed(job: DBTaskResult[Any, Any], error: Exception) -> None:
    """Keep where a job failed and of what kind it was, and no value; of a refusal its sentences."""
    place = logs.place_of(error)
    job.status, job.finished_at, job.return_value = TaskResultStatus.FAILED, timezone.now(), None
    job.exception_class_path = f"{type(error).__module__}.{type(error).__qualname__}"
    job.traceback = str(error) if isinstance(error, Refused) else f"{place['error']} at {place.get('at', '?')}"
    job.save()
