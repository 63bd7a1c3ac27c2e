"""The policy laboratory: what is chance and what is not, and who would gain or lose if a scheme changed.

Floats are at home here and nowhere below: a probability is an estimate. Pounds are still priced through the plan, in
whole pence. scipy comes with the extra `remit[analysis]`.
"""
