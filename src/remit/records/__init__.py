"""Patient records: what one is, the store that keeps them, the import that fills it, and the check of their quality."""
