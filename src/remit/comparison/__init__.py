"""Two runs side by side: what moved, in pounds by cause."""
