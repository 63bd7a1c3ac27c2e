"""Repeated draws of what practices count, each draw priced: who would gain or lose, and how much of it is chance."""
