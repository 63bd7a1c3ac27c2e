"""Registers in plain Python, written from their wording and notes: who is on each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tests.rules.boundary.person import Person

NEW_COPD_RULE = date(2023, 4, 1)


def hypertension(p: Person) -> bool:
    return p.listed and p.unresolved("HYP_COD", "HYPRES_COD")


def diabetes(p: Person) -> bool:
    return p.listed and p.unresolved("DM_COD", "DMRES_COD") and p.age() >= 17


def atrial_fibrillation(p: Person) -> bool:
    return p.listed and p.unresolved("AFIB_COD", "AFIBRES_COD", same_day=True)


def coronary(p: Person) -> bool:
    return p.listed and p.ever("CHD_COD")


def peripheral(p: Person) -> bool:
    return p.listed and p.ever("PAD_COD")


def stroke(p: Person) -> bool:
    return p.listed and p.ever("STRK_COD", "TIA_COD")


def kidney(p: Person) -> bool:
    return p.listed and p.age() >= 18 and p.unresolved("CKD_COD", "CKD1AND2_COD", "CKDRES_COD")


def heart_failure(p: Person) -> bool:
    return p.listed and p.unresolved("HF_COD", "HFRES_COD")


def heart_failure_reduced(p: Person) -> bool:
    return heart_failure(p) and p.ever("HFLVSD_COD", "REDEJCFRAC_COD")


def asthma(p: Person) -> bool:
    return p.listed and p.age() >= 6 and p.unresolved("AST_COD", "ASTRES_COD") and p.within(12, "ASTTRT_COD")


def unresolved_copd(p: Person) -> date | None:
    """The earliest diagnosis after the latest resolution."""
    over = p.last("COPDRES_COD")
    return min((day for day in p.days("COPD_COD") if over is None or day > over), default=None)


def copd(p: Person) -> bool:
    begun = unresolved_copd(p)
    if not p.listed or begun is None:
        return False

    def obstructed(about: date) -> bool:
        near = (about - timedelta(93), about + timedelta(186))
        low = [e.date for e in p.of("FEV1FVC_COD") if e.value is not None and float(e.value) < 0.7]
        return any(near[0] <= day <= near[1] for day in [*low, *p.days("FEV1FVCL70_COD")])

    return (
        begun < NEW_COPD_RULE or obstructed(begun) or (p.new_here(12) and obstructed(p.joined)) or p.ever("SPIRPU_COD")
    )


def dementia(p: Person) -> bool:
    return p.listed and p.ever("DEM_COD")


def episode(p: Person) -> date | None:
    """The latest first or new episode of depression; an entry that says nothing counts as one."""
    return max((e.date for e in p.of("DEPR_COD") if e.episode in ("", "first", "new")), default=None)


def depression(p: Person) -> bool:
    last = episode(p)
    if not p.listed or p.age() < 18 or last is None or last < date(2006, 4, 1):
        return False
    return not any(day > last for day in p.days("DEPRES_COD"))


def psychosis(p: Person) -> bool:
    return p.listed and p.ever("MH_COD")


def raised_glucose(p: Person) -> bool:
    return (
        p.listed
        and p.age() >= 18
        and p.ever("NDH_COD", "IGT_COD", "PRD_COD")
        and not p.unresolved("DM_COD", "DMRES_COD")
    )


def type_1(p: Person) -> bool:
    one, two = p.last("DMTYPE1_COD"), p.last("DMTYPE2_COD")
    return one is not None and (two is None or one > two)


def palliative(p: Person) -> bool:
    since = [day for day in p.days("PALCARE_COD") if day >= date(2008, 4, 1)]
    return p.listed and bool(since) and not any(day > since[-1] for day in p.days("PALCARENI_COD"))


SMOKING_MAKES_WORSE: list[tuple[Callable[[Person], bool], Callable[[Person], date | None]]] = [
    (coronary, lambda p: p.first("CHD_COD")),
    (peripheral, lambda p: p.first("PAD_COD")),
    (stroke, lambda p: p.first("STRK_COD", "TIA_COD")),
    (hypertension, lambda p: p.first("HYP_COD")),
    (diabetes, lambda p: p.first("DM_COD")),
    (copd, unresolved_copd),
    (kidney, lambda p: p.first("CKD_COD")),
    (asthma, lambda p: p.first("AST_COD")),
    (psychosis, lambda p: p.first("MH_COD")),
]
"""The registers of SMOK1_REG, each with the day from which its diagnosis counts."""

REGISTERS: dict[str, Callable[[Person], bool]] = {
    "HYP_REG": hypertension,
    "DM_REG": diabetes,
    "AFIB_REG": atrial_fibrillation,
    "CHD_REG": coronary,
    "PAD_REG": peripheral,
    "STIA_REG": stroke,
    "CKD_REG": kidney,
    "HF1_REG": heart_failure,
    "HF2_REG": heart_failure_reduced,
    "AST_REG": asthma,
    "COPD_SPIR_REG": copd,
    "DEM_REG": dementia,
    "DEP1_REG": depression,
    "NDH_REG": raised_glucose,
    "PALCARE_REG": palliative,
    "SMOK1_REG": lambda p: any(on(p) for on, _ in SMOKING_MAKES_WORSE),
    "CHOL_REG": lambda p: coronary(p) or peripheral(p) or stroke(p) or kidney(p),
    "CHOL2_REG": lambda p: coronary(p) or peripheral(p) or stroke(p),
    "DMTYPE1_REG": lambda p: diabetes(p) and type_1(p),
    "DMTYPE2_REG": lambda p: diabetes(p) and not type_1(p),
}
