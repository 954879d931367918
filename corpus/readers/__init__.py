"""One reader for each layout of document; `corpus/reading.py` chooses. A new layout is a new file here.

Each file has `read(document, gazetteer) -> list[Initiative]`: every initiative of the document, in its order, and a
BadDocument with file and line for any stretch of its list that cannot be assigned to one.
"""
