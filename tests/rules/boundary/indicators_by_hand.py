"""Indicators of 2024-25 in plain Python, written from their wording and notes: what becomes of somebody.

Those of heart, vessels and diabetes stand in `vessels_by_hand.py`; here are the others, and the table of all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tests.rules.boundary import registers_by_hand as on
from tests.rules.boundary import vessels_by_hand as v
from tests.rules.boundary.person import ACHIEVED, EXCLUDED, OUTSIDE, PCA, Person, decided


def heart_failure_review(p: Person) -> str:
    return decided(
        (p.within(12, "HFRVW_COD") and p.within(12, "HFMEDRVW_COD", "MEDRVW_COD"), ACHIEVED),
        (p.within(12, "HFPCAPU_COD"), PCA("HFPCAPU")),
        (p.within(12, "MEDRVWDEC_COD"), PCA("MEDRVWDEC")),
        (p.within(12, "HFPCADEC_COD"), PCA("HFPCADEC")),
        (p.invited("HFINVITE_COD"), PCA("HFINVITE")),
        (p.diagnosed_within(3, "HF_COD"), PCA("DIAG1_DAT")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


def asthma_review(p: Person) -> str:
    def month_before(day: date) -> date:
        """The same day of the month before, or that month's last."""
        end = day.replace(day=1) - timedelta(1)
        return end.replace(day=min(day.day, end.day))

    def whole(review: date) -> bool:
        near = [
            any(month_before(review) < day <= review for day in p.days(name))
            for name in ("ASTEXACB_COD", "ASTCONTASS_COD")
        ]
        return all(near) and review in p.days("WRITPASTP_COD")

    return decided(
        (any(whole(day) for day in p.days("REV_COD") if day >= p.since(12)), ACHIEVED),
        (p.within(12, "ASTPCAPU_COD"), PCA("ASTPCAPU")),
        (p.within(12, "ASTMONDEC_COD"), PCA("ASTMONDEC")),
        (p.within(12, "ASTPCADEC_COD"), PCA("ASTPCADEC")),
        (p.invited("ASTINVITE_COD"), PCA("ASTINVITE1")),
        (p.diagnosed_within(3, "AST_COD"), PCA("DIAG1_DAT")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


def copd_review(p: Person) -> str:
    begun = on.unresolved_copd(p)
    parts = (("COPDRVW_COD",), ("COPDEXACB_COD",), ("MRC_COD", "MRC1_COD"))
    return decided(
        (all(p.within(12, *part) for part in parts), ACHIEVED),
        (p.within(12, "COPDPCAPU_COD"), PCA("COPDPCAPU")),
        (p.within(12, "COPDPCADEC_COD"), PCA("COPDPCADEC")),
        (p.invited("COPDINVITE_COD"), PCA("COPDINVITE")),
        (begun and begun >= p.since(3), PCA("DIAG1_DAT")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


def dementia_plan(p: Person) -> str:
    return decided(
        (p.within(12, "DEMCPRVW_COD"), ACHIEVED),
        (p.within(12, "DEMPCAPU_COD"), PCA("DEMPCAPU")),
        (p.within(12, "DEMCPDEC_COD", "DEMCPRVWDEC_COD"), PCA("DEMCPDEC")),
        (p.within(12, "DEMPCADEC_COD"), PCA("DEMPCADEC")),
        (p.invited("DEMINVITE_COD"), PCA("DEMINVITE")),
        (p.diagnosed_within(3, "DEM_COD"), PCA("DIAG1_DAT")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


def depression_review(p: Person) -> str:
    begun = on.episode(p)
    assert begun is not None
    reviews = [day for day in p.days("DEPRVW_COD") if 10 <= (day - begun).days <= 56]
    return decided(
        (begun < p.since(15), EXCLUDED("DEPR_DAT2")),
        (reviews and reviews[0] < p.since(12), EXCLUDED("DEPRVW_DAT")),
        (reviews, ACHIEVED),
        (p.within(12, "DEPRPCAPU_COD"), PCA("DEPRPCAPU")),
        (p.within(12, "DEPRPCADEC_COD"), PCA("DEPRPCADEC")),
        (p.invited("DEPRINVITE_COD"), PCA("DEPRINVITE")),
        (begun >= p.since(3), PCA("DIAG1_DAT")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


STATUSES = ("SMOK_COD", "LSMOK_COD", "EXSMOK_COD", "NSMOK_COD")


def _newest_condition(p: Person) -> bool:
    begun = [day for holds, first in on.SMOKING_MAKES_WORSE if holds(p) and (day := first(p))]
    return bool(begun) and min(begun) >= p.since(3)


def smoking_status(p: Person) -> str:
    return decided(
        (p.within(12, *STATUSES), ACHIEVED),
        (p.within(12, "SMOKPCAPU_COD"), PCA("SMOKPCAPU")),
        (p.within(12, "SMOKSTATDEC_COD"), PCA("SMOKSTDEC")),
        (p.within(12, "SMOKPCADEC_COD"), PCA("SMOKPCADEC")),
        (p.invited("SMOKINVITE_COD"), PCA("SMOKINVITE")),
        (_newest_condition(p), PCA("DIAG1_DAT")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


def _smoking_support(months: int, by_condition: bool) -> Callable[[Person], str]:
    def told(p: Person) -> str:
        last = p.last(*STATUSES)
        return decided(
            (last is None or last != p.last("LSMOK_COD"), EXCLUDED("CSMOK")),
            (p.within(months, "PHARM_COD", "REFERSSSA_COD"), ACHIEVED),
            (p.within(12, "SMOKPCAPU_COD"), PCA("SMOKPCAPU")),
            (p.within(12, "SMOKPCADEC_COD"), PCA("SMOKPCADEC")),
            (p.invited("SMOKINVITE_COD"), PCA("SMOKINVITE")),
            (by_condition and _newest_condition(p), PCA("DIAG1_DAT")),
            (p.new_here(3), PCA("REG1_DAT3")),
        )

    return told


def _screening(ages: tuple[int, int], months: int, pregnant: bool) -> Callable[[Person], str]:
    def told(p: Person) -> str:
        invited = {day for day in p.days("CSPCAINVITE_COD") if day >= p.since(months)}
        return decided(
            (not ages[0] <= p.age() <= ages[1], EXCLUDED(f"P_AGE{ages[0]}_{ages[1]}")),
            (p.ever("NOCX_COD"), EXCLUDED("NOCX")),
            (p.within(months, "SMEAR_COD"), ACHIEVED),
            (p.ever("CSPU_COD"), PCA("CSPU")),
            (pregnant and p.within(12, "PREG_COD"), PCA("PREG_DAT")),
            (p.ever("CSDEC_COD"), PCA("CSDEC")),
            (len(invited) >= 3, PCA("CSPCAINV")),
            (p.new_here(3), PCA("REG1_DAT3")),
        )

    return told


def pressure_recorded(p: Person) -> str:
    reading = p.pressure(home=False)
    return decided(
        (p.age() < 45, EXCLUDED("PAT_AGEU45")),
        (reading and reading[0] >= p.since(60), ACHIEVED),
        (p.within(60, "BPDEC_COD"), PCA("BPDEC1")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


def pulse(p: Person) -> str:
    return decided(
        (p.age() < 65, EXCLUDED("PAT_AGEU65")),
        (on.atrial_fibrillation(p), EXCLUDED("AFIB_REG")),
        (p.within(12, "PULSERHYTHM_COD"), ACHIEVED),
    )


def women_25_to_64(p: Person) -> bool:
    return p.listed and p.patient.sex == "F" and 25 <= p.age() <= 64


Told = tuple[Callable[[Person], bool], Callable[[Person], str]]
INDICATORS: dict[str, Told] = {
    "HYP008": (on.hypertension, v.last_pressure("HYP", ("HYP_COD",), "HYPBPINV", over_80=False)),
    "HYP009": (on.hypertension, v.last_pressure("HYP", ("HYP_COD",), "HYPBPINV", over_80=True)),
    "CHD015": (on.coronary, v.last_pressure("CHD", ("CHD_COD",), "CHDBPINV", over_80=False)),
    "CHD016": (on.coronary, v.last_pressure("CHD", ("CHD_COD",), "CHDBPINV", over_80=True)),
    "STIA014": (on.stroke, v.last_pressure("STIA", ("STRK_COD", "TIA_COD"), "STBPINVITE", over_80=False)),
    "STIA015": (on.stroke, v.last_pressure("STIA", ("STRK_COD", "TIA_COD"), "STBPINVITE", over_80=True)),
    "DM033": (on.diabetes, v.last_pressure("DM", ("DM_COD",), "DMBPINVITE", over_80=None)),
    "DM020": (on.diabetes, v.hba1c(58, of_the_frail=False)),
    "DM021": (on.diabetes, v.hba1c(75, of_the_frail=True)),
    "DM012": (on.diabetes, v.foot),
    "DM023": (on.diabetes, v.statin_after_disease),
    "DM8CP-TYPE1": (on.REGISTERS["DMTYPE1_REG"], v.eight_processes),
    "DM8CP-TYPE2": (on.REGISTERS["DMTYPE2_REG"], v.eight_processes),
    "NDH002": (on.raised_glucose, v.glucose_test),
    "CHOL002": (on.REGISTERS["CHOL2_REG"], v.cholesterol_until_2024),
    "CHOL003": (on.REGISTERS["CHOL_REG"], v.lipid_medicine),
    "CHOL004": (on.REGISTERS["CHOL2_REG"], v.cholesterol_since_2024),
    "AF006": (on.atrial_fibrillation, v.stroke_risk),
    "AF008": (on.atrial_fibrillation, v.anticoagulant),
    "CHD005": (on.coronary, v.antiplatelet("CHD", ("SAL", "ORANTICOAG", "CLO"), ("CHD_COD",),
                                          ("XCLO_CODC", "SALDEC", "XSAL"), lambda p: False)),
    "STIA007": (on.stroke, v.antiplatelet("STIA", ("SAL", "ORANTICOAG", "CLO", "DIPY"), ("STRK_COD", "TIA_COD"),
                                         ("XSALCONTRA", "SALDIPDEC", "XSALDIPDEC"),
                                         lambda p: not p.ever("OSTR_COD", "TIA_COD"))),
    "HF007": (on.heart_failure, heart_failure_review),
    "AST007": (on.asthma, asthma_review),
    "COPD010": (on.copd, copd_review),
    "DEM004": (on.dementia, dementia_plan),
    "DEP004": (on.depression, depression_review),
    "SMOK002": (on.REGISTERS["SMOK1_REG"], smoking_status),
    "SMOK004": (lambda p: p.listed and p.age() >= 15, _smoking_support(24, by_condition=False)),
    "SMOK005": (on.REGISTERS["SMOK1_REG"], _smoking_support(12, by_condition=True)),
    "CS005": (women_25_to_64, _screening((25, 49), 42, pregnant=True)),
    "CS006": (women_25_to_64, _screening((50, 64), 66, pregnant=False)),
    "BP002": (lambda p: p.listed, pressure_recorded),
    "PULSE65": (lambda p: p.listed, pulse),
}  # fmt: skip


def told(code: str, p: Person) -> str:
    """What becomes of somebody."""
    there, what = INDICATORS[code]
    return what(p) if there(p) else OUTSIDE
