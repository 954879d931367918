"""Other people's sheets: a folder of files of any common format → initiatives, by a mapping that its owner may change.

    proposal = propose(folder, gazetteer)          # looks, and says what it understood and why
    (folder / MAPPING).write_text(proposal.text)   # corpus.toml
    imported = import_corpus(folder, gazetteer)    # good records become sheets, the others are set aside and told

`sources` finds the files, `tabular`, `trees` and `pages` read them into tables of records (`record`); `guess` tells
what columns mean; `mapping` is corpus.toml; `sheets` makes a sheet of a record; `poor` says which sheets say little;
`write` begins a sheet by hand.
The libraries that parse are the extra `import`: what only serves needs none of them.
"""

from corpus.importing.guess import Role
from corpus.importing.load import FileRead, Imported, import_corpus, is_brought, set_aside_csv
from corpus.importing.mapping import MAPPING, BadMapping, CorpusMapping, SourceMapping, read_mapping
from corpus.importing.poor import Poor
from corpus.importing.propose import Proposal, propose
from corpus.importing.record import Format, Layout, Record, SetAside, Table
from corpus.importing.sources import Unread
from corpus.importing.write import write_template

__all__ = [
    "MAPPING",
    "BadMapping",
    "CorpusMapping",
    "FileRead",
    "Format",
    "Imported",
    "Layout",
    "Poor",
    "Proposal",
    "Record",
    "Role",
    "SetAside",
    "SourceMapping",
    "Table",
    "Unread",
    "import_corpus",
    "is_brought",
    "propose",
    "read_mapping",
    "set_aside_csv",
    "write_template",
]
