"""To design a scheme from a base year: thresholds, steps beyond luck's reach, a budget that is met, health gain."""
