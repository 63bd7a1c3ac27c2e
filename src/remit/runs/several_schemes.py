"""Schemes that pay the same practices side by side on one file of claims: decided together, run each by itself.

A patient's claim under one service can stand against a claim under another, so the claims of all are decided before
any scheme is run. Each scheme then has a run of its own, with the claims that count as its activity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from pathlib import Path

from remit.claims.adjudication import decide
from remit.claims.claim_rows import CLAIMS, check_claims, claim_rows
from remit.claims.model import ClaimTerms, DecidedClaims
from remit.core.figures import FigureKey
from remit.core.problems import Place, Problem, Refused, error, refuse, warning
from remit.core.rows import RowSource, short_name
from remit.core.version import VERSION
from remit.files.folders import whole_folder
from remit.files.hashes import sha256_file
from remit.files.manifest import write_manifest
from remit.files.private import private_file
from remit.files.tables import CsvRows, write_table
from remit.runs.engine import Run
from remit.runs.folder import RunSummary, write_into
from remit.runs.inputs import Inputs, contradictions_of, inputs_from
from remit.runs.manifest import RunManifest, RunsManifest
from remit.runs.networks import NETWORK
from remit.runs.origins import check_origins
from remit.scheme import load_scheme
from remit.scheme.kinds import Activity
from remit.scheme.model import Scheme


@dataclass(frozen=True)
class ClaimedRuns:
    """Runs by their scheme's id, and what became of each claim."""

    runs: dict[str, Run]
    decided: DecidedClaims


def run_claims(
    schemes: Sequence[str | Path | Scheme],
    practices: Path,
    claims: Path,
    counts: Path | None = None,
    *,
    settings: Mapping[str, str] | None = None,
    period: str | None = None,
    recovery: Path | None = None,
    ignore_unknown: bool = False,
    errors: int = 20,
    only_practices: Sequence[str] = (),
    only_indicators: Sequence[str] = (),
) -> ClaimedRuns:
    """The runs that CSV files of claims and counts give, as `claimed_runs` has them."""
    check_origins([practices, claims, counts, recovery])
    return claimed_runs(
        [each if isinstance(each, Scheme) else load_scheme(each) for each in schemes],
        CsvRows(Path(practices)),
        CsvRows(Path(claims)),
        CsvRows(Path(counts)) if counts is not None else None,
        settings=settings,
        period=period,
        recovery=CsvRows(Path(recovery)) if recovery else None,
        ignore_unknown=ignore_unknown,
        errors=errors,
        only_practices=only_practices,
        only_indicators=only_indicators,
    )


def claimed_runs(
    schemes: Sequence[Scheme],
    practices: RowSource,
    claims: RowSource,
    counts: RowSource | None = None,
    *,
    settings: Mapping[str, str] | None = None,
    period: str | None = None,
    recovery: RowSource | None = None,
    ignore_unknown: bool = False,
    errors: int = 20,
    only_practices: Sequence[str] = (),
    only_indicators: Sequence[str] = (),
) -> ClaimedRuns:
    """Decide the claims for all schemes and make a run of each. Every practice is in every scheme.

    `counts` hold what is not claimed, such as the quality gates. Raises Refused with every problem of the inputs.
    """
    _check_alike(schemes)
    loaded = [
        inputs_from(
            [scheme], practices, counts, settings=settings, period=period, recovery=recovery,
            ignore_unknown=ignore_unknown, errors=errors, beside=[other for other in schemes if other is not scheme],
        )
        for scheme in schemes
    ]  # fmt: skip
    terms = [_terms(each) for inputs in loaded for each in inputs.schemes.values()]
    first = loaded[0]
    providers = {code: practice for inputs in loaded for code, practice in inputs.practices.items()}
    windows = {
        code: (practice.eligible_from, practice.eligible_to)
        for code, practice in providers.items()
        if practice.eligible_from or practice.eligible_to
    }
    year = next(iter(first.schemes.values())).year
    through = {
        name: _through(inputs, scheme) | (providers.keys() - inputs.practices.keys())
        for inputs in loaded
        for name, scheme in inputs.schemes.items()
    }
    membership = {code: (p.joined, p.left) for code, p in providers.items() if p.joined or p.left}
    decided = decide(check_claims(claims, terms, providers, year, errors, through), terms, windows, membership)
    apart = _apart(terms)
    runs = {}
    for inputs in loaded:
        ((name, scheme),) = inputs.schemes.items()
        inputs = _waiting(_with_activity(inputs, scheme, decided, short_name(claims)), scheme, decided)
        warnings = (*inputs.warnings, *(text for pair, text in apart.items() if name in pair))
        runs[name] = Run(replace(inputs, warnings=warnings), only_practices, only_indicators)
    return ClaimedRuns(runs, decided)


def _apart(terms: Sequence[ClaimTerms]) -> dict[tuple[str, str], Problem]:
    """Each two services that do not exclude one another, said aloud: a name is easily left out or misspelt."""
    found = {}
    for one, other in combinations(sorted(terms, key=lambda each: each.scheme), 2):
        if one.exclusive != other.exclusive or not one.exclusive:
            names = " and ".join(
                f"{each.scheme} ({f'exclusive: {each.exclusive}' if each.exclusive else 'without one'})"
                for each in (one, other)
            )
            why = f"{names} share no `exclusive` name: a patient can be paid under both in one quarter."
            found[one.scheme, other.scheme] = warning("claims.not-exclusive", why, schemes=(one.scheme, other.scheme))
    return found


def _waiting(inputs: Inputs, scheme: Scheme, decided: DecidedClaims) -> Inputs:
    """The inputs where whoever has a claim that is held, and the network that it is paid through, is provisional."""
    held_claims: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for _, claim, name, outcome, _ in decided.decisions:
        if name == scheme.scheme and outcome != "counted" and _within(inputs, claim.last):
            counts = held_claims if outcome == "held" else refused
            counts[claim.practice] += 1
            network = inputs.practices[claim.practice].network
            if scheme.networks and network:
                counts[network] += 1
    practices = dict(inputs.practices)
    for code, count in held_claims.items():
        why = f"{count} claim{' is' if count == 1 else 's are'} held"
        if refused[code]:
            why += f" and {refused[code]} refused"
        why += ": claims.csv says which, and why."
        practices[code] = replace(practices[code], provisional=f"{practices[code].provisional} {why}".strip())
    return replace(inputs, practices=practices)


def _within(inputs: Inputs, last: date) -> bool:
    """Whether a quarter with this last day is in the part of the year that is run."""
    return not (inputs.period and inputs.period.day) or last <= inputs.period.day


def _check_alike(schemes: Sequence[Scheme]) -> None:
    """Refuse a scheme that is named twice, and schemes of different years: a quarter is then one of neither's."""
    names = [scheme.scheme for scheme in schemes]
    for n, name in enumerate(names):
        if name in names[:n]:
            raise refuse("runs.scheme-twice", f"{name} is named twice.", None, "Name each scheme once.", scheme=name)
    if len({scheme.year for scheme in schemes}) > 1:
        years = " and ".join(f"{scheme.scheme} is of {scheme.year}" for scheme in schemes)
        raise refuse(
            "runs.years-differ",
            f"{years}: the schemes of one file of claims are of one year.",
            None,
            "Run them apart.",
            schemes=names,
        )


def _terms(scheme: Scheme) -> ClaimTerms:
    """What a scheme says of claims; every item that pays by activity may be claimed."""
    items = frozenset(item.item for item in scheme.items if isinstance(item.kind, Activity))
    if not items:
        raise refuse(
            "claims.scheme-without-activity",
            f"{scheme.scheme} pays no item by activity, so nothing can be claimed under it.",
            scheme=scheme.scheme,
        )
    claims = scheme.claims
    if claims is None:
        return ClaimTerms(scheme.scheme, items)
    open_ = [f"claims.once.{item}" for item, months in claims.once.items() if months.required]
    if open_:
        why = f"{scheme.scheme} leaves open after how many months off treatment a beginning counts again"
        raise refuse(
            "claims.term-open",
            f"{why}: {', '.join(open_)}.",
            None,
            "Supply it.",
            scheme=scheme.scheme,
            names=open_,
            name=open_[0],
        )
    once = {item: int(months.known()) for item, months in claims.once.items()}
    return ClaimTerms(
        scheme.scheme, items, claims.exclusive or "", claims.levels, claims.counted, once, claims.eligible
    )


def _through(inputs: Inputs, scheme: Scheme) -> set[str]:
    """The networks through which a scheme pays its practices."""
    return {code for code, p in inputs.practices.items() if scheme.networks and p.level == NETWORK}


def _with_activity(inputs: Inputs, scheme: Scheme, decided: DecidedClaims, name: str) -> Inputs:
    """The inputs with the activity that counts; a quarter without a claim has none.

    Where money goes through networks, members claim, and their network has what they claimed.
    """
    figures = {
        code: {subject: dict(figures) for subject, figures in inputs.counts.of(code).items()}
        for code in inputs.practices
    }
    run = [quarter for quarter in scheme.quarters() if _within(inputs, quarter.end)]
    problems = []
    through = _through(inputs, scheme)
    claimed = {item.item: item.kind for item in scheme.items if isinstance(item.kind, Activity)}
    for code, subjects in figures.items():
        for item, kind in claimed.items():
            own = subjects.setdefault(item, {})
            for read in kind.reads():
                if any(key.measure == read.measure for key in own):
                    why = f"{read.measure} of {item} for practice {code} is in the counts and in the claims."
                    problems.append(
                        error(
                            "claims.counted-and-claimed",
                            why,
                            Place(name),
                            "Give it in one of them.",
                            practice=code,
                            item=item,
                            measure=read.measure,
                        )
                    )
                for quarter in run if code not in through else ():
                    own[FigureKey(read.measure, quarter)] = 0
    if problems:
        raise Refused(problems)
    for figure, value in decided.figures.items():
        if figure.scheme == scheme.scheme and figure.key.period in run:
            figures[figure.practice][figure.item][figure.key] = value
    counts = replace(inputs.counts, figures=figures)
    unfit = contradictions_of(inputs.schemes, inputs.assigned, inputs.practices, counts, inputs.settings)
    return replace(inputs, counts=counts, contradictions=unfit)


def write_claimed_runs(
    claimed: ClaimedRuns, folder: Path, replace_it: bool = False, progress: Callable[[int, int], None] | None = None
) -> dict[str, RunSummary]:
    """Write the runs, whole or not at all: one scheme's into the folder, several each into a folder of its id.

    claims.csv beside them says what became of each claim.
    """
    with whole_folder(Path(folder), replace_it, RunManifest, RunsManifest) as work:
        private_file(work / "claims.csv")
        write_table(work / "claims.csv", CLAIMS, claim_rows(claimed.decided))
        if len(claimed.runs) == 1:
            ((name, run),) = claimed.runs.items()
            return {name: write_into(run, work, progress)}
        folders = {}
        for name, run in claimed.runs.items():
            (work / name).mkdir()
            folders[name] = write_into(run, work / name, progress)
        files = {"claims.csv": sha256_file(work / "claims.csv")}
        runs = tuple(claimed.runs)
        write_manifest(work, RunsManifest(format=RunsManifest.kind.format, remit=VERSION, runs=runs, files=files))
    return folders
