"""The rows of every table as JSON lines, the same on SQLite and PostgreSQL, and back.

Tables are those of the migrations that a database has, by Django's historical models: so a backup can be made before a
migration, and read back by a version that has more of them.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.utils.duration import duration_iso_string

LEFT_OUT = frozenset({"sessions.session", "people.opensession"})
"""Who is signed in: everybody signs in again after a restore."""

Model = type[models.Model]
Node = tuple[str, str]


def applied(loader: MigrationLoader) -> list[Node]:
    """The migrations that the database has, in the order of their names."""
    return sorted(node for node in loader.applied_migrations if node in loader.graph.nodes)


def leaves(loader: MigrationLoader, nodes: Iterable[Node]) -> list[Node]:
    """Of some migrations, the last of each app."""
    every = set(nodes)
    followed = {
        parent.key for node in every for parent in loader.graph.node_map[node].parents if parent.key[0] == node[0]
    }
    return sorted(every - followed)


def of(loader: MigrationLoader, nodes: Iterable[Node]) -> dict[str, Model]:
    """The models of the tables that some migrations make, by their label, in the order of these."""
    state = loader.project_state(leaves(loader, nodes))
    every = {model._meta.label_lower: model for model in state.apps.get_models(include_auto_created=True)}
    return {label: every[label] for label in sorted(every) if label not in LEFT_OUT and every[label]._meta.managed}


def lines(model: Model) -> Iterator[bytes]:
    """The rows of a table in the order of their keys, a line each."""
    fields = model._meta.concrete_fields
    rows = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    names = [field.attname for field in fields]
    encoders = [_encoder(field) for field in fields]
    found = (
        json.dumps(
            {
                name: None if value is None else encode(value)
                for name, encode, value in zip(names, encoders, row, strict=True)
            },
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        + b"\n"
        for row in rows.iterator(chunk_size=500)
    )
    pk = model._meta.pk
    return iter(sorted(found)) if isinstance(pk, models.CharField | models.TextField) else found


def anchor(models: dict[str, Model]) -> str:
    """The audit log's last entry, its number and hash, as `remit audit verify --expect` takes it; "" without a log."""
    head: Any = models["audit.head"]._base_manager.first() if "audit.head" in models else None
    return f"{head.number}:{head.hash}" if head else ""


def sha256(model: Model) -> str:
    """The SHA-256 of a table's rows."""
    digest = hashlib.sha256()
    for line in lines(model):
        digest.update(line)
    return digest.hexdigest()


def load(model: Model, rows: Iterable[bytes]) -> None:
    """Put rows into an empty table, as they are: no field is filled in."""
    fields = list(model._meta.concrete_fields)
    many = max(1, min(200, connection.ops.bulk_batch_size(fields, [None] * 200)))
    made = (_row(model, fields, line) for line in rows)
    while batch := list(islice(made, many)):
        model._base_manager.all()._insert(batch, fields, raw=True, using=connection.alias)  # type: ignore[attr-defined]


def _row(model: Model, fields: list[Any], line: bytes) -> models.Model:
    values = json.loads(line)
    return model(**{field.attname: _decoded(field, values[field.attname]) for field in fields})


def _encoder(field: Any) -> Any:
    return _itself if isinstance(field, models.JSONField) else _encoded


def _itself(value: Any) -> Any:
    return value


def _encoded(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case bool() | int() | float() | str():
            return value
    raise TypeError(f"a value of {type(value).__name__} has no form in a backup")


def _decoded(field: Any, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    return field.to_python(value)
