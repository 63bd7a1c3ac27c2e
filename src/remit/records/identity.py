"""Who a patient is: NHS numbers, checked, turned into pseudonyms by a key that the store never holds.

A pseudonym is the first 128 bits of HMAC-SHA256(key, ten digits): the same in every practice and every import with
that key, and without the key nobody can go back, not even by trying every NHS number there is.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from pathlib import Path

import nhs_number

from remit.core.nhs_numbers import holds_nhs_number
from remit.core.placeholders import is_filler
from remit.core.problems import Place, refuse
from remit.records.keys import LEAST, is_table, is_weak

_WITHOUT = (
    "Give a key: a file outside the store with at least 32 characters that nobody can guess "
    "(openssl rand -hex 32 > key). Ids that are made up can be kept as they are."
)
_PLAIN = re.compile(r"[^\s,;\"\x00-\x1f\x7f]{1,64}")


@dataclass(frozen=True)
class Identity:
    """How ids are read. Without a key they are kept as they are."""

    key: bytes | None = None

    @property
    def manifest_entry(self) -> dict[str, str]:
        """What the manifest has of it: a fingerprint shows whether a key is the same, and reveals nothing of the
        key."""
        if self.key is None:
            return {"ids": "kept"}
        print_ = hmac.new(self.key, b"remit: fingerprint of the key", hashlib.sha256).hexdigest()[:16]
        return {"ids": "pseudonyms", "key": print_}

    def __call__(self, text: str) -> str:
        """The id to store. Raises ValueError, which never quotes the text."""
        if is_filler(text):
            raise ValueError(OF_NOBODY)
        if self.key is None:
            if not _PLAIN.fullmatch(text):
                raise ValueError("expected an id of at most 64 characters, without blanks, commas or semicolons")
            return text
        digits = nhs_number.standardise_format(text) if text.isascii() else ""
        if not digits or not nhs_number.is_valid(digits):
            raise ValueError("is not a valid NHS number")
        return hmac.new(self.key, digits.encode(), hashlib.sha256).hexdigest()[:32]

    def of_record(self, text: str) -> str:
        """What stands for the source's own id of a record where that holds an NHS number: the same for the same."""
        assert self.key is not None, "ids are made with a key"
        return hmac.new(self.key, b"record: " + text.encode(), hashlib.sha256).hexdigest()[:32]


OF_NOBODY = "is what systems write where no NHS number is known: it is nobody's own"
"""Why a row of a filler is rejected. Such rows are left out as they are, whichever share of a table they are."""


def looks_real(text: str) -> bool:
    """Whether an id that was to be kept holds a valid NHS number outside the range set aside for testing."""
    return holds_nhs_number(text, of_nobody=False)


def read_identity(key_file: Path | None, keep_ids: bool, store: Path, source: Path | None = None) -> Identity:
    """The key from its file, or ids kept. Raises Refused where neither or both are given, or the key is not a
    secret."""
    if keep_ids and key_file:
        raise refuse(
            "records.key-and-ids-kept",
            "a key is given, and ids are to be kept as they are: the two do not go together.",
            None,
            "Leave one of them out.",
        )
    if keep_ids:
        return Identity()
    if key_file is None:
        raise refuse(
            "records.no-key",
            "NHS numbers are not stored: there is no key to turn them into pseudonyms.",
            None,
            _WITHOUT,
            least=LEAST,
        )
    place = Place(str(key_file))
    path = key_file.resolve()
    if path.is_relative_to(store.resolve()):
        raise refuse(
            "records.key-in-store",
            "the key must not be in the store: anyone who has the store would have the key.",
            place,
            "Move it.",
        )
    try:
        key = path.read_bytes().strip()
    except FileNotFoundError:
        raise refuse("records.no-such-key-file", "there is no such file.", place, _WITHOUT, least=LEAST) from None
    except OSError as error:
        raise refuse(
            "files.cannot-be-read", f"cannot be read: {error.strerror}.", place, reason=error.strerror
        ) from None
    if is_weak(key):
        raise refuse(
            "records.key-too-weak",
            f"is not a safe key: it needs {LEAST} characters or more that nobody can guess.",
            place,
            "Make one: openssl rand -hex 32 > key",
            least=LEAST,
        )
    if is_table(key) or (path.parent == (source or store).resolve() and path.suffix in (".csv", ".parquet")):
        what = "is a table of records, not a key: anyone who has the extract would have the key."
        raise refuse("records.key-is-an-extract", what, place, "Make one: openssl rand -hex 32 > key")
    return Identity(key)
