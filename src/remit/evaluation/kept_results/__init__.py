"""What patients' records came to, kept so that a later evaluation works out only what is new since."""
