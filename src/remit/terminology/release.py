"""Reads what others publish: code lists, flat tables of clusters, and reference sets with the mapping that names them.

All errors of all files are reported at once. What may well be meant (a wrong check digit, a row that is listed twice, a
cluster of the mapping without a code) is a warning, with its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from remit.core.problems import Collector, Place, Problem, Refused, did_you_mean, refuse, shown_name, warning
from remit.files.tables import read_header, read_table
from remit.terminology.clusters import Cluster, ClusterSet
from remit.terminology.codes import (
    CHECK_DIGIT,
    NO_CONCEPT,
    WITH_TERM,
    check_digit_fails,
    doubt_about,
    is_made_up,
    is_snomed,
    wrong_with,
)
from remit.terminology.release_states import (
    DESCRIPTION,
    NO_DAY,
    REFSET,
    States,
    check_not_deltas_alone,
    release_rows,
    terms_of,
)
from remit.terminology.systems import SYSTEMS, read_system, shown
from remit.terminology.unions import lacking

CLUSTER = ("cluster", "cluster_id", "cluster_name")
CODE = (
    "code", "snomed_code", "snomed_ct_concept_id", "snomed_concept_id", "concept_id", "conceptid", "ctv3id", "ctv3code",
    "dmd_id", "id",
)  # fmt: skip
TERM = (
    "term", "description", "code_description", "concept_id_description", "snomed_term", "preferred_term", "fsn",
    "ctv3preferredtermdesc", "readterm/ctv3preferredtermdesc", "dmd_name", "nm",
)  # fmt: skip
SYSTEM = ("system", "code_system", "codesystem", "coding_system", "system_uri", "code_system_uri")
ACTIVE = ("active", "active_in_refset", "is_active")
SINCE = ("effectivetime", "effective_time", "effective_date")
MAPPING = ("cluster_id", "pcd_refset_id")
_NAME = re.compile(r"[A-Z0-9][A-Z0-9_]*")
_PUBLISHED_AS = re.compile(r"^(nhsd-primary-care-domain-refsets-|pcd[_-])", re.IGNORECASE)


@dataclass
class Gathered:
    """What the files hold so far: terms and sources by cluster and code, and where each cluster began."""

    problems: Collector
    warnings: list[Problem] = field(default_factory=list)
    terms: dict[str, dict[str, str]] = field(default_factory=dict)
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    systems: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    """By cluster and code the systems that rows said, '' among them where one said none."""
    began: dict[str, str] = field(default_factory=dict)

    def begin(self, cluster: str, file: Path, row: int) -> bool:
        """Open a cluster for a file; no two files may hold one."""
        if not _NAME.fullmatch(cluster):
            hint = "Capitals, digits and _ are: HYP_COD."
            self.problems.add(
                "terminology.cluster-name-malformed",
                f"'{cluster}' has a form that the name of a cluster cannot have.",
                _at(file, row),
                hint,
                cluster=cluster,
            )
            return False
        if self.began.setdefault(cluster, str(file)) != str(file):
            message = f"the cluster {cluster} is already in {shown_name(self.began[cluster])}."
            self.problems.add(
                "terminology.cluster-twice",
                message,
                _at(file, row),
                "Leave one of them out, or name it apart: NAME=FILE.",
                cluster=cluster,
            )
            return False
        self.terms.setdefault(cluster, {})
        self.sources.setdefault(cluster, {})
        self.systems.setdefault(cluster, {})
        return True

    def add(self, cluster: str, code: str, term: str, source: str, file: Path, row: int, system_name: str = "") -> None:
        """Add a code to a cluster that was begun. `system_name` is its system, as the row has it."""
        try:
            system = read_system(system_name) if system_name else ""
        except ValueError as wrong_system:
            self.problems.add(
                "terminology.system-unknown",
                f"'{_shown(system_name)}' is not a code system: {wrong_system}.",
                _at(file, row),
                did_you_mean(system_name.lower(), SYSTEMS),
                cluster=cluster,
                found=_shown(system_name),
            )
            return
        wrong = wrong_with(code, system)
        if wrong:
            self.problems.add(
                "terminology.code-malformed",
                f"the code '{_shown(code)}' {wrong}.",
                _at(file, row),
                _AS_TEXT if "spread" in wrong else "",
                cluster=cluster,
                entry=_shown(code),
            )
            return
        codes, systems = self.terms[cluster], self.systems[cluster].setdefault(code, set())
        if code in codes and system not in systems:
            systems.add(system)  # the same text in another system
            return
        systems.add(system)
        if code in codes:
            message = f"the code {code} is listed twice in {cluster}"
            if codes[code].casefold() == term.casefold():
                self.warnings.append(
                    warning(
                        "terminology.code-twice",
                        f"{message}; it counts once.",
                        _at(file, row),
                        cluster=cluster,
                        entry=code,
                    )
                )
            else:
                self.problems.add(
                    "terminology.code-with-two-terms",
                    f"{message}, with two terms: '{codes[code]}' and '{term}'.",
                    _at(file, row),
                    cluster=cluster,
                    entry=code,
                )
            return
        if doubt := doubt_about(code, system):
            kind, what = _DOUBTS[doubt]
            message = what.format(code, shown(check_digit_fails(code, system) or "read2"))
            self.warnings.append(warning(kind, message, _at(file, row), cluster=cluster, entry=code))
        codes[code] = term
        self.sources[cluster][code] = source

    def clusters(self) -> dict[str, Cluster]:
        """The clusters in the order of their names, codes in order."""
        clusters = {}
        for name in sorted(self.terms):
            codes, sources = self.terms[name], self.sources[name]
            every = sorted({source for source in sources.values() if source})
            several = sources if len(every) > 1 else {}
            in_order = {code: codes[code] for code in sorted(codes)}
            systems = {code: frozenset(own) for code in in_order if "" not in (own := self.systems[name][code])}
            clusters[name] = Cluster(name, in_order, "; ".join(every), several, systems)
        return clusters


_DOUBTS = {
    CHECK_DIGIT: (
        "terminology.check-digit",
        "the check digit of {} is wrong: it is not a {} code, or it was mistyped or rounded.",
    ),
    WITH_TERM: (
        "terminology.read-code-with-term-code",
        "{} is a {} code with its term code: records that have the five characters alone are not in the cluster.",
    ),
    NO_CONCEPT: (
        "terminology.code-of-no-concept",
        "{} is the identifier of a description or a relationship in SNOMED CT: records have those of concepts.",
    ),
}
_AS_TEXT = "Export the file again with its codes as text."


def _at(file: Path, row: int) -> Place:
    return Place(str(file), row)


def _shown(code: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in code)


def read_files(
    files: Iterable[str | Path], name: str, release: str, limit: int = 20, system: str = ""
) -> tuple[ClusterSet, tuple[Problem, ...]]:
    """Read files of any of the kinds into one set. `NAME=FILE` names the cluster of a code list.

    `system` is that of the codes of lists and tables whose rows do not say it. Returns the set and the warnings. Raises
    Refused with every problem of every file.
    """
    gathered = Gathered(Collector(limit))
    mappings: list[Path] = []
    refsets: list[Path] = []
    descriptions: list[Path] = []
    for name_or_path in files:
        named, _, rest = str(name_or_path).partition("=")
        path, called = (Path(rest), named) if rest and not Path(name_or_path).exists() else (Path(name_or_path), "")
        with _gathering(gathered.problems):
            columns, tabs = _header(path)
            if tabs and columns[: len(REFSET)] == REFSET:
                refsets.append(path)
            elif tabs and columns[: len(DESCRIPTION)] == DESCRIPTION:
                descriptions.append(path)
            elif tabs:
                message = "is separated by tabs, and is not a refset or description file of a SNOMED CT release."
                gathered.problems.add(
                    "terminology.unknown-table", message, _at(path, 1), "Save a table or a code list with commas."
                )
            elif set(MAPPING) <= set(columns):
                mappings.append(path)
            else:
                _read_table(path, columns, called, gathered, system)
    if mappings and not refsets:
        hint = "Give the refset snapshot of the release too (der2_Refset_SimpleSnapshot…txt)."
        gathered.problems.add(
            "terminology.reference-sets-missing",
            "names reference sets, and no file with their codes was given.",
            Place(str(mappings[0])),
            hint,
        )
    elif refsets and not mappings:
        hint = "Give the file with cluster_id and pcd_refset_id too."
        gathered.problems.add(
            "terminology.mapping-missing",
            "holds reference sets, and no file that names their clusters was given.",
            Place(str(refsets[0])),
            hint,
        )
    elif mappings:
        with _gathering(gathered.problems):
            _read_release(mappings, refsets, descriptions, gathered)
    gathered.problems.refuse_if_any()
    clusters = gathered.clusters()
    if not clusters:
        raise refuse("terminology.no-cluster", "no file with a cluster was given.")
    cluster_set = ClusterSet(name, release, has_made_up(clusters), clusters)
    return cluster_set, (*gathered.warnings, *lacking(cluster_set))


@contextmanager
def _gathering(problems: Collector) -> Iterator[None]:
    """A file that cannot be read at all is one problem among others."""
    try:
        yield
    except Refused as refused:
        for problem in refused.problems:
            problems.take(problem)


def has_made_up(clusters: dict[str, Cluster]) -> bool:
    """Whether any code was made up: then the set is for demonstration, whoever handed it on."""
    return any(is_made_up(code) for cluster in clusters.values() for code in cluster.codes)


def _header(path: Path) -> tuple[tuple[str, ...], bool]:
    """The first line's cells, and whether tabs separate them."""
    if path.is_dir():
        raise refuse("files.is-a-folder", "is a folder.", Place(str(path)), "Name the files in it.")
    header = read_header(path)
    return (header.cells, True) if header.mark == "\t" else (header.names, False)


def _read_table(path: Path, columns: tuple[str, ...], called: str, gathered: Gathered, system: str) -> None:
    """A code list, or a flat table of clusters."""
    code, term, cluster, coding = (_spelt(spellings, columns) for spellings in (CODE, TERM, CLUSTER, SYSTEM))
    if not code:
        if len(columns) == 1:
            read_table(path, ("code",), ("term",))  # says whether another mark separates its cells
        hint = f"The header has: {', '.join(columns)}."
        gathered.problems.add(
            "terminology.no-code-column",
            f"there is no column of codes, such as {', '.join(CODE[:3])}.",
            _at(path, 1),
            hint,
            columns=columns,
        )
        return
    if cluster and called:
        gathered.problems.add(
            "terminology.code-list-named",
            f"holds clusters of its own; '{called}=' names that of a code list.",
            _at(path, 1),
            cluster=called,
        )
        return
    active, since = _spelt(ACTIVE, columns), _spelt(SINCE, columns)
    named = (term or "term", cluster or "cluster", "source", coding or "system", active or "active", since or "since")
    table = read_table(path, (code,), named)
    one = called or name_of(path)
    if not cluster and not gathered.begin(one, path, 1):
        return
    before, rows = gathered.problems.total, 0
    states, entries = States(gathered.problems), []
    for row, (entry, label, own, source, its, is_active, day) in table.rows(gathered.problems):
        rows += 1
        name = own if cluster else one
        if cluster and not gathered.begin(name, path, row):
            continue
        if not entry:
            gathered.problems.add(
                "terminology.row-without-code",
                f"the cluster {name} has a row without a code.",
                _at(path, row),
                cluster=name,
            )
            continue
        if active:
            states.take(f"{name} {entry}", day or NO_DAY, is_active, path, row)
        entries.append((name, entry, label, source or shown_name(path), path, row, its or system))
    states.tell(gathered.warnings, path)
    for of_row in entries:
        if not active or states.active(f"{of_row[0]} {of_row[1]}") == of_row[4:6]:
            gathered.add(*of_row)
    if not rows and gathered.problems.total == before:
        gathered.problems.add("terminology.no-code", "has a header and no codes.", Place(str(path)))


def _spelt(spellings: Iterable[str], columns: tuple[str, ...]) -> str:
    return next((name for name in spellings if name in columns), "")


def name_of(path: Path) -> str:
    """The cluster that a code list's file is named for: `pcd_hyp_cod.csv` holds HYP_COD."""
    return re.sub(r"[^A-Z0-9]+", "_", _PUBLISHED_AS.sub("", path.stem).upper()).strip("_")


def _read_release(mappings: list[Path], refsets: list[Path], descriptions: list[Path], gathered: Gathered) -> None:
    """Reference sets, by the mapping of clusters to them."""
    problems = gathered.problems
    cluster_of: dict[str, list[str]] = {}
    refset_of: dict[str, str] = {}
    for path in mappings:
        for row, (cluster, refset) in read_table(path, MAPPING).rows(problems):
            if refset_of.setdefault(cluster, refset) != refset:
                message = f"the cluster {cluster} is reference set {refset} here and {refset_of[cluster]} above."
                problems.add("terminology.cluster-of-two-sets", message, _at(path, row), cluster=cluster)
            elif not is_snomed(refset):
                problems.add(
                    "terminology.reference-set-malformed",
                    f"'{_shown(refset)}' is not the identifier of a reference set.",
                    _at(path, row),
                    cluster=cluster,
                    found=_shown(refset),
                )
            elif cluster not in cluster_of.setdefault(refset, []) and gathered.begin(cluster, path, row):
                cluster_of[refset].append(cluster)
    members = _members(refsets, cluster_of, gathered)
    terms = terms_of(descriptions, {code for _, code in members}, problems)
    for (refset, code), (path, row) in members.items():
        for cluster in cluster_of[refset]:
            gathered.add(cluster, code, terms.get(code, ""), f"{shown_name(path)}, reference set {refset}", path, row)
    empty = [cluster for clusters in cluster_of.values() for cluster in clusters if not gathered.terms[cluster]]
    for cluster in empty:
        del gathered.terms[cluster]
    if empty and problems.total == 0:
        message = f"{len(empty)} clusters have no active code in the reference-set files and are left out: "
        names = ", ".join(sorted(empty)[:10]) + (" …" if len(empty) > 10 else "")
        place = Place(str(mappings[0]))
        gathered.warnings.append(
            warning("terminology.clusters-left-out", f"{message}{names}.", place, clusters=sorted(empty))
        )
    if not gathered.terms:
        problems.add(
            "terminology.no-active-code",
            "no reference set of the mapping has an active code in the files given.",
            Place(str(refsets[0])),
        )


def _members(
    refsets: list[Path], cluster_of: Mapping[str, object], gathered: Gathered
) -> dict[tuple[str, str], tuple[Path, int]]:
    """The codes of each reference set that have an active member, each with where it stands."""
    check_not_deltas_alone(refsets, gathered.problems)
    states = States(gathered.problems)
    listed: dict[str, tuple[str, str]] = {}
    for path in refsets:
        for row, cells in release_rows(path, REFSET, gathered.problems):
            member, day, active, refset, code = cells[0], cells[1], cells[2], cells[4], cells[5]
            if states.take(member, day, active, path, row) and refset in cluster_of:
                listed.setdefault(member, (refset, code))
    states.tell(gathered.warnings, refsets[0])
    members: dict[tuple[str, str], tuple[Path, int]] = {}
    for member, refset_and_code in listed.items():
        if where := states.active(member):
            members.setdefault(refset_and_code, where)
    return members
