"""Jobs survive their workers: a job that was cut off is started again, never twice at once and not for ever."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from tests.service.planted import plant
from tests.service.running import HERE, Place, made, running, wait

STATES = """
import json
from django_tasks_db.models import DBTaskResult
print(json.dumps([
    [job.task_path.rpartition(".")[2], job.status, job.traceback, len(job.worker_ids)]
    for job in DBTaskResult.objects.order_by("enqueued_at")
]))
"""


def enqueue(place: Place, *calls: str) -> None:
    place.python("from planted import tasks\n" + "\n".join(f"tasks.{call}" for call in calls))


def lines_of(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


@pytest.mark.parametrize("kind", [HERE])
def test_jobs_that_are_cut_off_are_started_again(kind: str, tmp_path: Path) -> None:
    slow, deadly, many = (tmp_path / name for name in ("slow", "deadly", "many"))
    with made(tmp_path, kind, tables=True) as empty:
        place = plant(empty, tmp_path / "app")
        with running(place, "--workers", "2") as service:
            short = [f"slow.enqueue({str(many / str(n))!r}, 0.02)" for n in range(12)]
            many.mkdir()
            enqueue(place, *short, f"failing.enqueue({'943 476 5919'!r})")
            wait(lambda: all(lines_of(many / str(n)) == ["start", "end"] for n in range(12)))

            enqueue(place, f"slow.enqueue({str(slow)!r}, 3)")
            wait(lambda: lines_of(slow) == ["start"])
            for pid in service.workers():
                os.kill(pid, signal.SIGKILL)
            wait(lambda: lines_of(slow) == ["start", "start", "end"])

            enqueue(place, f"deadly.enqueue({str(deadly)!r})")
            wait(lambda: json.loads(place.python(STATES))[-1][1] == "FAILED")
            log = service.log.read_text()
        states = json.loads(place.python(STATES))
    assert lines_of(deadly) == ["start"] * 3
    assert "cut off 3 times" in states[-1][2]
    assert states[-2][:2] == ["slow", "SUCCESSFUL"]
    assert states[12][:2] == ["failing", "FAILED"]
    assert states[12][2].startswith("ValueError at ")
    assert "5919" not in json.dumps(states) + log
    assert [state[1:] for state in states[:12]] == [["SUCCESSFUL", "", 1]] * 12


@pytest.mark.parametrize("kind", [HERE])
def test_a_job_in_progress_at_a_stop_has_a_while_and_goes_on_at_the_next_start(kind: str, tmp_path: Path) -> None:
    short, long = tmp_path / "short", tmp_path / "long"
    with made(tmp_path, kind, tables=True) as empty:
        place = plant(empty, tmp_path / "app", REMIT_STOP_SECONDS="2")
        with running(place, "--workers", "2") as service:
            enqueue(place, f"slow.enqueue({str(short)!r}, 1)", f"slow.enqueue({str(long)!r}, 8)")
            wait(lambda: lines_of(short) and lines_of(long))
            service.process.send_signal(signal.SIGTERM)
            assert service.process.wait(60) == 0
        assert lines_of(short) == ["start", "end"]
        assert lines_of(long) == ["start"]
        assert [state[1::2] for state in json.loads(place.python(STATES))] == [["SUCCESSFUL", 1], ["READY", 0]]
        with running(place):
            wait(lambda: lines_of(long) == ["start", "start"])
