"""Who works on schemes in the made-up area, each as a browser, and the steps that they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from tests.service.area import Area, person, signed_in

from remit.application.scheme_text import shipped
from remit.service.audit.models import Entry
from remit.service.register import services
from remit.service.register.models import SchemeVersion

QIF = "qif-2024-25"
ONE = f"/schemes/QAA/{QIF}/1/"


@dataclass
class Work:
    """The made-up area with the people who work on its schemes, each as a browser."""

    area: Area
    author: Client
    approver: Client
    manager: Client
    practice: Client
    elsewhere: Client


def at_work(board: Area, before: str = "") -> Work:
    """Everybody is signed in; `before` stands before their addresses, where others have the same roles."""

    def client(role: str, code: str) -> Client:
        return signed_in(person(role, board[code], email=f"{before}{role}.{code}@example.org".lower()))

    return Work(
        board,
        client("scheme_author", "QAA"),
        client("approver_tier_1", "QAA"),
        client("contract_manager", "QAA"),
        client("practice_viewer", "A1"),
        client("scheme_author", "QBB"),
    )


def yaml_file(content: bytes, name: str = "ours.yaml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def uploaded(client: Client, content: bytes, name: str = "ours.yaml", at: str = "QAA", **more: str) -> HttpResponseBase:
    data = {"how": "upload", "upload-file": yaml_file(content, name), **more}
    return client.post(f"/schemes/{at}/start/", data)


def row(scheme_id: str = QIF, version: int = 1) -> SchemeVersion:
    return SchemeVersion.objects.get(scheme_id=scheme_id, version=version)


def text(response: Any) -> str:
    return str(response.content.decode())


def opened(version: SchemeVersion) -> str:
    return services.token(version)


def draft(work: Work, content: bytes | None = None) -> SchemeVersion:
    assert uploaded(work.author, content or shipped(QIF)).status_code == 302
    return row()


def submitted(work: Work) -> SchemeVersion:
    draft(work)
    assert work.author.post(f"{ONE}submit/").status_code == 302
    return row()


def approved(work: Work) -> SchemeVersion:
    submitted(work)
    done = work.approver.post(f"{ONE}approve/", {"appr-words": "Read against the contract.", "appr-based_on": ""})
    assert done.status_code == 302
    return row()


def published(work: Work) -> SchemeVersion:
    approved(work)
    assert work.manager.post(f"{ONE}publish/", {"publ-day": "2024-04-01"}).status_code == 302
    return row()


def events() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("event", flat=True))
