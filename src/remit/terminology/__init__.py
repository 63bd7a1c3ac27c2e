"""Code clusters: the demonstration set that ships, reference-set releases and code lists, differences and locks."""

from remit.terminology.clusters import Cluster, ClusterSet, need
from remit.terminology.differences import Changed, Difference, differ
from remit.terminology.locks import lock_of, lock_text, read_lock, verify
from remit.terminology.release import read_files
from remit.terminology.sets import demonstration, load_clusters, summary, write_clusters

__all__ = [
    "Changed", "Cluster", "ClusterSet", "Difference", "demonstration", "differ", "load_clusters", "lock_of",
    "lock_text", "need", "read_files", "read_lock", "summary", "verify", "write_clusters",
]  # fmt: skip
