"""Indicators of heart, vessels and diabetes of 2024-25 in plain Python, written from their wording and notes.

The order of the steps is that of the published tables: exclusions, achievement, then the adjustments.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.rules.boundary import registers_by_hand as on
from tests.rules.boundary.person import ACHIEVED, EXCLUDED, MISSED, PCA, Person, decided

CVD = ("CHD_COD", "PAD_COD", "STRK_COD", "TIA_COD")


def _pressure_met(p: Person, clinic: tuple[int, int], home: tuple[int, int]) -> tuple[bool, date | None]:
    """Whether the last blood pressure of the year is at its target, and the day of the last one."""
    readings = [(p.pressure(home=False), clinic), (p.pressure(home=True), home)]
    last = max((reading[0] for reading, _ in readings if reading), default=None)
    met = any(
        reading is not None and reading[0] == last and reading[1] <= target[0] and reading[2] <= target[1]
        for reading, target in readings
    )
    return met and last is not None and last >= p.since(12), last


def _invited_after(p: Person, cluster: str, last: date | None) -> bool:
    first = p.invited(cluster)
    return first is not None and (last is None or last < first)


def last_pressure(area: str, diagnosis: tuple[str, ...], invited: str, over_80: bool | None) -> Callable[[Person], str]:
    """The last blood pressure of an area; `over_80` is None for an indicator of all ages, without the frail."""

    def told(p: Person) -> str:
        clinic, home = ((150, 90), (145, 85)) if over_80 else ((140, 90), (135, 85))
        met, last = _pressure_met(p, clinic, home)
        return decided(
            (over_80 is None and frail(p), EXCLUDED("MDSEVFRAIL")),
            (over_80 is False and p.age() > 79, EXCLUDED("PAT_AGEO79")),
            (over_80 is True and p.age() < 80, EXCLUDED("PAT_AGEU80")),
            (met, ACHIEVED),
            (p.within(12, "HTMAX_COD"), PCA("HTMAX")),
            (p.within(12, f"{area}PCAPU_COD"), PCA(f"{area}PCAPU")),
            (p.within(12, "BPDEC_COD", "HOMEBPDEC_COD"), PCA("BPORHBPDEC")),
            (p.within(12, f"{area}PCADEC_COD"), PCA(f"{area}PCADEC")),
            (_invited_after(p, f"{area}INVITE_COD", last), PCA(invited)),
            (p.diagnosed_within(9, *diagnosis), PCA("DIAG1_DT9M")),
            (p.new_here(9), PCA("REG1_DAT9")),
        )

    return told


def frail(p: Person) -> bool:
    """Whether the latest diagnosis of frailty is moderate or severe."""
    last = p.last("MILDFRAIL_COD", "MODFRAIL_COD", "SEVFRAIL_COD")
    return last is not None and last in (p.last("MODFRAIL_COD"), p.last("SEVFRAIL_COD"))


def hba1c(limit: int, of_the_frail: bool) -> Callable[[Person], str]:
    def told(p: Person) -> str:
        last = p.last("IFCCHBAM_COD")
        tested = last is not None and last >= p.since(12)
        values = p.values("IFCCHBAM_COD", last, "mmol/mol")
        first = p.invited("DMINVITE_COD")
        above = tested and bool(values) and min(values) > limit
        return decided(
            (frail(p) is not of_the_frail, EXCLUDED("MDSEVFRAIL")),
            (tested and values and min(values) <= limit, ACHIEVED),
            (not tested and p.within(12, "SERFRUC_COD"), PCA("IFCCHBA")),
            (p.within(12, "DMMAX_COD"), PCA("DMMAX")),
            (p.within(12, "DMPCAPU_COD"), PCA("DMPCAPU")),
            (p.within(12, "BLDTESTDEC_COD"), PCA("BLDTESTDEC")),
            (p.within(12, "DMPCADEC_COD"), PCA("DMPCADEC")),
            (first and ((above and last and first > last) or not tested), PCA("DMIFINVITE")),
            (p.diagnosed_within(9, "DM_COD"), PCA("DIAG1_DT9M")),
            (p.new_here(9), PCA("REG1_DAT9")),
        )

    return told


def foot(p: Person) -> str:
    return decided(
        (p.ever("AMPL_COD", "CONABL_COD") and p.ever("AMPR_COD", "CONABR_COD"), EXCLUDED("AMPR3_DAT")),
        (p.within(12, "FRC_COD"), ACHIEVED),
        (p.within(12, "FEPU_COD"), PCA("FEPU")),
        (p.within(12, "NPTPU_COD"), PCA("NPTPU")),
        (p.within(12, "DMPCAPU_COD"), PCA("DMPCAPU")),
        (p.within(12, "FEDEC_COD"), PCA("FEDEC")),
        (p.within(12, "NPTDEC_COD"), PCA("NPTDEC")),
        (p.within(12, "DMPCADEC_COD"), PCA("DMPCADEC")),
        (p.invited("DMINVITE_COD"), PCA("DMINVITE")),
        (p.diagnosed_within(3, "DM_COD"), PCA("DIAG1_DAT")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


def statin_after_disease(p: Person) -> str:
    return decided(
        (not p.ever(*CVD), EXCLUDED("CVDNOHIST")),
        (p.ever("HSTRK_COD"), EXCLUDED("HSTRK")),
        (p.within(6, "STAT_COD"), ACHIEVED),
        (p.within(12, "CHOLMAX_COD"), PCA("CHOLMAX")),
        (p.ever("XSTAT_COD"), PCA("XSTAT")),
        (p.within(12, "TXSTAT_COD"), PCA("TXSTAT")),
        (p.within(12, "DMPCAPU_COD"), PCA("DMPCAPU")),
        (p.within(12, "STATINDEC_COD"), PCA("STATINDEC")),
        (p.within(12, "DMPCADEC_COD"), PCA("DMPCADEC")),
        (p.invited("DMINVITE_COD"), PCA("DMINVITE")),
        (p.diagnosed_within(3, "DM_COD"), PCA("DIAG1_DAT")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


def eight_processes(p: Person) -> str:
    feet = p.last("FOOTEXAM_COD", "FRC_COD")
    refused = p.days("FEDEC_COD", "FEPU_COD")
    pressures = [reading[0] for reading in (p.pressure(home=False), p.pressure(home=True)) if reading]
    done = [
        p.within(12, "IFCCHBAM_COD", "DCCTHBA1C_COD"),
        any(day >= p.since(12) for day in pressures),
        p.within(12, "CHOL2_COD"),
        p.within(12, "CRE_COD"),
        p.within(12, "NDAALB_COD"),
        feet is not None and feet >= p.since(12) and not any(day >= feet for day in refused),
        p.within(12, "BMIVAL_COD"),
        p.within(12, "SMOK_COD", "LSMOK_COD", "EXSMOK_COD", "NSMOK_COD"),
    ]
    return ACHIEVED if all(done) else MISSED


def glucose_test(p: Person) -> str:
    return decided(
        (p.within(12, "IFCCHBAM_COD", "FASPLASGLUC_COD"), ACHIEVED),
        (p.within(12, "NDHPU_COD"), PCA("NDHPU")),
        (p.within(12, "GLUCDEC_COD"), PCA("GLUCDEC")),
        (p.within(12, "NDHPCADEC_COD"), PCA("NDHPCADEC")),
        (p.invited("NDHINVITE_COD"), PCA("NDHINVITE")),
        (p.diagnosed_within(3, "NDH_COD", "IGT_COD", "PRD_COD"), PCA("DIAG1_DAT")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


FIVE = ("BEMPACID", "EZETIMIBE", "ICOSAPENT", "INCLISIRAN", "PCSK9I")


def lipid_medicine(p: Person) -> str:
    unsuitable = p.ever("XSTAT_COD") or p.within(12, "TXSTAT_COD") or p.within(12, "STATINDEC_COD")
    none_open = all(
        p.ever(f"{name}ADV_COD", f"{name}ALL_COD")
        or p.within(12, f"{name}CON_COD", f"{name}NIND_COD", f"{name}DEC_COD")
        for name in FIVE
    )
    return decided(
        (p.ever("HSTRK_COD"), EXCLUDED("HSTRK")),
        (on.diabetes(p), EXCLUDED("DMCVDEXC")),
        (p.within(6, "STAT_COD") or (p.within(6, "OLLT_COD") and unsuitable), ACHIEVED),
        (p.within(12, "CHOLMAX_COD"), PCA("CHOLMAX")),
        (p.ever("LLTADV_COD"), PCA("LLTADV")),
        (p.within(12, "LLTCON_COD", "LLTNI_COD"), PCA("LLTCONNIND")),
        (on.palliative(p), PCA("PALCARDAT2")),
        (none_open, PCA("OLLTCONDEC")),
        (p.within(12, "LLTDEC_COD"), PCA("LLTDEC12M")),
        (p.invited("CHOLINVITE_COD"), PCA("CHOLINVITE")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


def _lowest(p: Person, cluster: str) -> float | None:
    """The lowest value of the latest day, where it is in the year; None where nothing is recorded in the year, and
    infinite where what is recorded has no value in mmol/L."""
    last = p.last(cluster)
    if last is None or last < p.since(12):
        return None
    return float(min(p.values(cluster, last, "mmol/L"), default="inf"))


def cholesterol_since_2024(p: Person) -> str:
    ldl, other = _lowest(p, "LDLCCHOL_COD"), _lowest(p, "NONHDLCCHOL_COD")
    met = ldl <= 2.0 if ldl is not None else other is not None and other <= 2.6
    return decided(
        (p.ever("HSTRK_COD"), EXCLUDED("HSTRK")),
        (met, ACHIEVED),
        (p.within(12, "CHOLMAX_COD"), PCA("CHOLMAX")),
        (p.within(12, "CHOLPCAPU_COD"), PCA("CHOLPCAPU")),
        (p.within(12, "CHOLDEC_COD"), PCA("CHOLDEC")),
        (p.within(12, "CHOLPCADEC_COD"), PCA("CHOLPCADEC")),
        (_invited_after(p, "CHOLINVITE_COD", p.last("LDLCCHOL_COD", "NONHDLCCHOL_COD")), PCA("CHOLINVITE")),
        (p.diagnosed_within(9, *CVD), PCA("DIAG1_DT9M")),
        (p.new_here(9), PCA("REG1_DAT9")),
    )


def cholesterol_until_2024(p: Person) -> str:
    other, ldl = _lowest(p, "NONHDLCCHOL_COD"), _lowest(p, "LDLCCHOL_COD")
    met = other < 2.5 if other is not None else ldl is not None and ldl < 1.8
    return decided((met, ACHIEVED), (p.within(12, "CHOLDEC_COD"), PCA("CHOLDEC")), (p.new_here(9), PCA("REG1_DAT9")))


def stroke_risk(p: Person) -> str:
    last = p.last("CHAD_COD", "CHADVASC_COD")
    score = max([*p.values("CHAD_COD", last), *p.values("CHADVASC_COD", last)], default=0)
    return decided(
        (last and last < p.since(12) and score >= 2, EXCLUDED("CHAD_VAL2")),
        (p.within(12, "CHADVASC_COD"), ACHIEVED),
        (p.within(12, "AFIBPCAPU_COD"), PCA("AFIBPCAPU")),
        (p.within(12, "AFIBPCADEC_COD"), PCA("AFIBPCADEC")),
        (p.invited("AFIBINVITE_COD"), PCA("AFIBINV1")),
        (p.diagnosed_within(3, "AFIB_COD"), PCA("DIAG1_DAT")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


def anticoagulant(p: Person) -> str:
    old = [day for day in p.days("CHAD_COD") if day < date(2015, 4, 1)]
    scored = [("CHAD_COD", old[-1])] if old else []
    if newer := p.last("CHADVASC_COD"):
        scored.append(("CHADVASC_COD", newer))
    latest = max((day for _, day in scored), default=None)
    at_risk = any(max(p.values(name, day), default=0) >= 2 for name, day in scored if day == latest)
    ttr = p.last("TTR_COD")
    in_range = p.within(6, "TTR_COD") and max(p.values("TTR_COD", ttr, "%"), default=0) >= 65
    valve = p.ever("MECHVALVE_COD")
    never, not_now = p.ever("XDOAC_COD"), p.within(12, "TXDOAC_COD")
    refused, no_k = p.within(12, "DOACDEC_COD"), p.ever("XVITK_COD")
    k, k_refused = p.within(6, "VITK_COD"), p.within(12, "VITKDEC_COD")
    allowed = valve or never or refused or (not_now and in_range)
    return decided(
        (not at_risk, EXCLUDED("CHADVASC")),
        ((k and allowed) or (not valve and p.within(6, "DOAC_COD")), ACHIEVED),
        (p.ever("XORANTICOAG_COD"), PCA("XGORANTICO")),
        (p.within(12, "TXORANTICOAG_COD"), PCA("TXGORANTIC")),
        (valve and no_k, PCA("VALVITKCON")),
        (not valve and no_k and (never or not_now), PCA("DOACXVITKC")),
        (not valve and refused and no_k, PCA("DOACDVITKC")),
        (not valve and k_refused and (never or not_now), PCA("DOACXVITKD")),
        (p.within(12, "ORANTICOAGDEC_COD"), PCA("GENORANTID")),
        (valve and k_refused, PCA("VALVITKDEC")),
        (not valve and refused and k_refused, PCA("DOACDVITKD")),
        (p.diagnosed_within(3, "AFIB_COD"), PCA("DIAG1_DAT")),
        (p.new_here(3), PCA("REG1_DAT3")),
    )


THINNERS = ("SAL_COD", "OSAL_COD", "CLO_COD", "DIPY_COD", "ORANTICOAG_COD")


def antiplatelet(area: str, of: tuple[str, ...], diagnosis: tuple[str, ...], names: tuple[str, str, str],
                  unlike: Callable[[Person], bool]) -> Callable[[Person], str]:  # fmt: skip
    def told(p: Person) -> str:
        barred = [p.ever(f"X{one}_COD") or p.within(12, f"TX{one}_COD") for one in of]
        refused = [p.within(12, f"{one}DEC_COD") for one in of]
        return decided(
            (unlike(p), EXCLUDED("OSTREXCL")),
            (p.within(12, *THINNERS), ACHIEVED),
            (all(barred), PCA(names[0])),
            (p.within(12, f"{area}PCAPU_COD"), PCA(f"{area}PCAPU")),
            (all(refused), PCA(names[1])),
            (all(x or y for x, y in zip(barred, refused, strict=True)), PCA(names[2])),
            (p.within(12, f"{area}PCADEC_COD"), PCA(f"{area}PCADEC")),
            (p.invited(f"{area}INVITE_COD"), PCA(f"{area}INVITE")),
            (p.diagnosed_within(3, *diagnosis), PCA("DIAG1_DAT")),
            (p.new_here(3), PCA("REG1_DAT3")),
        )

    return told
