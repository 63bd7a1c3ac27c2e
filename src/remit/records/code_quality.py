"""Codes as the check looks at them: damaged, with a wrong check digit, or spelt in another way.

An import of today rejects or tells of these; a store of an earlier one may hold them, and nothing reads them.
"""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from remit.records import findings
from remit.records.cells import has_no_form
from remit.records.value_quality import Odd
from remit.terminology.codes import CHECK_DIGIT, NO_CONCEPT, WITH_TERM, damage, doubt_about, misspelt

_DOUBTS = {
    CHECK_DIGIT: findings.CHECK_DIGIT,
    WITH_TERM: findings.TERM_CODE,
    NO_CONCEPT: findings.NO_CONCEPT,
}


def odd_codes(rows: pa.Table, known_codes: Collection[str]) -> dict[str, Odd]:
    """How many rows have a code of each kind that is odd, by code. `known_codes`: those that clusters and lists
    have."""
    names = ["code", "system"] if "system" in rows.column_names else ["code"]
    counted = rows.group_by(names).aggregate([([], "count_all")]).to_pylist()
    by_kind: dict[str, Odd] = {}

    def add(kind: str, label: str, count: int) -> None:
        codes = by_kind.setdefault(kind, Odd()).codes
        codes[label] = codes.get(label, 0) + count

    others = misspelt({one["code"] for one in counted}, known_codes)
    for one in counted:
        code, system, count = one["code"], one.get("system", ""), one["count_all"]
        if damage(code, system):
            add(findings.ALTERED, _visible(code), count)
        elif code not in known_codes and (doubt := doubt_about(code, system)):
            add(_DOUBTS[doubt], code, count)
        elif code not in known_codes and has_no_form(code, system):
            add(findings.NO_FORM, _visible(code) + (f", said to be {system}" if system else ""), count)
        if code in others:
            add(findings.MISSPELT, f"{_visible(code)} for {others[code]}", count)
    return by_kind


def _visible(code: str) -> str:
    return "".join(c if c.isprintable() and c.isascii() else "�" for c in code)
