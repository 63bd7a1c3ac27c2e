"""What a run may or must be given by name: a date, a choice, or items that are left out."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from remit.core.dates import parse_date
from remit.scheme.agreements import Cited
from remit.scheme.quantity import Percent

NO_ITEMS = "none"


class Parameter(Cited):
    """What you may or must supply with a run, by name. Without a default, what rests on it waits for it."""

    type: Literal["date", "choice", "items"]
    about: str
    choices: tuple[str, ...] = ()
    most: Percent | None = Field(default=None, description="With `items`: which share of the scheme's items at most")
    default: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_items(cls, raw: Any) -> Any:
        """Unless a run says otherwise, no items are named."""
        if isinstance(raw, dict) and raw.get("type") == "items" and "default" not in raw:
            return {**raw, "default": NO_ITEMS}
        return raw

    @model_validator(mode="after")
    def _choices_fit(self) -> Parameter:
        if self.most is not None and self.type != "items":
            raise ValueError("'most' belongs to a parameter of type items, and only there")
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("'choices' belong to a parameter of type choice, and only there")
        if self.default is not None and self.choices and self.default not in self.choices:
            raise ValueError(f"the default '{self.default}' is none of {', '.join(self.choices)}")
        if self.type == "date" and self.default is not None:
            parse_date(self.default)
        return self
