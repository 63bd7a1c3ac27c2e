"""The pages of offers: making them, answering them, and the year of a scheme."""
