"""An item of a scheme, from the bytes of its version, with the rules by which its indicator is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from remit.application.spec import SpecRequest, spec
from remit.core.problems import Refused
from remit.documents.render.html import Fragment, fragment
from remit.documents.specification import specification
from remit.service.register import reading
from remit.service.register.checking import of_version
from remit.service.register.models import SchemeVersion
from remit.service.register.text import shown


@dataclass(frozen=True)
class ItemOfScheme:
    """An item: the lines of the scheme's text that say it, from which line on, and its rules where Remit has some."""

    version: SchemeVersion
    item: str
    title: str
    indicator: str
    line: int
    text: str
    rules: Fragment | None


def item_of(organisation: str, scheme_id: str, version: int, item: str) -> ItemOfScheme | None:
    """An item of a version; None where there is none that may be seen."""
    found = reading.one(organisation, scheme_id, version)
    scheme = of_version(found).scheme if found is not None else None
    if found is None or scheme is None:
        return None
    known = next((one for one in scheme.items if one.item == item), None)
    if known is None:
        return None
    line, text = lines_of(shown(bytes(found.content)) or "", item)
    rules = next((rules for code in reversed(known.indicators) if (rules := rules_of(code))), None)
    return ItemOfScheme(found, item, known.title, ", ".join(known.indicators), line, text, rules)


def lines_of(text: str, item: str) -> tuple[int, str]:
    """The number of the line where an item begins, and its lines; 0 where they are not written line by line."""
    lines = text.splitlines()
    begins = re.compile(rf"^(\s*)-\s+item:\s*['\"]?{re.escape(item)}['\"]?\s*(#.*)?$")
    for number, line in enumerate(lines):
        found = begins.match(line)
        if found is None:
            continue
        indent = len(found[1])
        end = number + 1
        while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > indent):
            end += 1
        return number + 1, "\n".join(lines[number:end]).rstrip()
    return 0, ""


@lru_cache(maxsize=256)
def rules_of(indicator: str) -> Fragment | None:
    """The specification of an indicator, as `remit spec` writes it; None where Remit has no rules for it."""
    try:
        result = spec(SpecRequest(indicator))
    except Refused:
        return None
    return fragment(specification(result.definition, result.known, result.clusters, result.dates, result.elsewhen))
