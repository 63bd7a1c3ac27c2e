"""Counts to achievement to award, exactly. Never imports records, evaluation or a database."""
