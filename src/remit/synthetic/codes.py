"""Codes by number: those of the demonstration clusters, and made-up ones that no cluster has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa

from remit.core.problems import did_you_mean
from remit.synthetic.chance import Ints, chosen
from remit.terminology.clusters import ClusterSet

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


class Codes:
    """All codes of a run in the order of their text, so that a code's number sorts as the code does."""

    def __init__(self, clusters: ClusterSet, others: Iterable[str]) -> None:
        self._clusters = {name: frozenset(cluster.codes) for name, cluster in clusters.clusters.items()}
        self.texts = sorted({code for codes in self._clusters.values() for code in codes} | set(others))
        self._numbers = {code: number for number, code in enumerate(self.texts)}
        self._by_expression: dict[str, Numbers] = {}

    def number(self, code: str) -> int:
        """A code's number."""
        return self._numbers[code]

    def numbers_of(self, expression: str) -> Numbers:
        """The numbers of the codes of `A_COD`, `A_COD & B_COD` (in both) or `A_COD - B_COD` (not in B).

        Raises ValueError for a cluster that is not there, and for an expression that no code fulfils.
        """
        if expression not in self._by_expression:
            first, *rest = expression.replace(" & ", "\x1f&").replace(" - ", "\x1f-").split("\x1f")
            codes = self._cluster(first)
            for term in rest:
                other = self._cluster(term[1:])
                codes = codes & other if term[0] == "&" else codes - other
            if not codes:
                raise ValueError(f"no code is in {expression}")
            self._by_expression[expression] = np.array(sorted(self._numbers[code] for code in codes))
        return self._by_expression[expression]

    def _cluster(self, name: str) -> frozenset[str]:
        if name not in self._clusters:
            raise ValueError(f"there is no cluster {name}. {did_you_mean(name, self._clusters)}")
        return self._clusters[name]

    def pick(self, draw: np.random.Generator, expression: str, size: int) -> Ints:
        """Codes of a cluster, each as likely as the others."""
        codes = self.numbers_of(expression)
        if len(codes) == 1:
            return np.full(size, codes[0])
        return codes[draw.integers(0, len(codes), size)]

    def pick_weighted(self, draw: np.random.Generator, weights: Mapping[str, float], size: int) -> Ints:
        """Codes of several clusters by weight."""
        which = chosen(draw, list(weights.values()), size)
        picked = np.empty(size, dtype=np.int64)
        for position, expression in enumerate(weights):
            mine = which == position
            picked[mine] = self.pick(draw, expression, int(mine.sum()))
        return picked

    def dictionary(self) -> pa.Array:
        """The texts, for a column of numbers to take from."""
        return pa.array(self.texts, pa.string())
