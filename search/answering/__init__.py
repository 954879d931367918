"""From a question and its hits to an answer that quotes its sources, or a refusal.

    asker = Asker.open(engine, answering_folder(var, encoder))
    answer = asker.ask("Combien de foyers testent le kit chauffage au bois ?")
    answer.text, answer.citations, answer.confidence

    question ─asked─┐
    search ─trail→ gathering: spans (span_reader) and fields (finding)
                    └─weigh→ evidence × calibration → choice, confidence → composing → statements, citations
                                                     └ too little: a refusal     └ or sentences of a language model,
                                                                                   each supported (generated)

Made beforehand: the span reader by `reader_training`, the calibration by `calibrating`, both on `questions/`.
"""
