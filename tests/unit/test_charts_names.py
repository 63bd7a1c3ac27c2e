"""The names of who loses and who gains most keep their size, however long they are: two lines take them."""

from __future__ import annotations

from remit.documents.charts import gains

LOSES = "The Old Bakery Surgery and Health Centre 0 (M83000) −£2,200.00"
GAINS = "The Old Bakery Surgery and Health Centre 1 (M83001) +£2,200.00"


def test_two_long_names_stand_below_each_other() -> None:
    picture = gains([-220000, 0, 220000], "Three practices.", str, (LOSES, GAINS))
    texts = [line for line in picture.svg.split("<text ") if "M8300" in line]
    assert len(texts) == 2
    assert len({line.split('y="')[1].split('"')[0] for line in texts}) == 2
    assert all("font-size" not in line.split(">")[0] for line in texts)


def test_short_names_stand_on_one_line() -> None:
    picture = gains([-220000, 0, 220000], "Three practices.", str, ("A −£2,200.00", "B +£2,200.00"))
    texts = [line for line in picture.svg.split("<text ") if "£2,200.00" in line]
    assert len({line.split('y="')[1].split('"')[0] for line in texts}) == 1
