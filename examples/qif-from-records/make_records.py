"""Makes records of a few hundred made-up patients of three practices, in the layout of `remit records import`.

    python make_records.py records

The codes are those of the demonstration clusters; ids, dates and values are drawn from a seed. Nobody is real.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from remit.terminology.sets import demonstration

START, END = date(2024, 4, 1), date(2025, 3, 31)
PRACTICES = {  # code: name, place, patients, how often care is recorded
    "X1": ("Example Practice 1", "cannock-chase", 160, 0.75),
    "X2": ("Example Practice 2", "stafford-and-surrounds", 130, 0.55),
    "X3": ("Example Practice 3", "north-staffordshire", 110, 0.35),
}
CARE = ("BMIVAL_COD", "CRE_COD", "FOOTEXAM_COD", "NDAALB_COD")
Row = list[str]


class Maker:
    """One practice's rows, drawn from a seed of its own."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.name, self.place, self.size, self.care = PRACTICES[code]
        self.draw = Random(f"qif-from-records {code}")
        self.codes = {name: sorted(c.codes) for name, c in demonstration().clusters.items()}
        self.patients: list[Row] = []
        self.registrations: list[Row] = []
        self.events: list[Row] = []
        for n in range(1, self.size + 1):
            self._patient(f"{code}-{n:04d}")

    def chance(self, share: float) -> bool:
        return self.draw.random() < share

    def day(self, first: date = START, last: date = END) -> date:
        return first + timedelta(days=self.draw.randrange((last - first).days + 1))

    def event(self, who: str, cluster: str, when: date, value: str = "", unit: str = "", reading: str = "") -> None:
        code = self.draw.choice(self.codes[cluster])
        self.events.append([self.code, who, when.isoformat(), code, value, unit, "", reading])

    def _patient(self, who: str) -> None:
        age = min(int(self.draw.triangular(0, 99, 48)), 99)
        born = date(END.year - age - 1, self.draw.randint(1, 12), self.draw.randint(1, 28))
        died = self.day() if age > 70 and self.chance(0.15) else None
        since = max(born, self.day(date(1990, 1, 1), date(2023, 12, 31)) if self.chance(0.95) else self.day())
        if died and since > died:
            since = max(born, date(2010, 1, 1))
        sex = self.draw.choice("FM")
        dead = died.isoformat() if died else ""
        decile = str(self.draw.randint(1, 10))
        self.patients.append([self.code, who, born.isoformat(), sex, dead, "", decile, ""])
        self.registrations.append([self.code, who, self.code, since.isoformat(), dead])
        last = died or END
        for made in (self._pressure, self._diabetes, self._heart, self._kidney, self._pulse, self._end_of_life):
            made(who, age, last)

    def _often(self) -> bool:
        return self.chance(self.care)

    def _past(self) -> date:
        return self.day(date(2012, 1, 1), date(2024, 3, 31))

    def _pressure(self, who: str, age: int, last: date) -> None:
        if age < 30 or not self.chance(0.3):
            return
        self.event(who, "HYP_COD", self._past() if self.chance(0.95) else self.day())
        for _ in range(self.draw.choice((0, 1, 1, 2))):
            when = self.day(date(2023, 10, 1), last)
            systolic = str(self.draw.randint(118, 168 if not self._often() else 142))
            diastolic, name = str(self.draw.randint(62, 94)), f"bp-{len(self.events)}"
            sys_, dia = ("HOMEBPSYS_COD", "HOMEBPDIA_COD") if self.chance(0.2) else ("BPSYS_COD", "BPDIA_COD")
            self.event(who, sys_, when, systolic, "mmHg", name)
            self.event(who, dia, when, diastolic, "mmHg", name)
        if self.chance(0.12):
            first = self.day(START, date(2025, 1, 31))
            self.event(who, "HYPINVITE_COD", first)
            self.event(who, "HYPINVITE_COD", first + timedelta(days=self.draw.choice((6, 7, 21))))
        for cluster, share in (("HTMAX_COD", 0.03), ("BPDEC_COD", 0.03), ("HYPPCADEC_COD", 0.02)):
            if self.chance(share):
                self.event(who, cluster, self.day())

    def _diabetes(self, who: str, age: int, last: date) -> None:
        if age < 17 or not self.chance(0.14):
            return
        self.event(who, "DM_COD", self._past())
        self.event(who, "DMTYPE1_COD" if self.chance(0.2) else "DMTYPE2_COD", self._past())
        thorough = self.chance(self.care * 0.8)
        for cluster in CARE:
            if thorough or self._often():
                value = str(self.draw.randint(20, 38)) if cluster == "BMIVAL_COD" else ""
                self.event(who, cluster, self.day(START, last), value)
        if thorough or self._often():
            self.event(who, "IFCCHBAM_COD", self.day(START, last), str(self.draw.randint(42, 90)), "mmol/mol")
        if thorough or self._often():
            self.event(who, "CHOL2_COD", self.day(START, last), str(self.draw.randint(3, 7)), "mmol/L")
        if thorough or self._often():
            self.event(who, self.draw.choice(("NSMOK_COD", "EXSMOK_COD", "LSMOK_COD")), self.day(START, last))
        if thorough:
            when, name = self.day(START, last), f"bp-{len(self.events)}"
            self.event(who, "BPSYS_COD", when, "134", "mmHg", name)
            self.event(who, "BPDIA_COD", when, "78", "mmHg", name)

    def _heart(self, who: str, age: int, last: date) -> None:
        if age < 45 or not self.chance(0.15):
            return
        self.event(who, self.draw.choice(("CHD_COD", "PAD_COD", "STRK_COD", "TIA_COD")), self._past())
        if self._often():
            self.event(who, "NONHDLCCHOL_COD", self.day(START, last), f"{self.draw.randint(15, 42) / 10:.1f}", "mmol/L")
        if self._often():
            self.event(who, "LDLCCHOL_COD", self.day(START, last), f"{self.draw.randint(10, 35) / 10:.1f}", "mmol/L")

    def _kidney(self, who: str, age: int, last: date) -> None:
        if age >= 18 and self.chance(0.07):
            self.event(who, "CKD_COD", self._past())

    def _pulse(self, who: str, age: int, last: date) -> None:
        if age >= 65 and self._often():
            self.event(who, "PULSERHYTHM_COD", self.day(START, last))

    def _end_of_life(self, who: str, age: int, last: date) -> None:
        if age > 60 and self.chance(0.04):
            self.event(who, "PALCARE_COD", self._past())
        if age > 70 and self._often():
            self.event(who, "RESPECT_COD", self.day(date(2023, 1, 1), last))
            if self.chance(0.5):
                self.event(who, "PREFPLACE_COD", self.day(date(2023, 1, 1), last))


def tables() -> Iterator[tuple[str, list[str], Callable[[Maker], list[Row]]]]:
    """Each file: its name, its columns, and a practice's rows."""
    yield "extracts", ["extract_id", "practice_code", "last_day"], lambda m: [["2025-03-31", m.code, END.isoformat()]]
    yield "practices", [
        "practice_code", "since", "practice_name", "list_size", "weighted_list_size", "place_code", "network_code"
    ], lambda m: [[m.code, "2024-01-01", m.name, str(m.size), f"{m.size * 1.04:.2f}", m.place, ""]]  # fmt: skip
    yield "patients", [
        "practice_code", "patient_id", "birth_date", "sex", "death_date", "ethnicity", "deprivation_decile", "flags"
    ], lambda m: m.patients  # fmt: skip
    yield "registrations", [
        "practice_code", "patient_id", "registered_at", "start_date", "end_date"
    ], lambda m: m.registrations  # fmt: skip
    yield "events", [
        "practice_code", "patient_id", "date", "code", "value", "unit", "episode", "reading"
    ], lambda m: m.events  # fmt: skip


def main(folder: Path) -> None:
    """Write the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [Maker(code) for code in PRACTICES]
    for name, columns, rows in tables():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            for maker in made:
                writer.writerows(rows(maker))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "records"))
