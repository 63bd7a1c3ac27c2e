"""Migrations of due dates and reminders."""
