"""The audit log: who did what, when, and to what. Entries are only ever added, each chained to the one before."""
