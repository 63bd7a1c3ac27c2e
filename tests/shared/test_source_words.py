"""What scheme files quote is in the source, word for word, between one '…' and the next; and what the source says is
in the file, on the statement and on the worklist, sentence by sentence.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.bad_files.command import remit as command

import remit
from remit.scheme.numbers import numbers

SOURCE = "sources/000_034c3b9f06d53ac4.txt"
LIBRARY = Path(remit.__file__).parent / "library" / "schemes"
PLAIN = str.maketrans({"“": '"', "”": '"', "\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": "-"})


def plain(text: str) -> str:
    return " ".join(text.translate(PLAIN).split())


def quoted(part: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every `words`, obligation and text beside a rule, with where it stands: all are printed as the source's own."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("words", "context", "baseline") or path in ("/obligations", "/background"):
                yield f"{path}/{key}", value
            elif key == "asks":
                yield from ((f"{path}/asks/{n}", text) for n, text in enumerate(value))
            else:
                yield from quoted(value, f"{path}/{key}")
    elif isinstance(part, list):
        for n, value in enumerate(part):
            yield from quoted(value, f"{path}/{n}")


@pytest.fixture(scope="module")
def source(shared: Path) -> str:
    path = shared / SOURCE
    if not path.is_file():
        pytest.fail(f"{path} is not there", pytrace=False)
    return plain(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("scheme", "least"), [("qif-2024-25", 37), ("qif-plus-2024-25", 2)])
def test_every_quotation_is_verbatim(scheme: str, least: int, source: str) -> None:
    found = list(quoted(yaml.safe_load((LIBRARY / f"{scheme}.yaml").read_text(encoding="utf-8"))))
    assert len(found) >= least
    pieces = [(path, plain(piece)) for path, words in found for piece in words.split("…")]
    assert [(path, piece) for path, piece in pieces if not piece or piece not in source] == []


REVIEW = "sources/004_b88df9be6e62b69e.txt"
QUOTED = re.compile(r'"([^"]+)"')


@pytest.mark.parametrize(
    ("scheme", "name", "said"),
    [
        ("qof-review-2018-practice", "beginning", "147 indicators addressing four domains of care"),
        ("qof-review-2018-practice", "at_the_time_of_the_review", "approximately 8% at present"),
        ("qof-review-2018-practice", "worth", "worth [£]691 million in 2016/17"),
        ("qof-review-2018-practice", "worth", "about [£]685 million a year"),
        ("qof-review-2018-practice", "worth", "about 7.2 per cent of the total net payments to GP practices"),
        ("qof-review-2018-network", "worth", "worth [£]691 million in 2016/17"),
    ],
)
def test_the_reviews_history_stands_in_show(scheme: str, name: str, said: str, shared: Path) -> None:
    """The pound signs are lost in the copy: `[£]` stands where they were."""
    text = plain(remit.load_scheme(scheme).background[name])
    assert said in text
    assert said in plain(command("show", scheme, "--sources").out)
    review = plain((shared / REVIEW).read_text(encoding="utf-8"))
    pieces = [plain(piece).replace("[£]", "") for piece in QUOTED.findall(text)]
    assert pieces
    assert [piece for piece in pieces if piece not in review] == []


# The source's own sentences that the file, the statement and the worklist must have (F, S, W).
SENTENCES = [
    ("Practices are asked to aim to prioritise those not seen in 23/24", "FSW"),
    ("Any deviation from normal pulse rate for the patient should be reported and investigated", "FSW"),
    ("36.1% (lowest quartile 26.2%, interquartile 34.3%, highest quartile 42.4%)", "FSW"),
    ("2023/24 (11 months EMIS practices)", "FSW"),
    ("CHOL002 38.5% (Mar-24 EMIS practices)", "FSW"),
    ("QOF 24/25 3 points", "FSW"),
    ("QOF 24/25 thresholds 40-77% 14 points", "FSW"),
    ("(QOF 24/25 CHOL004 thresholds 20-35% 16 points). (QOF 23/24 CHOL002 thresholds 20-35% 16 points)", "FSW"),
    ("QOF 24/25 (CKD005 6 points protected).", "FSW"),
    (
        "Practices are therefore asked to strengthen action in ethnic minority communities and Core20Plus5 approach "
        "when delivering QIF to reduce health inequalities.",
        "FSW",
    ),
    ("practices should be aiming for prevalence rate above 1%", "FSW"),
    (
        "Practices are also asked to improve depth of coding eg. preferred place of death, actual place of death",
        "FSW",
    ),
    (
        "A review of the individual 8 care processes shows lower completion for the Urine Albumin and Foot "
        "Surveillance, a focus on these processes could increase achievement of all 8 care processes.",
        "FSW",
    ),
    ("Senior Primary Care Delivery Manager", "FS"),
    ("has been carried out to demonstrate the benefits of such a scheme in primary care.", "FS"),
    ("doi.org/10.1093/fampra/cmy128", "FS"),
    ("50.3% of Stoke-on-Trent's population live in the most deprived 20% of communities in England", "FS"),
    ("compared to 10.7% of Staffordshire's population, Jan-24", "FS"),
]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What `show`, a statement's page and a worklist's page say, for a practice of made-up people."""
    folder = tmp_path_factory.mktemp("qif")
    for words in (
        ("synth", "--patients", "200", "--seed", "5", "--out", folder / "people"),
        ("evaluate", "qif-2024-25", "--records", folder / "people", "--out", folder / "counted"),
        ("run", "qif-2024-25", "--practices", folder / "counted" / "practices.csv", "--counts",
         folder / "counted" / "counts.csv", "--out", folder / "run"),
        ("statement", folder / "run", "--practice", "P001", "--html", folder / "statement.html"),
        ("worklist", folder / "counted", "--records", folder / "people", "--practice", "P001", "--html",
         folder / "worklist.html"),
    ):  # fmt: skip
        said = command(*words)
        assert said.status == 0, said.err
    pages = {name: (folder / f"{name}.html").read_text(encoding="utf-8") for name in ("statement", "worklist")}
    found = {letter: plain(html.unescape(pages[name])) for letter, name in (("S", "statement"), ("W", "worklist"))}
    return {"F": plain(command("show", "qif-2024-25", "--sources").out), **found}


@pytest.mark.parametrize(("sentence", "where"), SENTENCES)
def test_each_sentence_of_the_source_is_where_it_is_needed(
    sentence: str, where: str, source: str, shown: dict[str, str]
) -> None:
    assert plain(sentence) in source
    assert [letter for letter in where if plain(sentence) not in shown[letter]] == []


LINE = ("points", "lower", "upper")
VERIFIED = [
    ("qof-england-2024-25", "HYP008", ("14", "40%", "77%"), "thresholds 40-77% 14 points"),
    ("qof-england-2024-25", "CHOL004", ("16", "20%", "35%"), "CHOL004 thresholds 20-35% 16 points"),
    ("qof-england-2024-25", "CKD005", ("6",), "CKD005 6 points protected"),
    ("qof-england-2024-25", "PC001", ("3",), "QOF 24/25 3 points"),
    ("qof-england-2023-24", "CHOL002", ("16", "20%", "35%"), "CHOL002 thresholds 20-35% 16 points"),
]


@pytest.mark.parametrize(("scheme", "item", "texts", "printed"), VERIFIED)
def test_what_the_source_prints_of_qof_is_verified_by_it(
    scheme: str, item: str, texts: tuple[str, ...], printed: str, source: str
) -> None:
    assert printed in source
    loaded = remit.load_scheme(scheme)
    n = next(n for n, one in enumerate(loaded.items) if one.item == item)
    found = {one.path[-1]: (one.text, one.standing) for one in numbers(loaded) if one.path[:2] == ("items", n)}
    assert [found[key] for key in LINE if key in found] == [(text, "verified") for text in texts]
