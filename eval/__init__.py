"""Is it good, is it fast: above search, imported by the command line alone.

    collection = open_collection(Path("eval/collections/development"))
    evaluation = evaluate(full_search(engine), collection)
    proof = prove(evaluation, means_of_engine(engine, answering_folder(var, encoder)), folder)
    show(proof, console)
    check(read_baseline(path), path, digest_of(folder), merits(proof), proof.slices)

A collection is a folder of questions and judgements. A system gives rankings for questions; ir-measures scores them,
question by question. Answers and the fields of sheets are judged beside them: all together is the proof. Slices,
intervals, comparisons, the gate and the report are made of these values. `eval.bench` asks the questions again with a
stopwatch. Import from the modules (`from eval.retrieval import …`): `import eval` would hide the builtin.
"""
