"""From initiatives to something searchable.

    manifest = build(documents, var, encoder="bundled", threads=2, progress=progress)
    encoder = open_encoder(model_folder(var, "bundled"), threads=2)
    index = Index.open(index_folder(var), encoder.digest)

Initiatives are split into passages; one pass of the encoder gives each passage a sentence vector and one state a token;
words, vectors and token states are written with a manifest that refuses whatever does not fit.
"""
