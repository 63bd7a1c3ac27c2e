"""Where each practice stands by the newest figures: what it earned so far, what moved, and how it went by month."""
