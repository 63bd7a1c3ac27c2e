"""Renderers: each shows any blocks in one format, and knows nothing of schemes."""
