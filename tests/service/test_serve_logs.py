"""A line of the log has fields of a fixed list, and nothing that somebody sends or a row holds can be in one."""

from __future__ import annotations

import json
import logging
import socket
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from tests.service.running import Running, made, running, wait

from remit.service.serving import logs

pytestmark = pytest.mark.one_database

SECRETS = (
    "9434765919", "943 476 5919", "jane.doe@example.org", "Jane Doe", "hunter2-hunter2", "123456", "c2VjcmV0LXRva2Vu",
    "evil.example", "PATIENT", "../../etc/passwd", "\x1b[31m", "O'Brien",
)  # fmt: skip
"""What is sent in every place of a request."""


def send(port: int, text: str) -> None:
    """Bytes as they are, whatever a server makes of them."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as there:
        there.sendall(text.encode())
        there.settimeout(2)
        try:
            while there.recv(65536):
                pass
        except OSError:
            pass


def attack(service: Running) -> None:
    for secret in SECRETS:
        quoted = urllib.parse.quote(secret)
        for path in (
            f"/?q={quoted}",
            f"/{quoted}",
            f"/sign-in/?next=/{quoted}",
            f"/static/{quoted}",
            f"/{quoted}/?a={quoted}",
        ):
            service.get(path, Cookie=f"sessionid={quoted}", Referer=f"http://x/{quoted}", **{"User-Agent": quoted})
        form = urllib.parse.urlencode({"login": secret, "password": secret, "code": secret}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{service.port}/sign-in/", form)
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=20)
        send(service.port, f"{quoted} /{quoted} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        send(service.port, f"GET / HTTP/1.1\r\nHost: {quoted}\r\nConnection: close\r\n\r\n")
        send(
            service.port,
            f"GET /{secret} HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: {secret}\r\nConnection: close\r\n\r\n",
        )
        send(service.port, f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: zzz\r\n\r\n{secret}")


def test_whatever_is_sent_is_in_no_line(tmp_path: Path) -> None:
    with made(tmp_path, "sqlite", tables=True) as place, running(place) as service:
        attack(service)
        assert service.get("/health")[0] == 200
        wait(lambda: sum(line["event"] == "request" for line in service.lines()) > 5 * len(SECRETS))
    text = service.log.read_text(encoding="utf-8")
    first, second, *lines = text.splitlines()
    assert first.startswith("Nobody can sign in yet.")
    assert second.startswith("Remit is at http://127.0.0.1:")
    for line in lines:
        assert set(json.loads(line)) <= logs.FIELDS
        for secret in SECRETS:
            assert secret not in line
            assert urllib.parse.quote(secret) not in line
    assert {line.get("path") for line in map(json.loads, lines) if line["event"] == "request"} <= {
        "/", "/health", "/sign-in/", "/static/", "none",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"status": 200, "ms": 3, "slow": True}, {"status": 200, "ms": 3, "slow": True}),
        ({"status": "9434765919", "ms": 1.5, "slow": False}, {}),
        ({"path": "/practices/<str:code>/"}, {"path": "/practices/<str:code>/"}),
        ({"path": "/a?b=c"}, {}),
        ({"path": "/jane@example.org"}, {}),
        ({"job": "remit.service.extracts.jobs.receive"}, {"job": "remit.service.extracts.jobs.receive"}),
        ({"job": "Jane Doe"}, {}),
        ({"organisations": frozenset({3, 1})}, {"organisations": [1, 3]}),
        ({"organisations": ["A1"]}, {}),
        ({"patient": 1, "email": "a", "message": "b"}, {}),
        ({"method": "9434765919"}, {}),
        ({"person": True}, {}),
    ],
)
def test_a_field_is_of_its_form_or_left_out(fields: dict[str, Any], kept: dict[str, Any]) -> None:
    assert logs.allowed(fields) == kept


def test_of_an_exception_the_type_and_the_place_are_written() -> None:
    try:
        int("943 476 5919")
    except ValueError as failure:
        record = logging.LogRecord("django.request", logging.ERROR, "", 1, "at /x: %s", ("Jane Doe",), None)
        record.exc_info = (ValueError, failure, failure.__traceback__)
    for as_json in (True, False):
        line = logs.Lines(as_json).format(record)
        assert "ValueError" in line
        assert "test_serve_logs.py:" in line
        assert "5919" not in line
        assert "Jane" not in line
