"""Achievement to pounds: the weights on a point, and the awards of a scheme for a practice."""
