"""A later extract laid beside the files of a practice: which of its rows stand, and which of theirs no longer do.

The latest extract changes nothing of what was superseded before it, and what it says of one patient, day and code
meets only what the files say of these, or of the same record. So the files are read for those alone; what becomes of
the rows is the same as in `standing`, where all rows are set beside each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.records.layout import Layout
from remit.records.pieces import PLACES, Piece
from remit.records.standing import BECOMES, RECORD, groups
from remit.records.store import reading

_KEYS = ("patient_id", "date", "code", "record")
_PLACE, _IMPORT = "place", "import"
_SUPERSEDED = -1
"""The import of a row that did not stand before."""


@dataclass
class Beside:
    """What a later extract's rows of a table come to."""

    standing: pa.Table
    superseded: pa.Table
    dropped: pa.Table = field(default_factory=PLACES.empty_table)
    """The rows of earlier files that no longer stand, as `PLACES`."""


def lay_beside(layout: Layout, new: pa.Table, standing: Sequence[Piece], superseded: Sequence[Piece]) -> Beside:
    """Set the rows of the latest extract beside the files of its practice: those that stand, and the others.

    `new` has the columns of the layout and `extract`. It gives what `resolve` gives of all rows together.
    """
    if not new.num_rows:
        return Beside(new, new)
    wanted = _Wanted(new)
    found = [*_alike(standing, wanted, stood=True), *_alike(superseded, wanted, stood=False)]
    if not found:
        return Beside(new, new.slice(0, 0))
    old = layout.joined(found)
    places = pa.concat_tables([table.select([_IMPORT, _PLACE]) for table in found]).combine_chunks()
    rows = layout.joined([old, new]).combine_chunks()
    is_new = np.arange(rows.num_rows) >= old.num_rows
    stands, drops = _become(layout, rows, is_new)
    stood = places[_IMPORT].to_numpy() != _SUPERSEDED
    gone = places.filter(pa.array(drops[: old.num_rows] & stood)).rename_columns(PLACES.names).cast(PLACES)
    mask = pa.array(stands[old.num_rows :])
    order = [(name, "ascending") for name in PLACES.names]
    return Beside(new.filter(mask), new.filter(pc.invert(mask)), gone.sort_by(order))


def _become(layout: Layout, rows: pa.Table, is_new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each row whether a new one stands, and whether an old one is dropped."""
    everything = layout.order(rows.column_names)
    more, recorded = np.zeros(rows.num_rows, bool), np.zeros(rows.num_rows, bool)
    for name in layout.optional:
        if name in everything:
            says = layout.says(rows, name).to_numpy(zero_copy_only=False)
            more |= says
            recorded = says if name == "record" else recorded
    base = groups(rows, [name for name in everything if name not in layout.optional])
    drops = ~is_new & ~more & _shared(base, is_new & more)
    stands = is_new & (more | ~_shared(base, ~is_new))
    for which, names in (
        (more & recorded, RECORD),
        (more & ~recorded, [name for name in everything if name not in BECOMES]),
    ):
        if (which & is_new).any():
            same = groups(rows.filter(pa.array(which)), names)
            drops[which] |= ~is_new[which] & _shared(same, is_new[which])
    return stands, drops


def _shared(group: np.ndarray, those: np.ndarray) -> np.ndarray:
    """Of each row whether one of those is in its group."""
    has = np.zeros(len(group) and int(group.max()) + 1, bool)
    has[group[those]] = True
    found: np.ndarray = has[group]
    return found


class _Wanted:
    """The patients, days, codes and records of an extract, to find rows of the same in a file."""

    def __init__(self, new: pa.Table) -> None:
        self.patients, self.codes = (pc.unique(new[name]) for name in ("patient_id", "code"))
        days = new["date"].cast(pa.int32()).to_numpy()
        self.first, self.last = (int(days.min()), int(days.max())) if len(days) else (0, -1)
        who, what = places_in(new["patient_id"], self.patients), places_in(new["code"], self.codes)
        self.keys = np.unique(self._keys(who, what, days))
        ids = pc.unique(new["record"]) if "record" in new.column_names else pa.array([], pa.string())
        self.records = ids.filter(pc.not_equal(ids, ""))

    def _keys(self, patients: np.ndarray, codes: np.ndarray, days: np.ndarray) -> np.ndarray:
        each = (patients.astype("i8") * (self.last - self.first + 1) + (days - self.first)) * max(len(self.codes), 1)
        keys: np.ndarray = each + codes
        return keys

    def among(self, rows: pa.Table) -> np.ndarray:
        """Of each row of a file whether it may meet one of the extract's."""
        who = places_in(rows["patient_id"], self.patients)
        what, days = places_in(rows["code"], self.codes), rows["date"].cast(pa.int32()).to_numpy()
        may = (who >= 0) & (what >= 0) & (days >= self.first) & (days <= self.last)
        keys = self._keys(who[may], what[may], days[may])
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        may[may] = self.keys[at] == keys
        if len(self.records) and "record" in rows.column_names:
            may |= (who >= 0) & (places_in(rows["record"], self.records) >= 0)
        return np.asarray(may, bool)


def places_in(column: pa.ChunkedArray, values: pa.Array) -> np.ndarray:
    """Of each cell its place among the values; -1 where it is none of them. Each word of a dictionary is looked up
    once."""
    parts = [np.zeros(0, "i4")]
    for chunk in column.chunks:
        words = chunk.dictionary_encode() if not pa.types.is_dictionary(chunk.type) else chunk
        places = pc.fill_null(pc.index_in(words.dictionary.cast(pa.string()), values), -1).to_numpy()
        parts.append(places[words.indices.to_numpy()])
    return np.concatenate(parts)


def _alike(pieces: Sequence[Piece], wanted: _Wanted, stood: bool) -> Iterator[pa.Table]:
    """The rows of files that may meet one of the extract's, with their place there."""
    for piece in pieces:
        if piece.dropped:
            continue  # its rows are found in the file where they stood
        gone = piece.places()
        for rows, places in rows_found(piece, lambda keys, places: wanted.among(keys)):
            own = np.full(len(places), piece.number if stood else _SUPERSEDED)
            own[np.isin(places, gone)] = _SUPERSEDED
            yield rows.append_column(_IMPORT, pa.array(own)).append_column(_PLACE, pa.array(places))


def rows_found(
    piece: Piece, wanted: Callable[[pa.Table, np.ndarray], np.ndarray]
) -> Iterator[tuple[pa.Table, np.ndarray]]:
    """The rows of a file that are wanted, with their places in it, some at a time. `wanted` gets the columns that tell
    rows apart, and the places; the others are read only where one is wanted."""
    with reading(piece.path):
        names, start = piece.names(), 0
        keys, schema = [name for name in names if name in _KEYS], piece.layout.schema_with(names)
        words = [name for name in names if pa.types.is_string(schema.field(name).type)]
        with pq.ParquetFile(piece.path.absolute(), read_dictionary=words, page_checksum_verification=True) as file:
            for number in range(file.num_row_groups):
                rows = file.read_row_group(number, columns=keys)
                places = np.arange(start, start + rows.num_rows)
                found = np.flatnonzero(wanted(rows, places))
                if len(found):
                    yield file.read_row_group(number).take(pa.array(found)).cast(schema), places[found]
                start += rows.num_rows
