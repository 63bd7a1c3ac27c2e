"""Award to pounds, instalments, balance, recovery and ledger entries, exactly. Never imports records or a database."""
