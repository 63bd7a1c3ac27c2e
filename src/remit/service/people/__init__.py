"""People: who they are, which roles they have where, and what two duties one person may not have."""
