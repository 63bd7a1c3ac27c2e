"""The DuckDB engine: definitions to a typed plan (`planning`), the plan to SQL (`templates`), SQL over practices.

What it must come to is said by `evaluation/reference.py`; nothing here has a meaning of its own.
"""
