"""Records and rules to outcomes: what a rule means, the interpreter that shows it, and runs over a store."""
