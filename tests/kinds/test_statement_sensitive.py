"""The kind: a count on a statement that could tell of a person: of a death, ReSPECT, DNACPR, a learning disability. Its
pounds stand with the others; its counts are folded away, and a commissioner's copy has them nowhere."""

from __future__ import annotations

import io
import re

import openpyxl
import pypdf
import pytest
from tests.kinds.library_statements import of

from remit.documents.blocks import Fold
from remit.documents.render.terminal import plain_text
from remit.documents.statement.formats import as_csv, as_html, as_pdf, as_text, as_xlsx, document
from remit.documents.statement.model import Statement

SENSITIVE = {"qif-2024-25": {"1b": "ReSPECT"}, "qof-england-2018-19": {"LD004": "learning disability"}}


@pytest.mark.parametrize("scheme", SENSITIVE)
def test_which_items_are(scheme: str) -> None:
    found = {view.code: view.sensitive for view in of(scheme)[0].items if view.sensitive}
    assert found.keys() == SENSITIVE[scheme].keys()


def counted(made: Statement) -> str:
    """The counts of item 1b of QIF, as a statement writes them."""
    done = next(view for view in made.items if view.code == "1b").award.achievement
    return f"{done.numerator:,} / {done.denominator:,}"


def test_a_practices_own_folds_them_away() -> None:
    made = of("qif-2024-25")[0]
    whole = document(made).blocks
    shown = plain_text([block for block in whole if not isinstance(block, Fold)], 200)
    assert re.search(r"1b  Increase use of ReSPECT documentation +for the practice only", shown)
    done = next(view for view in made.items if view.code == "1b").award.achievement
    assert f"({done.numerator} of {done.denominator})" not in shown
    assert counted(made) in as_text(made, 200)
    assert "are for the practice only. They are folded away below." in " ".join(shown.split())


def test_a_commissioners_copy_has_them_nowhere() -> None:
    made = of("qif-2024-25", "commissioner")[0]
    award = next(view for view in made.items if view.code == "1b").award
    pounds = f"£{(award.pence or 0) / 100:,.2f}"
    pdf = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(as_pdf(made))).pages)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(made)))
    texts = [
        as_text(made, 200),
        as_html(made),
        pdf,
        as_csv(made).decode(),
        str([[c.value for c in row] for s in book for row in s]),
    ]
    for text in texts:
        assert counted(made) not in text
        assert f"{award.achievement.numerator} of {award.achievement.denominator}" not in text
    assert all(pounds in text for text in texts[:3])
    assert pounds.strip("£").replace(",", "") in texts[3]
