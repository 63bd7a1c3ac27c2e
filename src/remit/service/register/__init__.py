"""Schemes: their bytes, their states, their publication."""
