"""The service under load: 144 practices, three years of monthly extracts, 50 people who open a page every ten seconds.

    python benchmarks/service.py                                   five minutes; makes the area first, in out/
    python benchmarks/service.py --minutes 1 --practices 12 --months 4     a small one, to see that it works
    python benchmarks/service.py --database postgres://owner:…@host/name   on an empty database of PostgreSQL

It starts `remit serve` on a folder of its own, and visitors in another process on the same machine.
In the middle of the time an extract of all practices is sent through its form, and the worker checks it. It prints, and
writes as JSON, for each page: how many, the median, the 95th and 99th percentile, errors and bytes; and what the web
process used of the processor for a page, which rests less on what else the machine does.
docs/explanation/service-speed.md holds the figures of one run.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TICK = os.sysconf("SC_CLK_TCK")
LIMIT = 300
"""Milliseconds within which 95 of 100 pages are to come."""
CORRECTED = "2025-06-30"
"""The day of the extract that is sent: not one whose overview is visited, which ends once another is in its place."""


@dataclass(frozen=True)
class Place:
    """The data folder of a made-up area, with the environment of every process that works on it."""

    folder: Path
    database: str

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "DJANGO_"))}
        kept |= {"PYTHONPATH": str(ROOT / "src"), "REMIT_DATA": str(self.folder / "data")}
        return kept | ({"REMIT_DATABASE": self.database} if self.database else {})

    def python(self, *words: str | Path) -> str:
        """What a script prints."""
        done = subprocess.run(
            [sys.executable, *map(str, words)], env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout


def prepared(given: argparse.Namespace) -> Place:
    """The made-up area, made once."""
    name = f"{given.practices}-{given.months}" + (
        f"-{sha256(given.database.encode()).hexdigest()[:6]}" * bool(given.database)
    )
    place = Place(given.folder / f"service-{name}", given.database)
    whole = place.folder / "whole"
    if not whole.exists():
        place.folder.mkdir(parents=True, exist_ok=True)
        area = HERE / "service_area.py"
        place.python(area, "make", "--practices", str(given.practices), "--months", str(given.months))
        whole.touch()
    return place


@dataclass(frozen=True)
class Service:
    """A `remit serve` that runs: its port, how long it took to answer, and its processes by name."""

    port: int
    start: float
    processes: dict[str, list[int]]


@contextmanager
def serving(place: Place, *options: str) -> Iterator[Service]:
    """The service, from its start to its end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from remit.cli.main import main; main()", "serve", "--port", str(port), *options]
    with (place.folder / "log").open("w") as log:
        begun = time.monotonic()
        process = subprocess.Popen(command, env=place.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - begun > 180:
                sys.exit(f"the service did not start: see {place.folder / 'log'}")
            time.sleep(0.05)
        yield Service(port, time.monotonic() - begun, _processes(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _processes(top: int) -> dict[str, list[int]]:
    """The web server's processes, and the workers'."""
    found: dict[str, list[int]] = {"web": [], "worker": []}
    ahead = [top]
    while ahead:
        parent = ahead.pop()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _stat(entry.name)[1] == str(parent):
                ahead.append(int(entry.name))
                words = (entry / "cmdline").read_bytes().decode()
                found["worker" if "serving.worker" in words else "web"].append(int(entry.name))
    return found


def _stat(pid: int | str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return [""] * 40


def cpu_ms(pids: Iterable[int]) -> float:
    """What processes used of the processor so far."""
    return sum(1000 * (int(_stat(pid)[11]) + int(_stat(pid)[12])) / TICK for pid in pids)


def megabytes(pids: Iterable[int]) -> float:
    """What processes have in memory at the peak, the largest of them."""
    peaks = [Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0] for pid in pids]
    return max(int(one) for one in peaks) / 1024


def measure(place: Place, minutes: float) -> dict[str, Any]:
    """Serve, visit, and say what it came to."""
    with serving(place) as service:
        area, visitors, sessions = (
            HERE / "service_area.py",
            HERE / "service_visitors.py",
            place.folder / "sessions.json",
        )
        sessions.write_text(place.python(area, "sessions"))
        _settle(service.processes["worker"])
        cold, load = cpu_ms(service.processes["web"]), os.getloadavg()
        sent = [str(place.folder / "sent" / f"{name}.csv") for name in ("practices", "counts")]
        _change(Path(sent[1]))
        upload = ["--upload", "/figures/LOAD/new/", CORRECTED, *sent]
        text = place.python(visitors, sessions, "--port", str(service.port), "--minutes", str(minutes), *upload)
        found: dict[str, Any] = json.loads(text)
        count = len(found["visits"])
        return {
            "start_seconds": service.start,
            "minutes": minutes,
            "load_average": [*load, *os.getloadavg()],
            "cpu_ms_a_page": (cpu_ms(service.processes["web"]) - cold) / count,
            "web_megabytes": megabytes(service.processes["web"]),
            "worker_megabytes": megabytes(service.processes["worker"]),
            "worker_cpu_ms": cpu_ms(service.processes["worker"]),
            "upload": found["upload"],
            "pages": _pages(found["visits"]),
        }


def _settle(workers: Iterable[int]) -> None:
    """Wait until the workers are idle."""
    while True:
        before = cpu_ms(workers)
        time.sleep(3)
        if cpu_ms(workers) - before < 300:
            return


def _change(counts: Path) -> None:
    """Another count of one practice, so that the extract that is sent is not one that came in before."""
    lines = counts.read_text().splitlines()
    *row, value = lines[2].split(",")
    lines[2] = ",".join([*row, str(int(value) + time.time_ns() % 997 + 1)])
    counts.write_text("\n".join(lines) + "\n")


def _pages(visits: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    kinds = sorted({one["kind"] for one in visits})
    return {kind: _figures([one for one in visits if kind in ("all", one["kind"])]) for kind in (*kinds, "all")}


def _figures(visits: list[dict[str, Any]]) -> dict[str, float]:
    taken = sorted(one["ms"] for one in visits)

    def share(percent: int) -> float:
        return round(taken[min(len(taken) - 1, len(taken) * percent // 100)], 1)

    return {
        "count": len(visits),
        "median": share(50),
        "p95": share(95),
        "p99": share(99),
        "most": round(taken[-1], 1),
        "errors": sum(one["status"] != 200 for one in visits),
        "bytes": sum(one["bytes"] for one in visits) // len(visits),
    }


def table(result: dict[str, Any]) -> str:
    """The result as a table."""
    lines = [f"{'page':22} {'count':>6} {'median':>8} {'95th':>8} {'99th':>8} {'most':>8} {'errors':>6} {'bytes':>9}"]
    for kind, one in result["pages"].items():
        times = " ".join(f"{one[name]:8.0f}" for name in ("median", "p95", "p99", "most"))
        lines.append(f"{kind:22} {one['count']:6} {times} {one['errors']:6} {one['bytes']:9,}")
    load = ", ".join(f"{one:.1f}" for one in result["load_average"][::3])
    lines += [
        f"up after {result['start_seconds']:.1f} s; {result['cpu_ms_a_page']:.0f} ms of the processor a page;"
        f" memory at the peak: web {result['web_megabytes']:.0f} MB, worker {result['worker_megabytes']:.0f} MB",
        f"an extract was sent: {result['upload']}; load average before and after: {load}",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and fail where the limit is not kept."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--minutes", type=float, default=5)
    arguments.add_argument("--practices", type=int, default=144)
    arguments.add_argument("--months", type=int, default=36)
    arguments.add_argument("--database", default="", help="an owner's address of an empty database of PostgreSQL")
    arguments.add_argument("--folder", type=Path, default=ROOT / "out")
    arguments.add_argument("--json", type=Path, help="where the figures go, as JSON")
    given = arguments.parse_args()
    result = measure(prepared(given), given.minutes)
    print(table(result))
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n")
    whole = result["pages"]["all"]
    if whole["errors"] or whole["p95"] > LIMIT:
        sys.exit(f"{whole['errors']} errors, and the 95th percentile is {whole['p95']} ms: {LIMIT} ms is the limit")


if __name__ == "__main__":
    main()
