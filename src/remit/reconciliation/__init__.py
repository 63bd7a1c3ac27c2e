"""A run beside a published or exported file: each difference and its likely cause."""
