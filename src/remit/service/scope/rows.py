"""The base of every model with rows of organisations, and the managers that let a scope see its own rows only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models

from remit.service.scope.conditions import NotScoped, Visible
from remit.service.scope.scope import current

Row = TypeVar("Row", bound=models.Model)


class ScopedQuerySet(models.QuerySet[Row]):
    """Rows that are checked before many of them are written at once."""

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        """Raises PermissionDenied where one of the rows is of an organisation that may not be written to."""
        rows = list(objs)
        for row in rows:
            check_writable(row)
        return super().bulk_create(rows, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """Only rows of organisations that may be written to are changed."""
        visible = self.model.visible  # type: ignore[attr-defined]
        scope = current()
        if isinstance(visible, Visible) and not scope.everything:
            if visible.by in kwargs or visible.by.removesuffix("_id") in kwargs:
                raise PermissionDenied("a row cannot be moved to another organisation")
            return super(ScopedQuerySet, self.filter(**{f"{visible.by}__in": scope.own | scope.overseen})).update(
                **kwargs
            )
        return super().update(**kwargs)


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """The rows that the current scope sees, and no others."""

    def get_queryset(self) -> ScopedQuerySet[Any]:
        rows = super().get_queryset()
        visible = self.model.visible
        return rows.filter(visible.q(current())) if isinstance(visible, Visible) else rows


class ScopedModel(models.Model):
    """A model whose rows are seen by whom its `visible` says; it has one manager, for relations too."""

    visible: ClassVar[Visible | NotScoped]

    objects = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises PermissionDenied where the scope may not write to the row's organisation."""
        check_writable(self)
        super().save(*args, **kwargs)


def check_writable(row: models.Model) -> None:
    """Raises PermissionDenied where the current scope may not write a row of that organisation."""
    visible: Visible | NotScoped = row.visible  # type: ignore[attr-defined]
    if isinstance(visible, Visible) and not visible.may_write(current(), getattr(row, visible.by)):
        raise PermissionDenied(f"a row of {row._meta.label} is of an organisation that may not be written to")
