"""Figures that came in: extracts, what a run made of them, and the evidence of practices."""
