"""Offers of a scheme year, and which practices take part in it, from when until when."""
