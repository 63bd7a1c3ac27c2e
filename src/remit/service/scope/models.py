"""This app has no tables of its own; Django calls it after a migration only where this module is."""
