"""Whether every model is scoped, or says why not."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from remit.service.scope import listed
from remit.service.scope.conditions import FieldIs, InAny, InPart, NotScoped, UnderConsent, Visible
from remit.service.scope.faults import Fault, place_of
from remit.service.scope.rows import ScopedManager, ScopedModel

_SHORTEST_REASON = 20
_OWN = ("save", "delete", "_do_update", "save_base", "_base_manager", "_default_manager")
_ADDED_TO = ("save", "delete")
"""Methods that a model may add to, where it calls those of ScopedModel."""


def of_models(every: Iterable[type[models.Model]]) -> Iterator[Fault]:
    """The faults of models, of ours and of others'."""
    for model in every:
        maker: Any = model._meta.auto_created
        if maker:
            if _is_ours(maker):
                what = f"{model._meta.label} is a table that Django makes of a ManyToManyField, and is not scoped."
                yield Fault(place_of(maker), what, "Make it a ScopedModel of its own.")
        elif _is_ours(model):
            yield from _of_ours(model)
        elif model._meta.app_label not in listed.THIRD_PARTY:
            what = f"{model._meta.label} is a table of an app that is not ours and not known to be safe."
            yield Fault("scope/listed.py", what, "Say in THIRD_PARTY why nobody can read another's rows through it.")


def _is_ours(model: type[models.Model]) -> bool:
    return model.__module__.split(".")[0] not in {"django", "allauth", "django_tasks", "django_tasks_db"}


def _of_ours(model: type[models.Model]) -> Iterator[Fault]:
    label = model._meta.label
    visible = getattr(model, "visible", None)
    if isinstance(visible, NotScoped):
        if len(visible.reason.strip()) < _SHORTEST_REASON:
            yield Fault(
                place_of(model), f"{label} is not scoped and hardly says why.", 'Write the reason: NotScoped("…").'
            )
        return
    if not isinstance(visible, Visible):
        what = f"{label} does not say whose rows it holds."
        to_do = 'Make it a ScopedModel with `visible = Visible(by="…")`, or NotScoped with the reason.'
        yield Fault(place_of(model), what, to_do)
        return
    if not issubclass(model, ScopedModel):
        yield Fault(place_of(model), f"{label} is not a ScopedModel.", "Derive it from ScopedModel.")
    managers = {
        "default": model._default_manager,
        "base": model._base_manager,
        **{manager.name: manager for manager in model._meta.managers},
    }
    for name, manager in managers.items():
        if type(manager) is not ScopedManager:
            what = f"{label}'s manager {name} is a {type(manager).__name__}, which does not filter by scope."
            to_do = "Leave `objects` as ScopedModel has it, and Meta's managers too (Meta(ScopedModel.Meta))."
            yield Fault(place_of(model), what, to_do)
    if overridden := [name for name in _OWN if name in vars(model) and not _calls_scoped(model, name)]:
        what = f"{label} has its own {', '.join(overridden)}, which may pass the scope by."
        yield Fault(place_of(model), what, "Do it in a function of services.py.")
    yield from _of_columns(model, visible)


def _calls_scoped(model: type[models.Model], name: str) -> bool:
    return name in _ADDED_TO and f"super().{name}(" in inspect.getsource(vars(model)[name])


def _of_columns(model: type[models.Model], visible: Visible) -> Iterator[Fault]:
    own = {field.attname for field in model._meta.local_concrete_fields}
    named = [visible.by, *filter(None, [visible.person])]
    for _, condition in visible.parts:
        if isinstance(condition, UnderConsent):
            named += [condition.practice, condition.day]
        elif isinstance(condition, FieldIs | InAny | InPart):
            named.append(condition.column)
    for column in dict.fromkeys(named):
        if column not in own:
            what = f"{model._meta.label} is scoped by {column}, which is no column of its own table."
            yield Fault(place_of(model), what, "Name the organisation in a column of the row, as practice_id.")
    for field in model._meta.local_fields:
        if field.remote_field and getattr(field.remote_field, "on_delete", None) is not models.PROTECT:
            what = f"{model._meta.label}.{field.name} does not protect what it names: rows could vanish with another."
            yield Fault(place_of(model), what, "Write on_delete=models.PROTECT.")
