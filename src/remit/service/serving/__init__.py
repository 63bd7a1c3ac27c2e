"""Runs the service: `remit serve` and the commands beside it."""
