"""Enriching: editorial records for the sheets of any corpus, written by a language model and held to the sheets.

    enriched(corpus, layer, Writing(model, fidelity, today), limit=None)   # one Outcome after the other

A record that says what its sheets do not is asked for again with its faults named, then left out.
"""
