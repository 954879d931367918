"""The page: search, answers, sheets, comparisons and the catalogue as HTML, for people.

    add_pages(app)      # routes and static files; nothing happens at import

A door beside the HTTP and the command line: server-rendered, complete without JavaScript, in French and English. Every
text of the interface is in `texts/fr.toml` and `texts/en.toml`.
"""
