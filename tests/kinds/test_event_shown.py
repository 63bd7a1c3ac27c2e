"""Kind: a person is not shown what a record says, or why it did not count.

Here is every place where a person looks at a record, from a file to the page: what it says of its end, comparator,
answer, status, time and system is there, and a record that no field sees is told with the reason.
"""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

import pytest
from tests.bad_files.command import remit
from tests.faults.folders import HEADERS, imported, write_folder

from remit.records.quality import check_store
from remit.records.store import Store
from remit.terminology.sets import demonstration

HYP = min(demonstration().codes_of("HYP_COD"))
COLUMNS = "time,end_date,system,comparator,answer,status,negation,record"
DAY = "2024-05-01"
SAYS = [
    # The cells of the optional columns, the value, and what a page says of the record.
    ("08:30,,,,,,,", "", "1 May 2024 08:30"),
    (",2024-06-30,,,,,,", "", "1 May 2024 to 30 June 2024"),
    (",open,,,,,,", "", "1 May 2024, still lasts"),
    (",unknown,,,,,,", "", "1 May 2024, end not known"),
    (",,snomed,,,,,", "", f"{HYP} (SNOMED CT)"),
    (",,,>,,,,", "130", "> 130 mmHg"),
    (",,,,yes,,,", "", "yes"),
    (",,,,,preliminary,,", "", "preliminary"),
]
UNSEEN = [
    (",,,,,cancelled,,", "cancelled"),
    (",,,,,entered-in-error,,", "entered in error"),
    (",,,,,,not done,", "not done"),
    (",,,,,,refused,", "refused"),
    (",,,,,planned,,", "planned"),
    (",,icd10,,,,,", "a code of ICD-10, and the cluster's is not"),
]


@pytest.fixture(scope="module")
def clusters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration set, with its codes those of SNOMED CT where they have the form."""
    home = tmp_path_factory.mktemp("clusters")
    with (home / "all.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["cluster", "code", "term", "system"])
        for name, cluster in demonstration().clusters.items():
            rows.writerows(
                [name, code, term, "snomed" if code.isdigit() else ""] for code, term in cluster.codes.items()
            )
    made = remit("clusters", "import", home / "all.csv", "--name", "said", "--release", "1", "--out", home / "set")
    assert made.status == 0, made
    return home / "set"


def store(home: Path, rows: list[tuple[str, str, str]]) -> Path:
    """A store of patients with one record each: id, the optional cells, the value."""
    ids = sorted({id_ for id_, _, _ in rows})
    people, stays = [f"A1,{id_},1960-01-01,F,,,," for id_ in ids], [f"A1,{id_},A1,2001-01-01," for id_ in ids]
    made = write_folder(home / "in", extracts=["2025-03,A1,2025-03-31"], practices=["A1,,Ash,3,3,,"], patients=people,
                        registrations=stays, events=[], prescriptions=[])  # fmt: skip
    events = [f"A1,{id_},{DAY},{HYP},{value},{'mmHg' if value else ''},,,{cells}" for id_, cells, value in rows]
    (made / "events.csv").write_text("\n".join([f"{HEADERS['events']},{COLUMNS}", *events]) + "\n", "utf-8")
    assert not imported(made, home / "store").rejected["events"]
    return home / "store"


def explained(home: Path, clusters: Path, id_: str = "p1") -> str:
    """The text of the page."""
    page = home / "page.html"
    said = remit("explain", "HYP_REG", "--records", home / "store", "--clusters", clusters, "--patient", id_,
                 "--html", page)  # fmt: skip
    assert said.status == 0, said
    body = page.read_text("utf-8").partition("<body")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize(("cells", "value", "words"), SAYS)
def test_explain_shows_what_a_record_says(tmp_path: Path, clusters: Path, cells: str, value: str, words: str) -> None:
    store(tmp_path, [("p1", cells, value)])
    page = explained(tmp_path, clusters)
    assert "on the register" in page
    assert words in page
    assert "does not see" not in page


@pytest.mark.parametrize(("cells", "why"), UNSEEN)
def test_explain_says_why_a_record_did_not_count(tmp_path: Path, clusters: Path, cells: str, why: str) -> None:
    store(tmp_path, [("p1", cells, "")])
    page = explained(tmp_path, clusters)
    assert "not on the register" in page
    assert "Records of its clusters that the rule does not see" in page
    assert why in page


def test_a_plain_record_is_shown_as_before(tmp_path: Path, clusters: Path) -> None:
    store(tmp_path, [("p1", ",,,,,,,", "")])
    page = explained(tmp_path, clusters)
    assert "Says" not in page
    assert "Why" not in page


def test_evaluate_counts_what_happened_and_no_more(tmp_path: Path, clusters: Path) -> None:
    """The whole way, from a file to the counts: of fourteen people the eight are on the register."""
    rows = [(f"s{n}", cells, value) for n, (cells, value, _) in enumerate(SAYS)]
    rows += [(f"u{n}", cells, "") for n, (cells, _) in enumerate(UNSEEN)]
    done = remit("evaluate", "qof-england-2024-25", "--records", store(tmp_path, rows), "--clusters", clusters,
                 "--out", tmp_path / "out")  # fmt: skip
    assert done.status == 0, done
    with (tmp_path / "out" / "counts.csv").open(encoding="utf-8", newline="") as file:
        counts = [
            row for row in csv.DictReader(file) if row["measure"] == "REGISTER" and row["indicator_code"] == "HYP"
        ]
    assert [row["value"] for row in counts] == [str(len(SAYS))]


FINDINGS = [
    (",2024-04-30,,,,,,", "", "record that ends before it begins"),
    (",,,<,,,,", "", "comparator without a value"),
]


@pytest.mark.parametrize(("cells", "value", "kind"), FINDINGS)
def test_the_check_finds_what_cannot_be_meant(tmp_path: Path, cells: str, value: str, kind: str) -> None:
    found = [*check_store(Store(store(tmp_path, [("p1", cells, value)]))).by_kind()]
    assert [(name, [one.count for one in those]) for name, those in found] == [(kind, [1])]


def test_the_check_finds_a_record_over_several_days(tmp_path: Path) -> None:
    made = store(tmp_path, [("p1", ",,,,,,,e1", ""), ("p1", ",,,,,,,e1", ""), ("p1", ",,,,,,,e2", "")])
    assert [kind for kind, _ in check_store(Store(made)).by_kind()] == ["the same row twice"]
    path = tmp_path / "in" / "events.csv"
    path.write_text(path.read_text("utf-8").replace(DAY, "2024-05-02", 1), "utf-8")
    imported(tmp_path / "in", made, "correct")
    assert [kind for kind, _ in check_store(Store(made)).by_kind()] == ["record over several days"]


@pytest.mark.parametrize("cells", [
    cells for cells, *_ in (*SAYS, *UNSEEN) if ">" not in cells and "icd10" not in cells
])  # fmt: skip
def test_the_check_finds_nothing_in_what_can_be_meant(tmp_path: Path, cells: str) -> None:
    assert [*check_store(Store(store(tmp_path, [("p1", cells, "")]))).by_kind()] == []
