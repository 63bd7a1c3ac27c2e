"""What the databases themselves hold of a scheme's year, whoever sends them SQL: what is only added is not changed or
removed, what is decided stays, a key is posted once, and a closed month takes nothing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import DatabaseError, IntegrityError
from tests.service import settings
from tests.service.addresses import published
from tests.service.area import Area
from tests.service.year_rows import year_rows

from remit.service.declarations.models import Declaration
from remit.service.kept import NotRemoved, OnlyAdded
from remit.service.money.models import BookMonth, PaymentRun, Transfer
from remit.service.scope.acting import acting
from remit.service.scope.scope import EVERYTHING

APPS = ("offers", "declarations", "money")
MIGRATIONS = ("offers.migrations.0002_kept", "declarations.migrations.0002_kept",
              "declarations.migrations.0003_entered", "money.migrations.0002_kept")  # fmt: skip
KEPT = {one.table: one for name in MIGRATIONS for one in import_module(f"remit.service.{name}").KEPT}
ADDED = [table for table, one in KEPT.items() if isinstance(one, OnlyAdded)]
FIXED = [(table, column) for table, one in KEPT.items() if isinstance(one, NotRemoved) for column in one.fixed]


@pytest.fixture
def rows(board: Area) -> Any:
    with acting(EVERYTHING):
        yield year_rows(board["QAA"], board["A1"], published(board, "QAA"))


def _refused(sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_table_of_the_year_says_what_is_kept_of_it() -> None:
    every = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    assert {model._meta.db_table for model in every} == set(KEPT)


@pytest.mark.parametrize("table", KEPT)
def test_nothing_is_removed(table: str, rows: dict[str, models.Model]) -> None:
    _refused(f"DELETE FROM {table} WHERE id = {rows[table].pk}")


@pytest.mark.parametrize("table", ADDED)
def test_what_is_only_added_is_not_changed(table: str, rows: dict[str, models.Model]) -> None:
    row = rows[table]
    for field in row._meta.concrete_fields:
        _refused(f"UPDATE {table} SET {field.column} = {field.column} WHERE id = {row.pk}")


@pytest.mark.parametrize(("table", "column"), FIXED)
def test_what_was_agreed_is_not_changed(table: str, column: str, rows: dict[str, models.Model]) -> None:
    row = rows[table]
    field = next(one for one in row._meta.concrete_fields if one.column == column)
    value = getattr(row, field.attname)
    if isinstance(field, models.JSONField):
        other = "'[1]'"
    elif isinstance(value, bool):
        other = "NOT " + column
    elif isinstance(value, int) or value is None:
        other = str((value or 0) + 1)
    else:
        other = "'2001-02-03'" if isinstance(field, models.DateField) else "'another'"
    _refused(f"UPDATE {table} SET {column} = {other} WHERE id = {row.pk}")


@pytest.mark.skipif(bool(settings.OWNER), reason="PostgreSQL has no INSERT OR REPLACE")
@pytest.mark.parametrize("table", KEPT)
def test_a_row_is_not_replaced(table: str, rows: dict[str, models.Model]) -> None:
    _refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE id = {rows[table].pk}")


@pytest.mark.skipif(not settings.OWNER, reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", KEPT)
def test_a_table_is_not_emptied(table: str, rows: dict[str, models.Model]) -> None:
    _refused(f"TRUNCATE {table} CASCADE")


def _again(transfer: Transfer, **changed: object) -> Transfer:
    fields = {f.attname: getattr(transfer, f.attname) for f in Transfer._meta.concrete_fields if not f.primary_key}
    return Transfer.objects.create(**fields | changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"number": 2}, {"key": "another"}, {"number": 2, "key": "another", "pence": 0},
        {"number": 2, "key": "another", "pence": -1}, {"number": 2, "key": "another", "credit": "paid in advance"},
    ],
    ids=["its key again", "its number again", "of nothing", "below zero", "between one account"],
)  # fmt: skip
def test_a_transfer_that_may_not_be_posted(changed: dict[str, object], rows: dict[str, models.Model]) -> None:
    transfer = Transfer.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        _again(transfer, **changed)
    _again(transfer, number=2, key="another")


def test_a_closed_month_takes_no_transfer_and_is_not_opened_again(rows: dict[str, models.Model]) -> None:
    transfer = Transfer.objects.get()
    BookMonth.objects.update(state="closed")
    with pytest.raises(IntegrityError), transaction.atomic():
        _again(transfer, number=2, key="another")
    with pytest.raises(IntegrityError), transaction.atomic():
        BookMonth.objects.update(state="open")
    _again(transfer, number=2, key="another", day=transfer.day.replace(month=5))


def test_what_was_released_or_ended_is_not_changed(rows: dict[str, models.Model]) -> None:
    for changed in ({"state": "prepared"}, {"sha256": "2" * 64}, {"file": "another"}, {"pence": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentRun.objects.update(**changed)
    Declaration.objects.update(state="withdrawn")
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.update(state="approved")
