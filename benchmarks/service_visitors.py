"""The visitors of `service.py`: signed-in sessions, a page every few seconds each, in a process of their own.

    python benchmarks/service_visitors.py sessions.json --port 8000 --minutes 5 > visits.json

Each session is a thread with a connection that is kept open, as a browser has it. Its pages are spread evenly over the
time: the first session begins at once, the last one almost a whole turn later. What a page took is counted from the
moment at which it was due, so that a service that is slow for a while does not have it easier by that.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import sys
import threading
import time
from pathlib import Path
from typing import Any

EVERY = 10.0


class Visitor(threading.Thread):
    """A session: who it is, and what it notes of each page."""

    def __init__(self, session: dict[str, Any], port: int, begin: float, end: float) -> None:
        super().__init__(daemon=True)
        self.session, self.port, self.begin, self.end = session, port, begin, end
        self.visits: list[dict[str, Any]] = []
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def run(self) -> None:
        chosen = random.Random(self.session["cookie"])
        due = self.begin
        while due < self.end:
            time.sleep(max(0.0, due - time.monotonic()))
            kind, path = chosen.choice(self.session["pages"])
            status, size = 0, 0
            try:
                status, body = self.get(path)
                size = len(body)
            except (OSError, http.client.HTTPException) as error:
                print(f"{path}: {error!r}", file=sys.stderr)
                self.connection.close()
            taken = time.monotonic() - due
            self.visits.append({
                "kind": kind, "path": path, "role": self.session["role"], "status": status, "bytes": size,
                "ms": 1000 * taken, "at": due - self.begin,
            })  # fmt: skip
            due += EVERY

    def get(self, path: str) -> tuple[int, bytes]:
        """A page; what it sends on to is part of it."""
        for _ in range(3):
            self.connection.request("GET", path, headers=self.headers())
            answer = self.connection.getresponse()
            body = answer.read()
            if answer.status != 302:
                break
            path = answer.headers["Location"]
            if path.startswith("/sign-in"):
                break
        return answer.status, body

    def headers(self) -> dict[str, str]:
        return {
            "Cookie": f"sessionid={self.session['cookie']}",
            "Accept-Encoding": "gzip",
            "User-Agent": "Firefox/130.0",
        }


def upload(session: dict[str, Any], port: int, address: str, day: str, files: dict[str, Path]) -> str:
    """Send an extract through its form, as a browser does; the status and where it led."""
    visitor = Visitor(session, port, 0, 0)
    visitor.connection.request("GET", address, headers=visitor.headers())
    answer = visitor.connection.getresponse()
    page = answer.read().decode()
    cookies = answer.headers.get_all("Set-Cookie") or []
    secret = next(found[1] for one in cookies if (found := re.match(r"csrftoken=([^;]+)", one)))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    schemes = re.findall(r'name="scheme"[^>]*value="(\d+)"|<option value="(\d+)"', page)
    fields = {
        "csrfmiddlewaretoken": token[1] if token else "",
        "scheme": max((one or other for one, other in schemes), key=int),
        "day": day,
        "reason": "Counted again.",
    }
    edge = "remit-load-boundary"
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{one}"\r\n\r\n{fields[one]}\r\n' for one in fields]
    parts += [
        f'--{edge}\r\nContent-Disposition: form-data; name="{one}"; filename="{one}.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{path.read_text()}\r\n"
        for one, path in files.items()
    ]
    headers = visitor.headers() | {"Content-Type": f"multipart/form-data; boundary={edge}"}
    headers["Cookie"] += f"; csrftoken={secret}"
    visitor.connection.request("POST", address, "".join([*parts, f"--{edge}--\r\n"]).encode(), headers)
    answer = visitor.connection.getresponse()
    answer.read()
    return f"{answer.status} {answer.headers.get('Location', '')}".strip()


def main() -> None:
    """Visit until the time is over, and write what each page took; in the middle, send an extract."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("sessions", type=Path)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--minutes", type=float, default=5)
    arguments.add_argument("--upload", nargs=4, metavar=("ADDRESS", "DAY", "PRACTICES", "COUNTS"))
    given = arguments.parse_args()
    sessions = json.loads(given.sessions.read_text())
    begin = time.monotonic() + 0.5
    end = begin + 60 * given.minutes
    visitors = [
        Visitor(session, given.port, begin + EVERY * n / len(sessions), end) for n, session in enumerate(sessions)
    ]
    for one in visitors:
        one.start()
    sent: dict[str, Any] = {}
    if given.upload:
        address, day, practices, counts = given.upload
        time.sleep(max(0.0, (begin + end) / 2 - time.monotonic()))
        sender = next(one for one in sessions if one["role"] == "data_quality")
        started = time.monotonic()
        files = {"practices": Path(practices), "counts": Path(counts)}
        answer = upload(sender, given.port, address, day, files)
        sent = {"answer": answer, "at": started - begin, "ms": 1000 * (time.monotonic() - started)}
    for one in visitors:
        one.join()
    for one in visitors:
        for visit in one.visits:
            visit["at"] += one.begin - begin
    json.dump({"visits": [visit for one in visitors for visit in one.visits], "upload": sent}, sys.stdout)


if __name__ == "__main__":
    main()
