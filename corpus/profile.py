"""The profile of a corpus: its language, places and thesaurus, its words on the pages, and every number fitted to it.

    profile = read_profile(folder)                  # profile.toml of the folder, over what holds where it is silent
    profile.weights.place_bonus.value
    profile.weights.place_bonus.on, .n, .date       # to what it was fitted, how many of them, when

`profile.toml` of this package says what holds for sheets nobody has judged yet; a folder of documents has its own
beside them, with no more in it than differs. An index keeps the profile it was made with: number and index belong
together. `recueil tune` writes one.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from corpus.bilingual import Language
from corpus.errors import Fault
from corpus.languages import SHEET_LANGUAGES, SheetLanguage
from corpus.text import split_lines

PROFILE = "profile.toml"
GENERIC = Path(__file__).with_name(PROFILE)
BUNDLED = Path(__file__).with_name("documents")

NO_THESAURUS, SOCIAL_ACTION = "none", "social-action"
TABLES = ("weights", "words")


class BadProfile(Fault):
    """profile.toml cannot be used; `where` names its line."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A number that was chosen by measuring, and what tells how far to trust it elsewhere."""

    value: float
    on: str  # to what it was fitted
    n: int  # how many questions, pairs or sheets that was
    date: str  # ISO 8601


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Every fitted number of reading, ranking and silence; those of answers stand in their calibration."""

    min_similarity: Fitted  # tf-idf cosine from which two sheets may be one initiative, 0 to 1
    record_weight: Fitted  # of a record's late-interaction score beside that of the passage, which has 1
    expansion_weight: Fitted  # of the similarity of its expansions, likewise
    adapted_weight: Fitted  # of the log-probability that the adaptation gives, added to the score
    fusion_weight: Fitted  # of reciprocal rank fusion, as a share of its best, added to the score
    place_bonus: Fitted  # added to the score of an initiative where the question asks
    share_of_best: Fitted  # how far from the background to the best score the subject reaches, 0 to 1
    share_in_place: Fitted  # the same for initiatives where the question asks
    quantile: Fitted  # of the sample questions' signs: what a question must show for anything to be relevant
    quantile_without_records: Fitted  # the same where there are no editorial records
    answer_quantile: Fitted  # of the sample questions' leads: below it nothing is answered, where nothing is calibrated
    clear_quantile: Fitted  # the same, from which on the answer is not worded as the closest match
    low_coverage: Fitted  # share of known terms above which something always is, where there are no records


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that is worded for one corpus, or fitted to it."""

    language: SheetLanguage = "fr"  # of the sheets
    places: Literal["france", "none"] = "none"  # what is known of places; of brought sheets corpus.toml says it
    thesaurus: str = NO_THESAURUS  # "none", "social-action", or a file beside profile.toml
    linking: Literal["silent", "proposed"] = "proposed"  # whether like sheets are made one without asking
    same: tuple[tuple[str, ...], ...] = ()  # ids of sheets that tell of one initiative, as somebody who read them says
    calibrated: bool = False  # whether what ships to judge answers was fitted on them: then it outlasts a few changes
    facets: tuple[str, ...] | None = None  # own columns to filter by, in this order; None: all that are classes
    questions: tuple[str, ...] = ()  # about something else: the first half in the sheets' language, then in English
    words: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)  # texts of the pages, by their keys
    weights: Weights

    @property
    def reading_language(self) -> Language:
        """The language of pages and replies where a reader asks for none."""
        return "fr" if self.language == "fr" else "en"


PROFILES = TypeAdapter(Profile)


def read_profile(folder: Path) -> Profile:
    """The profile of a folder of documents: what holds in general, and over it what its profile.toml says.

    Raises BadProfile for a file that cannot be used, and for one it names that is not there.
    """
    said, path = _toml(GENERIC), folder / PROFILE
    if path.is_file():
        own = _toml(path)
        said = {**said, **own, **{name: _merged(said, own, name, path) for name in TABLES}}
    if isinstance(file := said.get("questions"), str):
        said["questions"] = _questions(folder, path, file)
    try:
        return PROFILES.validate_python(said)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        known = ", ".join(one.name for one in fields(Profile))
        raise BadProfile(
            f"'{key}' of the profile cannot be used: {first['msg']}", _where(path, str(first["loc"][0])),
            f"Known are {known}; a weight has value, on, n and date.",
        ) from None  # fmt: skip


@cache
def bundled_profile() -> Profile:
    """The profile of the documents that come with the project."""
    return read_profile(BUNDLED)


def thesaurus_file(profile: Profile, folder: Path) -> Path | None:
    """The file of a profile's thesaurus, None where it has none. Raises BadProfile for one that is not there."""
    if profile.thesaurus == NO_THESAURUS:
        return None
    if profile.thesaurus == SOCIAL_ACTION:
        return Path(__file__).with_name("thesaurus") / "concepts.jsonl"
    path = folder / profile.thesaurus
    if not path.is_file():
        raise BadProfile(
            f"There is no thesaurus '{profile.thesaurus}'",
            _where(folder / PROFILE, "thesaurus"),
            f'Write "{NO_THESAURUS}", "{SOCIAL_ACTION}", or the name of a .jsonl file beside it.',
        )
    return path


def profile_text(language: SheetLanguage, why: str, facets: Sequence[str] = ()) -> str:
    """The text of a profile.toml for sheets that somebody brings, every line of which may be changed."""
    listed = ", ".join(json.dumps(name, ensure_ascii=False) for name in facets)
    filters = f"facets = [{listed}]" if facets else '# facets = ["level"]'
    return f"""# What is worded for these sheets or fitted to them. Written by `recueil init`; yours to change.
# `recueil build` takes it up, and `recueil tune` writes numbers below that are fitted to your questions.

language = "{language}"  # {why}; any of {", ".join(SHEET_LANGUAGES)}
{filters}  # own columns to filter by, in this order; all classes but the first, the theme, unless given
# same = [["id-1", "id-2"]]  # sheets that tell of one thing; `recueil duplicates` proposes some
# thesaurus = "none"  # "social-action", which is French, or a file of concepts beside this one
# questions = "questions.tsv"  # some twenty about something else, one on a line, behind a tab the same in English

# [words.en]  # texts of the pages
# "start.title" = "What are you looking for?"
# "start.example.1" = "a question that people ask"
"""


def with_weights(text: str, weights: Mapping[str, Fitted]) -> str:
    """The text of a profile.toml with these weights in its table, in place of those that stand there."""
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    written = [
        f"{name} = {{ value = {one.value}, on = {json.dumps(one.on, ensure_ascii=False)}, n = {one.n},"
        f" date = {json.dumps(one.date)} }}"
        for name, one in weights.items()
    ]
    old = re.compile(rf"\s*(?:{'|'.join(map(re.escape, weights))})\s*=")
    kept = [line for line in lines if not old.match(line)]
    if "[weights]" not in [line.strip() for line in kept]:
        kept += ["", "[weights]"]
    at = [line.strip() for line in kept].index("[weights]") + 1
    return "\n".join([*kept[:at], *written, *kept[at:]]).lstrip("\n") + "\n"


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise BadProfile(f"The profile is no TOML: {error}", f"{path}:{line[1] if line else 1}", "Mend it.") from None


def _merged(said: dict[str, Any], own: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    """A table of weights or words: what is said in general, and over it each that the file has."""
    table, over = said.get(name, {}), own.get(name, {})
    if not isinstance(over, dict):
        raise BadProfile(f"'{name}' is no table", _where(path, name), f"Write [{name}] and what is in it below.")
    deep = {key: {**table.get(key, {}), **of} for key, of in over.items() if name == "words" and isinstance(of, dict)}
    return {**table, **over, **deep}


def _questions(folder: Path, path: Path, file: str) -> tuple[str, ...]:
    """The questions of a file with one on a line, behind a tab the same in English where there are English readers."""
    if not (folder / file).is_file():
        raise BadProfile(f"There is no file '{file}' of questions", _where(path, "questions"), "Put it beside it.")
    pairs = [line.split("\t") for line in split_lines((folder / file).read_text(encoding="utf-8-sig")) if line.strip()]
    if len(pairs) < 2:
        raise BadProfile(f"'{file}' holds no two questions", str(folder / file), "Write twenty or more, one on a line.")
    return (*(pair[0].strip() for pair in pairs), *(pair[-1].strip() for pair in pairs))


def _where(path: Path, key: str) -> str:
    """File and line of a key, line 1 where it is not found."""
    lines = split_lines(path.read_text(encoding="utf-8-sig")) if path.is_file() else ()
    heading = re.compile(rf"\s*\[*\s*{re.escape(key)}\b")
    return f"{path}:{next((n for n, line in enumerate(lines, start=1) if heading.match(line)), 1)}"
