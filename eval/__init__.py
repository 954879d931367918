"""Is it good, is it fast: above search, imported by the command line alone.

    collection = load_collection(Path("eval/collections/development"))
    evaluation = evaluate(engine, collection)
    show(evaluation, console)

A collection is a folder of questions and judgements. `evaluate` asks the questions and has ir-measures score the
rankings; `eval.bench` asks them again with a stopwatch. Import from the modules (`from eval.retrieval import …`):
`import eval` would hide the builtin.
"""
