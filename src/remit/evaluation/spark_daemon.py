"""What starts the Python processes of Spark's tasks: it has the engine's modules, and they begin with them.

Spark runs it once on each executor, in the place of its own, as `spark.python.daemon.module` says.
"""

from __future__ import annotations

import remit.evaluation.engine.counting
import remit.files.spark
import remit.records.quality  # noqa: F401

if __name__ == "__main__":
    from pyspark.daemon import manager

    manager()  # type: ignore[no-untyped-call]
