"""Consents: what a practice lets whom see, from when, and until when."""
