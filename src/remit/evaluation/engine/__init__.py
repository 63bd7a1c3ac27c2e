"""The DuckDB engine: definitions to a typed plan (`planning`, `resolving`), the plan to SQL (`templates`), run there.

`evaluation/reference` is the oracle of what it must come to. The two share the rule model and the shapes of data,
and no function: what a date, a unit or a comparison is stands in `constants` and `dialect` once more.
"""
