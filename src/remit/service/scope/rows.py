"""The base of every model with rows of organisations, and the managers that let a scope see its own rows only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

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
        whose = {visible.by, visible.by.removesuffix("_id")} if isinstance(visible, Visible) else set()
        if whose & kwargs.keys() and not current().everything:
            raise PermissionDenied("a row cannot be moved to another organisation")
        return super(ScopedQuerySet, self.writable()).update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Only rows of organisations that may be written to are removed."""
        return super(ScopedQuerySet, self.writable()).delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def writable(self) -> Self:
        """Those of the rows that the current scope may write."""
        visible = self.model.visible  # type: ignore[attr-defined]
        scope = current()
        if not isinstance(visible, Visible) or scope.everything:
            return self
        ids = () if visible.written_by_service else scope.own | scope.overseen
        return self.filter(**{f"{visible.by}__in": ids})


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

    def _do_update(self, base_qs: Any, *args: Any, **kwargs: Any) -> Any:
        """A row is changed where the one in the database may be written: a row taken over is another organisation's.

        Raises PermissionDenied where it may not.
        """
        updated = super()._do_update(base_qs.writable(), *args, **kwargs)
        if not updated and not current().everything:
            raise PermissionDenied(f"a row of {self._meta.label} may not be changed")
        return updated

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises PermissionDenied where the scope may not write to the row's organisation."""
        check_writable(self)
        if not type(self).objects.filter(pk=self.pk).writable().exists():
            raise PermissionDenied(f"a row of {self._meta.label} may not be removed")
        return super().delete(*args, **kwargs)


def check_writable(row: models.Model) -> None:
    """Raises PermissionDenied where the current scope may not write a row of that organisation."""
    visible: Visible | NotScoped = row.visible  # type: ignore[attr-defined]
    if isinstance(visible, Visible) and not visible.may_write(current(), getattr(row, visible.by)):
        raise PermissionDenied(f"a row of {row._meta.label} is of an organisation that may not be written to")
