"""Made-up people: practices, patients and their records, drawn from tables of rates and a seed. Nobody is real.

What is drawn is in the YAML files here (area, people, conditions, care, medicines, values), with where each
number is from; the modules say how. `store.make_store` writes a store of records.
"""
