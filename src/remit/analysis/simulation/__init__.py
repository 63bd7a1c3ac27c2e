"""What would happen if a scheme changed: who gains and loses, by how much, and how much of that is chance."""
