"""A scheme's text in the register: its bytes stay, all its problems are at their lines, and two may edit it."""

from __future__ import annotations

import os
from hashlib import sha256

import pytest
from tests.service.area import Area, person, signed_in
from tests.service.register_desk import (
    ONE,
    QIF,
    Work,
    at_work,
    draft,
    opened,
    row,
    text,
    uploaded,
)

from remit.application.scheme_text import shipped
from remit.service.register.files import file_of
from remit.service.register.models import SchemeVersion

pytestmark = pytest.mark.one_database


@pytest.fixture
def work(board: Area) -> Work:
    """The people of the made-up area who work on schemes."""
    return at_work(board)


BYTES = {
    "as it ships": shipped(QIF),
    "a mark at its beginning": b"\xef\xbb\xbf" + shipped(QIF),
    "lines that end as on Windows": shipped(QIF).replace(b"\n", b"\r\n"),
    "blanks at the ends of lines": shipped(QIF).replace(b"\n", b"  \n", 5),
    "both ways to end lines": shipped(QIF).replace(b"\n", b"\r\n", 7),
    "no end of the last line": shipped(QIF).rstrip(b"\n"),
    "empty lines first": b"\n\n" + shipped(QIF),
}


@pytest.mark.parametrize("kind", BYTES)
def test_register_and_file_are_the_same_bytes(work: Work, kind: str) -> None:
    content = BYTES[kind]
    version = draft(work, content)
    page = text(work.author.get(f"{ONE}edit/"))
    assert "Nothing is wrong" in page or "warning" in page or "note" in page
    assert sha256(content).hexdigest() in text(work.author.get(ONE))
    unedited = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\n", "\r\n")  # as a browser sends it
    work.author.post(f"{ONE}edit/", {"text": unedited, "settings": "", "based_on": opened(version)})
    assert work.author.get(f"{ONE}file").content == content
    assert file_of(row()).read_bytes() == content


def test_an_edited_text_keeps_the_files_way_to_end_lines(work: Work) -> None:
    content = b"\xef\xbb\xbf" + shipped(QIF).replace(b"\n", b"\r\n")
    version = draft(work, content)
    new = (shipped(QIF).decode() + "# more\n").replace("\n", "\r\n")
    work.author.post(f"{ONE}edit/", {"text": new, "settings": "", "based_on": opened(version)})
    assert work.author.get(f"{ONE}file").content == content + b"# more\r\n"


BROKEN: dict[str, tuple[bytes, str]] = {
    "two mistakes at once": (
        shipped(QIF).replace(b"commissioner:", b"comissioner:").replace(b"year: 2024-25", b"year: 2024-26"),
        "commissioner",
    ),
    "not YAML": (b"scheme: qif-2024-25\nitems: [1, 2\n", "well-formed"),
    "not UTF-8": (b"scheme: qif-2024-25\ntitle: caf\xe9\n", "The file is not UTF-8 here"),
    "UTF-16": ("scheme: qif-2024-25\n".encode("utf-16"), "The file is written in UTF-16"),
    "aliases that grow": (
        b"scheme: qif-2024-25\na: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: [*c, *c, *c]\n",
        "alias",
    ),
    "nested without end": (b"scheme: qif-2024-25\na: " + b"[" * 5000, "nested too deeply"),
    "a path of the server": (b"scheme: qif-2024-25\nextends: /etc/passwd.yaml\n", "not the id of a scheme that ships"),
    "a path beside": (b"scheme: qif-2024-25\nextends: ../secret.yaml\n", "not the id of a scheme that ships"),
    "a reform": (b"reform: qif-2024-25\nscheme: qif-2024-25\n", "This is a reform"),
    "markup": (b"scheme: qif-2024-25\ntitle: <script>alert(1)</script>\nyear: x\n", "year"),
    "a calendar year": (
        b"scheme: qif-2024-25\nversion: 1\ntitle: A contract\ncommissioner: An ICB\nyear: 2024\n"
        b"achievement_date: 2024-12-31\nsources: {paper: {title: The paper, standing: verified}}\nsource: paper\n"
        b"terms: {balance: {due: 2025-03-31}}\nitems: [{item: A, title: Visits, pays: {activity: {tariff: 5p}}}]\n",
        "The service takes a scheme only for years from April to March",
    ),
    "nothing but a comment": (b"# scheme\n", "Expected keys and values"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_draft_with_errors_is_saved_and_not_submitted(work: Work, kind: str) -> None:
    content, words = BROKEN[kind]
    response = uploaded(work.author, content, "C:\\Users\\me\\mine.yaml", **{"upload-scheme_id": QIF})
    assert response.status_code == 302, text(response)
    page = text(work.author.get(f"{ONE}edit/"))
    assert words in page.replace("&#39;", "'")
    assert "It can be saved, but not submitted." in page
    assert "<script>alert" not in page
    for secret in (os.getcwd(), "/tmp", "site-packages", "/src/remit"):
        assert secret not in page
    assert "mine.yaml" in page
    assert "Users" not in page
    refused = work.author.post(f"{ONE}submit/")
    assert "The text has errors" in text(refused)
    assert row().state == "draft"


def test_every_problem_is_at_its_line_and_links_there(work: Work) -> None:
    content, _ = BROKEN["two mistakes at once"]
    draft(work, content)
    lines = content.decode().splitlines()
    page = text(work.author.get(f"{ONE}edit/"))
    for words in ("comissioner:", "year: 2024-26"):
        line = next(n for n, each in enumerate(lines, 1) if each.startswith(words))
        assert f'href="#line-{line}"' in page
        assert f'id="line-{line}" class="remit-line--error"' in page
    assert "Did you mean commissioner" in page


def test_a_file_that_is_too_large_is_refused_with_what_it_can_be(work: Work) -> None:
    page = uploaded(work.author, b"scheme: big\n" + b"#" * (512 * 1024))
    assert page.status_code == 200
    assert "A scheme has 524,288 at most" in text(page)
    assert not SchemeVersion.objects.exists()


def test_of_two_who_edit_the_second_sees_the_firsts_text_and_loses_nothing(work: Work) -> None:
    version = draft(work)
    other = signed_in(person("scheme_author", work.area["QAA"], email="second@example.org"))
    token, base = opened(version), shipped(QIF).decode()
    first = {"text": f"{base}# the first was here\n", "settings": "", "based_on": token}
    second = {"text": f"{base}# the second was here\n", "settings": "", "based_on": token}
    assert work.author.post(f"{ONE}edit/", first).status_code == 302
    page = other.post(f"{ONE}edit/", second)
    assert page.status_code == 200
    assert "# the first was here" in text(page)
    assert "# the second was here" in text(page)
    assert "Scheme author of First area saved this draft while you edited it" in text(page)
    assert bytes(row().content).endswith(b"# the first was here\n")
    again = second | {"based_on": opened(row())}
    assert other.post(f"{ONE}edit/", again).status_code == 302
    assert bytes(row().content).endswith(b"# the second was here\n")


def test_of_very_many_problems_the_first_are_listed_and_all_are_counted(work: Work) -> None:
    draft(work, b"scheme: qif-2024-25\n" + b"".join(b"k%d: x\n" % number for number in range(1000)))
    page = text(work.author.get(f"{ONE}edit/"))
    assert "(the first 200 are listed)" in page
    assert page.count("<strong>Error</strong>") == 200
