"""Pure ground for every layer: problems with a place, exact numbers, rounding, dates, words."""
