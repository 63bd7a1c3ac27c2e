"""The web service: it stores and shows. What is decided is decided in the rooms below, through `remit.application`.

README.md in this folder says how it is built and what every part keeps to.
"""
