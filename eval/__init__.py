"""Is it good, is it fast: above search, imported by the command line alone.

    collection = open_collection(Path("eval/collections/development"))
    evaluation = evaluate(full_search(engine), collection)
    show(evaluation, console)
    check(read_baseline(path), path, digest_of(folder), merits(evaluation), evaluation.slices)

A collection is a folder of questions and judgements. A system gives rankings for questions; ir-measures scores them,
question by question. Slices, intervals, comparisons and the gate are made of these values. `eval.bench` asks the
questions again with a stopwatch. Import from the modules (`from eval.retrieval import …`): `import eval` would hide the
builtin.
"""
