"""The sheet Sources: provenance, rounding, parameters, the source's words, and what is not verified."""

from __future__ import annotations

from remit.core import say
from remit.documents.cells import lines_of
from remit.documents.statement import answers
from remit.documents.statement.provenance import origins, parameters, unverified
from remit.documents.statement.sources import notes
from remit.documents.statement.workbook.book import Sheet

_WIDTH = 120


class Sources(Sheet):
    """Pairs of a name and its text, under headings."""

    name = "Sources"

    def write(self) -> None:
        self.sheet.set_column(0, 0, 34)
        self.sheet.set_column(1, 1, _WIDTH)
        row = 0
        for title, pairs in self._parts():
            if not pairs:
                continue
            self.text(row, 0, title, bold=True, font_size=12)
            row += 1
            for name, text in pairs:
                self.sheet.set_row(row, 15 * lines_of(text, _WIDTH))
                self.text(row, 0, name, text_wrap=True)
                self.text(row, 1, text, text_wrap=True)
                row += 1
            row += 1

    def _parts(self) -> tuple[tuple[str, list[tuple[str, str]]], ...]:
        words = [(view.code, text) for view in self.statement.items for text in view.words]
        asks = [("", " ".join(text.split())) for text in self.scheme.asks]
        asks += [(view.code, text) for view in self.statement.items for text in view.asks]
        beside = [(view.code, text) for view in self.statement.items for text in view.notes]
        background = [
            (say.capital(k.replace("_", " ")), " ".join(t.split())) for k, t in self.scheme.background.items()
        ]
        sources = [(key, " ".join(s.title.split())) for key, s in self.scheme.sources.items()]
        return (
            ("Where it comes from", list(origins(self.statement))),
            ("Rounding", list(answers.rounding(self.statement))),
            ("Parameters of the run", list(parameters(self.statement))),
            ("The source says", words),
            ("The scheme asks", asks),
            ("Notes on the items", beside),
            ("Background", background),
            ("What nobody has verified", list(unverified(self.statement))),
            ("Notes on the scheme", list(notes(self.scheme))),
            ("Sources of the scheme's numbers", sources),
        )
