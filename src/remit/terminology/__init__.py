"""Code clusters: the demonstration set that ships, reference-set releases and code lists, differences and locks."""

from remit.terminology.clusters import Cluster, ClusterSet, need
from remit.terminology.differences import Changed, Difference, differ
from remit.terminology.locks import Lock, lock_of, verify
from remit.terminology.release import read_files
from remit.terminology.sets import demonstration, load_clusters, set_manifest, write_clusters

__all__ = [
    "Changed",
    "Cluster",
    "ClusterSet",
    "Difference",
    "Lock",
    "demonstration",
    "differ",
    "load_clusters",
    "lock_of",
    "need",
    "read_files",
    "set_manifest",
    "verify",
    "write_clusters",
]  # fmt: skip
