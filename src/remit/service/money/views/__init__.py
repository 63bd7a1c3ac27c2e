"""The pages of the books, and of what is paid."""
