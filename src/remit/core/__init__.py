"""What every layer stands on: problems with a place, exact numbers, rounding, dates, whole folders."""
