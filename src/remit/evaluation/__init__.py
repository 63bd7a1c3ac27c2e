"""Records and rules to outcomes: the interpreter that shows what a rule means, the engine, and runs over a store."""
