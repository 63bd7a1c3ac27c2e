"""Small numbers: the policies that hide them, and breakdowns of an evaluation as others may see them."""
