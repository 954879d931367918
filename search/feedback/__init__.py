"""What people say of what they found, and what they did not find: kept only where a service is told to.

    store = Store(feedback_file(var), days=365)
    store.add(judged(engine, "garde d'enfants la nuit", initiative_id, grade=3))
    store.add(missed(results.query, MissKind.NOTHING_FOUND))

Personal data is taken out of every text before it is kept, of the time only the date is, and what is older than `days`
is deleted (docs/feedback.md). Evaluation learns from it: `recueil eval judgements`, `interleaving` and `gaps`.
"""
