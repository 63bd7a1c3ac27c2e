"""The year of a scheme as decisions: its states, who moves them, what is kept apart, limits. Pure."""
