"""Organisations: commissioners, places, networks and practices, and from when to when each belongs to another."""
