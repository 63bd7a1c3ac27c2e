"""What would happen if a scheme changed: who gains and loses, by what, and how much of that is chance."""
