"""The rule language: what a definition means, how it is written and read, and what its mistakes are called."""
