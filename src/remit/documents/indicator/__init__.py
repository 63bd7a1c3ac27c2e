"""An indicator or a register for people: its rules in words, why a patient was counted, and a search to build."""
