"""Cluster sets: hashes, what is needed, the files that others publish, differences, locks, the set that ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from remit.core.problems import Refused
from remit.files.manifest import encoded
from remit.terminology import (
    Cluster,
    ClusterSet,
    demonstration,
    differ,
    load_clusters,
    lock_of,
    need,
    read_files,
    set_manifest,
    verify,
    write_clusters,
)
from remit.terminology.codes import check_digit_holds, is_made_up, is_snomed, wrong_with
from remit.terminology.release import name_of

# printf '1201005\n38341003\n' | sort | sha256sum, and of the line "HYP_COD <that>"
HYPERTENSION = "e36ac8b0db5f09e8c0bd03640d55ee6271bb7a3692b3a304ae9a79757343f9e7"
HYPERTENSION_SET = "32e5ae32e46f6a549b349ee89f7670cfe3214ed28a40454d4a3cb5e00d18e4a2"

REFSET = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\n"
MEMBERS = (
    ("1", "1001", "38341003"),
    ("1", "1001", "59621000"),
    ("0", "1001", "1201005"),  # retired
    ("1", "9001", "73211009"),  # of no cluster of the mapping
)


def a_set(**clusters: str) -> ClusterSet:
    """A set from `NAME="code code"`."""
    made = {name: Cluster(name, dict.fromkeys(codes.split(), "")) for name, codes in clusters.items()}
    return ClusterSet("made", "1", False, made)


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


# Hashes


def test_the_hash_of_a_cluster_is_that_of_its_sorted_codes() -> None:
    assert a_set(HYP_COD="38341003 1201005").clusters["HYP_COD"].sha256 == HYPERTENSION
    assert a_set(HYP_COD="1201005 38341003").sha256 == HYPERTENSION_SET


def test_terms_and_sources_move_no_hash() -> None:
    told = Cluster("HYP_COD", {"38341003": "a term", "1201005": "another"}, "a list")
    assert told.sha256 == HYPERTENSION


def test_a_code_more_moves_the_hash() -> None:
    assert a_set(HYP_COD="38341003 1201005 59621000").sha256 != HYPERTENSION_SET


# What is needed


def test_missing_clusters_are_refused_all_at_once_with_near_names() -> None:
    held = a_set(HYP_COD="38341003", DM_COD="73211009", EMPTY_COD="")
    with pytest.raises(Refused) as refused:
        need(["HYP_COD", "DMM_COD", "EMPTY_COD", "HYPP_COD"], held)
    said = str(refused.value).splitlines()
    assert [line.split(" is needed")[0] for line in said] == [
        "the cluster DMM_COD",
        "the cluster EMPTY_COD",
        "the cluster HYPP_COD",
    ]
    assert "Did you mean DM_COD" in said[0]
    assert "has no code" in said[1]
    assert "Did you mean HYP_COD" in said[2]


def test_a_name_that_a_set_does_not_have_is_refused() -> None:
    assert a_set(HYP_COD="38341003").codes_of("HYP_COD") == {"38341003"}
    with pytest.raises(Refused, match=r"has no cluster 'HYPP_COD'\. Did you mean HYP_COD"):
        a_set(HYP_COD="38341003").codes_of("HYPP_COD")


# Codes


@pytest.mark.parametrize("code", ["44054006", "999791000000106", "19842211000001107", "999000011000230102"])
def test_check_digits_of_identifiers_in_use_hold(code: str) -> None:
    assert is_snomed(code)
    assert check_digit_holds(code)


@pytest.mark.parametrize("code", ["44054007", "40454006", "45054006", "999791000000100"])
def test_a_wrong_digit_a_swap_and_a_rounding_are_found(code: str) -> None:
    assert not check_digit_holds(code)


@pytest.mark.parametrize("code", ["44054006", "C10E.", "XaJix", "137R.", "^ESCT123", "demo:BPDEC_COD-1", "EMISNQAB12"])
def test_codes_that_can_stand(code: str) -> None:
    assert wrong_with(code) == ""


@pytest.mark.parametrize(
    "code", ["", "C10 E", "44054006;", "1.0E+15", "44054006.0", "demo:", "Diabetes mellitus", "é123"]
)
def test_codes_that_cannot_stand(code: str) -> None:
    assert wrong_with(code)


# Reading


def test_a_code_list_is_named_for_its_file(tmp_path: Path) -> None:
    assert name_of(Path("pcd_hyp_cod.csv")) == "HYP_COD"
    assert name_of(Path("nhsd-primary-care-domain-refsets-dmtype1_cod.csv")) == "DMTYPE1_COD"
    assert name_of(Path("opensafely-statin-medication.csv")) == "OPENSAFELY_STATIN_MEDICATION"
    path = written(tmp_path, "mine.csv", "code,term\n38341003,Hypertensive disorder\n")
    held, warnings = read_files([f"HYP_COD={path}"], "mine", "1")
    assert held.clusters["HYP_COD"].codes == {"38341003": "Hypertensive disorder"}
    assert held.clusters["HYP_COD"].source == "mine.csv"
    assert warnings == ()


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("CTV3Code,Description,CodeSource,Category", "137R.,A term,QOF,S"),
        ("CTV3ID,CTV3PreferredTermDesc,CTV3Source", "137R.,A term,QOF"),
        ("dmd_type,dmd_id,dmd_name,bnf_code", "VMP,137R.,A term,0205"),
        ("type,id,bnf_code,nm", "vmp,137R.,0205,A term"),
        ("code,term,dmd_id,dmd_type,bnf_code", "137R.,A term,1,VMP,0205"),
        ("\ufeffCODE,CODE_DESCRIPTION,VOCABULARY", "137R.,A term,CTV3"),
        ("Description,Code,Grouping_16", "A term,137R.,5"),
    ],
)
def test_the_spellings_of_code_lists(header: str, row: str, tmp_path: Path) -> None:
    path = written(tmp_path, "smoker.csv", f"{header}\n{row}\n")
    assert read_files([path], "x", "1")[0].clusters["SMOKER"].codes == {"137R.": "A term"}


def test_a_table_of_clusters(tmp_path: Path) -> None:
    text = "cluster_id,code,term\nHYP_COD,38341003,Hypertensive disorder\nDM_COD,73211009,Diabetes mellitus\n"
    text += "HYP_COD,1201005,Benign essential hypertension\n"
    held, _ = read_files([written(tmp_path, "all.csv", text)], "all", "2024-12")
    assert list(held.clusters) == ["DM_COD", "HYP_COD"]
    assert held.clusters["HYP_COD"].sha256 == HYPERTENSION
    assert (held.name, held.release, held.demonstration, held.code_count) == ("all", "2024-12", False, 3)


def release(folder: Path, members: tuple[tuple[str, str, str], ...] = MEMBERS) -> list[Path]:
    """A mapping of two clusters and the refset snapshot of one."""
    mapping = "cluster_id,pcd_refset_id,service_and_ruleset\nHYP_COD,@R1@,QOF Hypertension\n"
    mapping += "HYP_COD,@R1@,QOF Smoking\nDM_COD,@R2@,QOF Diabetes\n"
    numbers = {"1001": "999003371000230102", "9001": "999000291000230100"}
    rows = "".join(
        f"00000000-0000-0000-0000-{n:012}\t20241101\t{active}\t999000011000230102\t{numbers[refset]}\t{code}\r\n"
        for n, (active, refset, code) in enumerate(members)
    )
    mapping = mapping.replace("@R1@", "999003371000230102").replace("@R2@", "999002981000230106")
    return [written(folder, "mapping.csv", mapping), written(folder, "refsets.txt", REFSET + rows)]


def test_a_release_is_its_active_members_by_the_mapping(tmp_path: Path) -> None:
    held, warnings = read_files(release(tmp_path), "national", "2024-12")
    assert {name: set(cluster.codes) for name, cluster in held.clusters.items()} == {
        "HYP_COD": {"38341003", "59621000"}
    }
    assert held.clusters["HYP_COD"].source == "refsets.txt, reference set 999003371000230102"
    assert [problem.message for problem in warnings] == [
        "1 clusters have no active code in the reference-set files and are left out: DM_COD."
    ]


def test_the_terms_of_a_release_are_fully_specified_names(tmp_path: Path) -> None:
    header = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\n"
    rows = (
        ("1", "38341003", "900000000000013009", "High blood pressure"),
        ("1", "38341003", "900000000000003001", "Hypertensive disorder (disorder)"),
        ("0", "38341003", "900000000000003001", "A name of old"),
        ("1", "59621000", "900000000000013009", "Essential hypertension"),
    )
    text = "".join(
        f"{n}\t20241101\t{active}\t1\t{code}\ten\t{kind}\t{term}\t9\n"
        for n, (active, code, kind, term) in enumerate(rows)
    )
    files = [*release(tmp_path), written(tmp_path, "descriptions.txt", header + text)]
    held, _ = read_files(files, "national", "2024-12")
    assert held.clusters["HYP_COD"].codes == {
        "38341003": "Hypertensive disorder (disorder)",
        "59621000": "Essential hypertension",
    }


def test_a_release_without_any_active_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no reference set of the mapping has an active code"):
        read_files(release(tmp_path, (("0", "1001", "38341003"),)), "national", "1")


def test_a_wrong_check_digit_and_a_doubled_row_are_warnings_with_their_rows(tmp_path: Path) -> None:
    path = written(tmp_path, "hyp_cod.csv", "code,term\n38341003,A\n38341004,B\n38341003,A\n")
    held, warnings = read_files([path], "x", "1")
    assert set(held.clusters["HYP_COD"].codes) == {"38341003", "38341004"}
    assert [(problem.place.line if problem.place else 0, problem.message[:42]) for problem in warnings] == [
        (3, "the check digit of 38341004 is wrong: it i"),
        (4, "the code 38341003 is listed twice in HYP_C"),
    ]


# On disk


def test_a_set_written_is_the_set_read(tmp_path: Path) -> None:
    held, _ = read_files(release(tmp_path), "national", "2024-12")
    write_clusters(held, tmp_path / "national")
    again = load_clusters(tmp_path / "national")
    assert again == held
    said = json.loads((tmp_path / "national" / "manifest.json").read_text())
    assert {key: value for key, value in said.items() if key != "manifest_sha256"} == set_manifest(held).model_dump()


def test_a_copy_of_the_demonstration_set_stays_one(tmp_path: Path) -> None:
    """Whatever name it is given and whatever its manifest says: its made-up codes tell."""
    copied = ClusterSet("national", "2024-12", False, demonstration().clusters)
    write_clusters(copied, tmp_path / "copy")
    assert load_clusters(tmp_path / "copy").demonstration


# Differences and locks


def test_a_difference_names_clusters_and_codes() -> None:
    first = a_set(HYP_COD="38341003 1201005", DM_COD="73211009", AST_COD="195967001")
    second = a_set(HYP_COD="38341003 59621000", DM_COD="73211009", EPIL_COD="84757009 1")
    found = differ(first, second)
    assert (found.new, found.gone, found.same) == ({"EPIL_COD": 2}, {"AST_COD": 1}, 1)
    assert [(c.name, list(c.added), list(c.removed)) for c in found.changed] == [("HYP_COD", ["59621000"], ["1201005"])]
    assert (found.added, found.removed) == (1, 1)


def test_a_lock_holds_until_a_needed_cluster_changes(tmp_path: Path) -> None:
    held = a_set(HYP_COD="38341003 1201005", DM_COD="73211009", AST_COD="195967001")
    lock = lock_of(["HYP_COD", "DM_COD"], held)
    assert (lock.clusters["HYP_COD"].codes, lock.clusters["HYP_COD"].sha256) == (2, HYPERTENSION)
    path = written(tmp_path, "clusters.lock", encoded(lock).decode())
    verify(path, ["HYP_COD", "DM_COD"], held)
    verify(path, ["HYP_COD"], a_set(HYP_COD="1201005 38341003", AST_COD=""))  # what is not needed may change
    with pytest.raises(Refused) as refused:
        verify(path, ["HYP_COD", "DM_COD", "AST_COD"], a_set(HYP_COD="38341003", AST_COD="195967001"))
    said = str(refused.value).splitlines()
    assert "does not lock AST_COD" in said[0]
    assert "locks DM_COD, and the cluster set made (1) does not have it" in said[1]
    assert "locks HYP_COD with 2 codes of made (1); the cluster set made (1) has others: 1 codes" in said[2]


def test_a_lock_of_what_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="the cluster DM_COD is needed"):
        lock_of(["DM_COD"], a_set(HYP_COD="38341003"))


# The set that ships


def test_the_demonstration_set_is_small_and_says_what_it_is() -> None:
    held = load_clusters()
    assert held is demonstration()
    assert held.demonstration
    assert max(len(cluster.codes) for cluster in held.clusters.values()) <= 6


def test_real_codes_of_the_demonstration_set_have_a_list_and_a_check_digit_that_holds() -> None:
    for name, cluster in demonstration().clusters.items():
        for code in cluster.codes:
            if is_made_up(code):
                named = code.removeprefix("demo:").rpartition("-")[0]
                assert code in demonstration().clusters[named].codes, (code, name)
                assert cluster.source_of(code) == "made up"
            else:
                assert cluster.source_of(code).startswith("data/codelists/"), code
                assert not is_snomed(code) or check_digit_holds(code), code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DMTYPE1_COD", "DMTYPE2_COD"),
        ("BPSYS_COD", "BPDIA_COD"),
        ("BPSYS_COD", "HOMEBPSYS_COD"),
        ("BPDIA_COD", "HOMEBPDIA_COD"),
        ("HOMEBPSYS_COD", "HOMEBPDIA_COD"),
        ("DM_COD", "DMRES_COD"),
        ("CKD_COD", "CKD1AND2_COD"),
        ("MILDFRAIL_COD", "MODFRAIL_COD"),
        ("MODFRAIL_COD", "SEVFRAIL_COD"),
        ("OSTR_COD", "HSTRK_COD"),
        ("DOAC_COD", "VITK_COD"),
        ("LSMOK_COD", "EXSMOK_COD"),
        ("EXSMOK_COD", "NSMOK_COD"),
        ("PALCARE_COD", "PALCARENI_COD"),
    ],
)
def test_clusters_that_must_tell_apart_share_no_code(one: str, other: str) -> None:
    held = demonstration()
    assert not held.codes_of(one) & held.codes_of(other)


def test_the_types_of_diabetes_are_diabetes() -> None:
    """Somebody with a code of a type alone would else not be on the register."""
    held = demonstration()
    assert held.codes_of("DM_COD") & held.codes_of("DMTYPE1_COD") == {"46635009"}
    assert held.codes_of("DM_COD") & held.codes_of("DMTYPE2_COD") == {"44054006"}
    assert "73211009" not in held.codes_of("DMTYPE1_COD") | held.codes_of("DMTYPE2_COD")
