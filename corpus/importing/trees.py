"""Trees: JSON, JSON Lines, GeoJSON, XML, RSS and Atom → records, wherever in the tree they lie.

What is nested becomes a column by its path ("couverture.libelle"), a list becomes one cell with a line for each value.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from corpus.errors import BadDocument
from corpus.importing.decoding import decoded
from corpus.importing.record import Format, Layout, Record, SetAside, Table, columns_of

DEEPEST = 6  # levels below the root at which records are looked for
# Names of counts that say how many records there are elsewhere.
COUNTS = re.compile(r"(?i)^(count|total|nb|nombre|number|hits|matched)|(total|count|matched)$")
NEXT = re.compile(r"(?i)^next")
# Under which programs put what a record says, beside what they themselves say of it.
WRAPPINGS = ("properties", "fields", "attributes", "_source")
TITLED = re.compile(r"(?i)(?:title|titre|name|nom|intitule|label|libelle)")
WHOLE = "$"


# --- values ---


def cells_of(value: Mapping[str, Any]) -> dict[str, str]:
    """The cells of one object, by the paths of its values; one without a value is there and empty."""
    found: dict[str, list[str]] = {}
    for name, one in value.items():
        _gather(str(name).strip(), one, found)
    return {name: "\n".join(part for part in parts if part.strip()) for name, parts in found.items()}


def _gather(path: str, value: Any, found: dict[str, list[str]]) -> None:  # noqa: ANN401 — a value of JSON
    if value is None or value == "" or value == [] or value == {}:
        found.setdefault(path, [])
    elif isinstance(value, Mapping):
        for name, one in value.items():
            _gather(f"{path}.{name}" if path else str(name), one, found)
    elif isinstance(value, list | tuple):
        if not (len(value) > 3 and all(isinstance(one, list) for one in value)):  # a polygon
            for one in value:
                _gather(path, one, found)
    else:
        said = ("false", "true")[value] if isinstance(value, bool) else str(value)
        found.setdefault(path, []).append(said)


# --- JSON ---


def json_table(octets: bytes, file: str, layout: Layout | None) -> Table:
    """The records of JSON, GeoJSON among it. Raises BadDocument."""
    text, encoding, _ = decoded(octets, file, layout.encoding if layout else None)
    try:
        root = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadDocument(f"The file is not JSON: {error.msg}", f"{file}:{error.lineno}", "Mend that line.") from None
    except RecursionError:
        raise BadDocument("The file nests too deep", file, "Leave it out: no record is that deep.") from None
    lists = dict(_lists(root, WHOLE, 0))
    path = layout.records if layout and layout.records else None
    why = "as corpus.toml says"
    if path is None:
        path, why = _fullest(lists)
    if path not in lists and path != WHOLE:
        raise BadDocument(f"There are no records under '{path}'", file, f"There are some under {', '.join(lists)}.")
    elements = lists.get(path, [root])
    records, aside = [], []
    for number, element in enumerate(elements):
        where = f"{path}[{number}]" if path in lists else ""
        if isinstance(element, Mapping):
            records.append(Record(cells_of(_feature(element)), where))
        else:
            aside.append(_no_object(file, where, element))
    told = Layout(format=Format.JSON, encoding=encoding, records=path)
    return _tree_table(file, told, records, aside, _page_note(root, path, len(records)), {"records": why})


def jsonl_table(octets: bytes, file: str, layout: Layout | None) -> Table:
    """The records of JSON Lines; a line that is none is set aside. Raises BadDocument."""
    text, encoding, _ = decoded(octets, file, layout.encoding if layout else None)
    records, aside = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            element = json.loads(line)
        except json.JSONDecodeError as error:
            aside.append(
                SetAside(
                    file=file, where=where, column="", what=f"The line is not JSON: {error.msg}", mend="Mend it.",
                    cells={"line": line.strip()},
                )
            )  # fmt: skip
            continue
        if isinstance(element, Mapping):
            records.append(Record(cells_of(_feature(element)), where))
        else:
            aside.append(_no_object(file, where, element))
    return _tree_table(file, Layout(format=Format.JSONL, encoding=encoding), records, aside, (), {})


def _no_object(file: str, where: str, element: Any) -> SetAside:  # noqa: ANN401
    return SetAside(
        file=file, where=where, column="", what="The element has no names, only a value",
        mend="Make it an object of names and values.", cells={"value": str(element)},
    )  # fmt: skip


def _feature(element: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object by what it wraps: the properties of a feature, the fields of a record; else as it is."""
    wrapped = next((name for name in WRAPPINGS if isinstance(element.get(name), Mapping)), None)
    if wrapped is None:
        return element
    inner = element[wrapped]
    if element.get("type") == "Feature":
        return inner if "id" in inner or "id" not in element else {"id": element["id"], **inner}
    outside = {name: value for name, value in element.items() if name != wrapped}
    return {**outside, **inner} if len(inner) > len(outside) else element


def _lists(value: Any, path: str, depth: int) -> Iterator[tuple[str, list[Any]]]:  # noqa: ANN401
    """Every list of objects, and every object of like objects, by its path; not those inside records."""
    if isinstance(value, list):
        if sum(isinstance(one, Mapping) for one in value) > len(value) / 2:
            yield path, value
        elif len(value) > 1 and all(isinstance(one, list) for one in value):
            named = [str(name) for name in value[0]]  # a table: its first row names the columns
            yield path, [dict(zip(named, row, strict=False)) for row in value[1:]]
    elif isinstance(value, Mapping) and depth < DEEPEST:
        inner = [one for one in value.values() if isinstance(one, Mapping)]
        if len(inner) >= 3 and len(inner) == len(value) and _alike(inner):
            yield path, [{"key": name, **one} for name, one in value.items()]
            return
        for name, one in value.items():
            yield from _lists(one, f"{path}.{name}", depth + 1)


def _alike(objects: Sequence[Mapping[str, Any]]) -> bool:
    names = [set(one) for one in objects]
    return len(set.intersection(*names)) >= 0.5 * len(set.union(*names)) and len(set.union(*names)) > 1


def _fullest(lists: Mapping[str, list[Any]]) -> tuple[str, str]:
    if not lists:
        return WHOLE, "the file is one object"
    path = max(lists, key=lambda one: len(json.dumps(lists[one], default=str)))
    return path, f"the list with most text lies there: {len(lists[path])} objects"


def _page_note(root: Any, path: str, held: int) -> tuple[str, ...]:  # noqa: ANN401
    """What counts beside the records say: that there are more of them elsewhere."""
    notes, node = [], root
    for name in ["", *path.split(".")[1:]]:
        node = node.get(name, {}) if name and isinstance(node, Mapping) else node
        if not isinstance(node, Mapping):
            break
        notes += _counts_beside(node, held)
        for inner in ("meta", "pagination", "links", "paging", "info"):
            if isinstance(node.get(inner), Mapping):
                notes += _counts_beside(node[inner], held)
    return tuple(dict.fromkeys(notes))


def _counts_beside(node: Mapping[str, Any], held: int) -> list[str]:
    """Example: {"count": 110, "aides": […10…]} -> ["page 1 of 11: …"]."""
    notes = []
    for name, value in node.items():
        number = int(value) if isinstance(value, str) and value.isdigit() else value
        if isinstance(number, int) and not isinstance(number, bool) and number > held > 0 and COUNTS.search(str(name)):
            notes.append(
                f"page 1 of {-(-number // held)}: the file says {name} = {number} and holds {held} records; "
                "fetch the other pages into the folder too"
            )
        elif NEXT.match(str(name)) and value and not notes and not isinstance(value, Mapping | list):
            notes.append(f"a page of an answer: the file says {name} = {value}; fetch the other pages too")
    return notes[:1]


# --- XML ---


def xml_table(octets: bytes, file: str, layout: Layout | None) -> Table:
    """The records of XML: the elements of one name that hold most text. Raises BadDocument."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(octets)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadDocument(f"The file is not XML that can be read: {error}", file, "Save it anew.") from None
    groups = _groups(root)
    name = layout.records if layout and layout.records else None
    why = "as corpus.toml says"
    if name is None:
        name, why = _fullest_group(groups)
    elements = groups.get(name, [root] if name == _local(root.tag) else [])
    if not elements:
        raise BadDocument(f"There is no element '{name}'", file, f"There are {', '.join(sorted(groups)) or 'none'}.")
    records = [Record(cells_of(_branch(one)), f"{name} {number}") for number, one in enumerate(elements, start=1)]
    beside = {
        key.split("}")[-1]: value for one in root.iter() if one not in elements for key, value in one.attrib.items()
    }
    told = Layout(format=Format.XML, records=name)
    return _tree_table(file, told, records, [], tuple(_counts_beside(beside, len(records))), {"records": why})


def _local(tag: str) -> str:
    return tag.split("}")[-1]


def _groups(root: Any) -> dict[str, list[Any]]:  # noqa: ANN401 — an element
    """Elements with elements inside, by their local name, those inside one of the same name left out."""
    groups: dict[str, list[Any]] = defaultdict(list)

    def walk(node: Any, above: frozenset[str]) -> None:  # noqa: ANN401
        for child in node:
            name = _local(child.tag) if isinstance(child.tag, str) else ""
            if name and name not in above and (len(child) >= 2 or len(child.attrib) >= 3):
                groups[name].append(child)
            walk(child, above | {name})

    walk(root, frozenset({_local(root.tag)}))
    return dict(groups)


def _fullest_group(groups: Mapping[str, list[Any]]) -> tuple[str, str]:
    def text_of(name: str) -> int:
        return sum(len(text.strip()) for one in groups[name] for text in one.itertext())

    several = [name for name in groups if len(groups[name]) > 1] or list(groups)
    if not several:
        return "", "no element has others inside"
    # One with a title of its own is a record, one around it a part of an answer.
    titled = [
        name for name in several if any(TITLED.fullmatch(_local(str(c.tag))) for one in groups[name] for c in one)
    ]
    best = max(titled or several, key=text_of)
    return best, f"the elements of this name hold most text: {len(groups[best])} of them"


def _branch(node: Any) -> dict[str, Any]:  # noqa: ANN401
    """An element as an object: its children by local name, its attributes where it has no text."""
    found: dict[str, list[Any]] = defaultdict(list)
    for key, value in node.attrib.items():
        found[_local(key)].append(value)
    for child in node:
        if not isinstance(child.tag, str):
            continue
        said = " ".join((child.text or "").split()) if not (child.text or "").strip().count("\n") else child.text
        inner = _branch(child) if len(child) or (child.attrib and not said) else said
        found[_local(child.tag)].append(inner)
    return dict(found)


# --- feeds ---


def feed_table(octets: bytes, file: str, layout: Layout | None) -> Table:
    """The entries of RSS or Atom, malformed ones too. Raises BadDocument."""
    import feedparser

    feed = feedparser.parse(octets)
    if not feed.entries:
        raise BadDocument("The feed has no entries", file, "Fetch it again, or leave the file out.")
    records = []
    for number, entry in enumerate(feed.entries, start=1):
        body = "\n\n".join(part.value for part in entry.get("content", ())) or entry.get("summary", "")
        summary = entry.get("summary", "")
        cells = {
            "title": entry.get("title", ""),
            "summary": summary if summary != body else "",
            "content": body,
            "link": entry.get("link", ""),
            "id": entry.get("id", ""),
            "published": entry.get("published", "") if "published" in entry else entry.get("updated", ""),
            "author": entry.get("author", ""),
            "tags": "\n".join(tag.term for tag in entry.get("tags", ()) if tag.get("term")),
        }
        records.append(Record({name: text for name, text in cells.items() if text}, f"entry {number}"))
    told = replace(layout, format=Format.FEED) if layout else Layout(format=Format.FEED)
    return _tree_table(file, told, records, [], (), {})


def _tree_table(
    file: str,
    layout: Layout,
    records: Sequence[Record],
    aside: Sequence[SetAside],
    notes: tuple[str, ...],
    reasons: Mapping[str, str],
) -> Table:
    return Table(
        file=file,
        layout=layout,
        columns=columns_of(records),
        records=tuple(records),
        notes=notes,
        set_aside=tuple(aside),
        reasons=reasons,
    )
