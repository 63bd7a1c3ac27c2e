"""Made-up people: practices, patients and their records, drawn from tables of rates and a seed. Nobody is real.

What is drawn stands in the YAML files here (board, people, conditions, care, medicines, values), with where each
number is from; the modules say how. `making.make_store` writes a store of records.
"""
