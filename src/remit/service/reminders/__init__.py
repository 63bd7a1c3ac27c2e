"""What is due when, who is late, and who is reminded of it."""
