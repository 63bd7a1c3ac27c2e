"""Requests under the Freedom of Information Act: the publishable answer to one, and how all of them stand on a day."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from remit.catalogue import Answer, Register, answer, load_register

__all__ = ["Answer", "FoiRequest", "Register", "answer_to", "register_of"]


@dataclass(frozen=True)
class FoiRequest:
    """Whose register, by the commissioner's name or as a file; and which request, the only one where none is named."""

    commissioner: str = ""
    register: Path | None = None
    reference: str | None = None

    @property
    def source(self) -> str:
        """How the register is found: a name, or a path with a file's ending."""
        if self.register is None:
            return self.commissioner
        given = str(self.register)
        return given if given.endswith((".yaml", ".yml")) else str(self.register.absolute())


def answer_to(request: FoiRequest) -> Answer:
    """The answer with its limits and its table. Raises Refused where the register has several, and none is named."""
    return answer(request.source, request.reference)


def register_of(request: FoiRequest) -> Register:
    """The whole register."""
    return load_register(request.source)[0]
