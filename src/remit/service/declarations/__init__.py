"""What practices declare of a scheme year, the evidence for it, and who approved it."""
