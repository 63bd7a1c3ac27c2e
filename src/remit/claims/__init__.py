"""Claims of activity: their rows, which of them count, and what became of each."""
