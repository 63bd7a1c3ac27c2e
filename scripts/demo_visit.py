"""Visits the service that ./demo started, with nothing but the standard library: python scripts/demo_visit.py WHAT …

port              prints a port that is free: 8000 if it is
wait PORT DATA PROCESS  waits until the service is up and the made-up area is loaded; says each step
visit PORT DATA RUN…   fetches /health, signs in as the practice lead with password and code, reads the statements,
                  and says the pounds: they must be those of the folders that `remit run` wrote
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import http.cookiejar
import json
import os
import re
import socket
import struct
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from base64 import b32decode
from html import unescape
from pathlib import Path

LEAD, PRACTICE = "practice-lead@example.org", "P002"
UP_SECONDS, LOAD_SECONDS = 60, 900


class Browser:
    """Keeps cookies, and sends a form with the token of the page that it stands on."""

    def __init__(self, address: str) -> None:
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies, urllib.request.ProxyHandler({}))

    def get(self, path: str) -> str:
        """A page; another status than 200 ends the visit."""
        return self._page(urllib.request.Request(self.address + path))

    def send(self, path: str, page: str, **fields: str) -> str:
        """The page that comes of sending a page's form."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        fields["csrfmiddlewaretoken"] = token[1] if token else ""
        data = urllib.parse.urlencode(fields).encode()
        return self._page(urllib.request.Request(self.address + path, data, {"Referer": self.address + path}))

    def _page(self, request: urllib.request.Request) -> str:
        try:
            with self.opener.open(request, timeout=60) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{request.full_url} answered with status {error.code}.") from None


def code(key: str, step: int) -> str:
    """The six digits of a key in a period of 30 seconds (RFC 6238)."""
    digest = hmac.digest(b32decode(key), struct.pack(">Q", step), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def free_port() -> int:
    """8000 if nothing listens there, else another."""
    for port in (8000, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SystemExit("no port is free")


def wait(port: str, data: Path, process: str) -> None:
    """Until the service is up, and then until the area is loaded."""
    health, began = f"http://127.0.0.1:{port}/health", time.monotonic()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        try:
            with opener.open(health, timeout=5) as answer:
                answer.read()
                say(f"the service is up after {time.monotonic() - began:.0f} s")
                break
        except OSError:
            check_runs(process)
            if time.monotonic() - began > UP_SECONDS:
                raise SystemExit(f"{health} did not answer within {UP_SECONDS} s.") from None
            time.sleep(0.2)
    said = ""
    while time.monotonic() - began < LOAD_SECONDS:
        check_runs(process)
        now = state(data, "progress")
        if now.get("failed"):
            raise SystemExit(f"The made-up area could not be loaded: {now['failed']}")
        if now.get("step", 0) > now.get("of", 1):
            say(f"the made-up area is there after {time.monotonic() - began:.0f} s")
            return
        if now.get("doing") and now["doing"] != said:
            said = str(now["doing"])
            say(f"step {now['step']} of {now['of']}: {said}")
        time.sleep(0.5)
    raise SystemExit(f"The made-up area was not loaded within {LOAD_SECONDS} s.")


def check_runs(process: str) -> None:
    """End where the service has ended."""
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        raise SystemExit("The service has ended.") from None


def state(data: Path, name: str) -> dict[str, object]:
    """A file of the demonstration; nothing where it is not there yet."""
    path = data / "demonstration" / f"{name}.json"
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def visit(port: str, data: Path, *runs: str) -> None:
    """Sign in, and read the statements."""
    browser, signs = Browser(f"http://127.0.0.1:{port}"), state(data, "sign-ins")
    health = browser.get("/health")
    if json.loads(health)["status"] != "up":
        raise SystemExit(f"/health says {health}.")
    say(f"/health says: {health}")
    page = browser.get("/sign-in/")
    page = browser.send("/sign-in/", page, email=LEAD, password=str(signs["password"]))
    used = 0
    for _ in range(6):  # a code that was used already is not taken again: the next one is, half a minute early
        step = max(int(time.time()) // 30, used + 1)
        time.sleep(max(0, 30 * (step - 1) - time.time()))
        page, used = browser.send("/sign-in/code/", page, code=code(str(signs["key"]), step)), step
        if "Sign out" in page:
            break
    else:
        raise SystemExit("The practice lead could not sign in.")
    expected = {paid(Path(run)) for run in runs}
    paths = sorted(set(re.findall(r'href="(/statements/[A-Z0-9]+/[0-9]+/)"', browser.get("/statements/"))))
    for path in paths:
        page = browser.get(path)
        title, sentence = words(page, "h1"), words(page, "p", "lead")
        say(f"signed in as {LEAD}; {path} says: {title}. {sentence}")
        same = {pounds for pounds in expected if f"earned {pounds}" in sentence or f"paid {pounds}" in sentence}
        if not same:
            raise SystemExit(f"{path} does not say what remit run says of the same files: {sorted(expected)}.")
        expected -= same
        say(f"remit run of the same files: {', '.join(same)}, the same to the penny")
    if expected:
        raise SystemExit(f"There is no statement of {sorted(expected)}.")


def paid(run: Path) -> str:
    """The pounds of the lead's practice in a run's folder."""
    with (run / "payment.csv").open(encoding="utf-8", newline="") as file:
        pounds = {row["practice_code"]: row["pounds"] for row in csv.DictReader(file)}[PRACTICE]
    return f"£{float(pounds):,.2f}"


def words(page: str, tag: str, of: str = "") -> str:
    """The text of the first element with a tag, and a class where one is named."""
    found = re.search(rf"(?s)<{tag}\b[^>]*{of}[^>]*>(.*?)</{tag}>", page)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", found[1])).split()) if found else ""


def say(text: str) -> None:
    """Print a line at once."""
    print(f"   {text}", flush=True)


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    if what == "port":
        print(free_port())
    else:
        {"wait": wait, "visit": visit}[what](given[0], Path(given[1]), *given[2:])
