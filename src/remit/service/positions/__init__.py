"""Where practices stand in a scheme's year: pages and what they read, of figures that came in. It has no rows."""
