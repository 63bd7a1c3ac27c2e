"""The evidence of a practice's outcomes: what the rules read of its patients, kept so that it can be asked again.

It is one folder for each practice, which can be opened without the store of records and without the evaluation that it
was made by. Nothing that a rule decides is written down a second time: the records are there that the rules read, and
the interpreter that `remit explain` asks answers from them.
"""

from remit.evaluation.evidence.keeping import evidence_of as evidence_of
from remit.evaluation.evidence.reading import Evidence as Evidence
from remit.evaluation.evidence.reading import evidence_folders as evidence_folders
from remit.evaluation.evidence.reading import open_evidence as open_evidence
