"""Writes every page and table of the docs that is made from code or tests.

python scripts/pages.py            write
python scripts/pages.py --check    say what is not current, and end with status 1 if anything is
"""

from __future__ import annotations

import sys

import docs_tables
import qif_thresholds
import rule_manual
import scheme_manual

if __name__ == "__main__":
    sys.exit(max([script.main() for script in (docs_tables, qif_thresholds, rule_manual, scheme_manual)]))
