"""Money: the ledger, payment runs and their release, recoveries, adjustments, closes and accruals."""
