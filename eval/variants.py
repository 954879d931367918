"""Surface variants: the questions of a collection in other spellings, which should change nothing of what is found.

    figures = measure_variants(system.rank, collection, qrels, system.run(collection.questions).rankings)
    figures.worst.ndcg_10

A spelling is a rule of its own, deterministic and without a word list: how a keyboard, a telephone, a text processor or
a habit would have changed the question. Each question is asked once more in each spelling that changes it.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from eval.collection import Collection, Qrels
from eval.metrics import Ranking, Series, Slice, values_of

SHOWN = 10  # hits that are compared with those of the question as it is written

APOSTROPHES = re.compile("['’]")
CLOSING = re.compile(r"\s*[?!.…]+\s*$")
LONG_WORD = re.compile(r"([^\W\d_]{3})([^\W\d_]{3,})")
# Plurals that mostly name people: aidants, patients (and no logements), citoyens, retraités.
PLURAL = re.compile(r"\b([^\W\d_]+(?:ant|(?<!m)ent|[iy]en|é))s\b")
ACRONYM = re.compile(r"\b[A-Z]{2,6}\b")
SOFT_HYPHEN, ZERO_WIDTH, NO_BREAK = "\u00ad", "\u200b", "\u00a0"


def _without_accents(text: str) -> str:
    """Example: "l'été" → "l'ete"."""
    apart = unicodedata.normalize("NFD", text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _with_apostrophe(mark: str) -> Callable[[str], str]:
    return lambda text: APOSTROPHES.sub(mark, text)


def _inside_words(mark: str) -> Callable[[str], str]:
    """Put a mark that nobody sees behind the third letter of every word of six letters or more."""
    return lambda text: LONG_WORD.sub(rf"\1{mark}\2", text)


def _unclosed(text: str) -> str:
    return CLOSING.sub("", text)


# Name of a spelling → the question in it.
VARIANTS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "lower case": str.lower,
    # A capital for each word. str.title would begin a new word after an apostrophe.
    "title case": lambda text: re.sub(r"(?<![\w'’])[^\W\d_]", lambda first: first[0].upper(), text),
    "without accents": _without_accents,
    # As addresses of pages have it: no accent, and words grown together where an apostrophe was.
    "without accents and apostrophes": lambda text: APOSTROPHES.sub("", _without_accents(text)),
    "without accents, a space for apostrophes": lambda text: APOSTROPHES.sub(" ", _without_accents(text)),
    "curly apostrophe": _with_apostrophe("’"),
    "acute for apostrophe": _with_apostrophe("´"),
    "grave for apostrophe": _with_apostrophe("`"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "soft hyphens": _inside_words(SOFT_HYPHEN),
    "zero-width spaces": _inside_words(ZERO_WIDTH),
    "no-break spaces": lambda text: text.replace(" ", NO_BREAK),
    "with a closing ?": lambda text: f"{_unclosed(text)} ?",
    "without closing mark": _unclosed,
    "in « »": lambda text: f"«{NO_BREAK}{text}{NO_BREAK}»",
    "with an emoji": lambda text: f"{text} 🙏",
    "dotted acronyms": lambda text: ACRONYM.sub(lambda acronym: "".join(f"{letter}." for letter in acronym[0]), text),
    # Example: "aidants" → "aidant·e·s"
    "inclusive writing": lambda text: PLURAL.sub(r"\1·e·s", text),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFigures:
    """What one spelling makes of the questions."""

    name: str
    changed: int  # questions that are spelt differently in it; the others count as they are
    ndcg_10: float  # mean over all questions
    emptied: int  # lists that became empty and were not
    overlap: float  # mean share of the first ten that the two lists have in common


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantReport:
    """All spellings beside the questions as they are written."""

    questions: int
    as_written: float  # nDCG@10
    variants: tuple[VariantFigures, ...]
    series: Series  # "ndcg_10", "not_emptied", "overlap": of members "<variant>:<question>"
    slices: tuple[Slice, ...]  # one for each variant

    @property
    def worst(self) -> VariantFigures:
        """The spelling that costs most."""
        return min(self.variants, key=lambda one: one.ndcg_10)


def measure_variants(
    rank: Callable[[str], Ranking],
    collection: Collection,
    qrels: Qrels,
    rankings: Mapping[str, Ranking],
    variants: Mapping[str, Callable[[str], str]] = VARIANTS,
) -> VariantReport:
    """Ask the questions that initiatives answer in every spelling; `rankings` are those of the questions as written."""
    texts = {question.id: question.text for question in collection.questions}
    series: Series = {"ndcg_10": {}, "not_emptied": {}, "overlap": {}}
    figures, slices = [], []
    for name, spell in variants.items():
        spelt = {id_: spell(text) for id_, text in texts.items()}
        changed = [id_ for id_, text in spelt.items() if text != texts[id_]]
        found = {id_: rankings.get(id_, ()) for id_ in texts} | {id_: rank(spelt[id_]) for id_ in changed}
        kept = {id_: bool(found[id_]) or not rankings.get(id_) for id_ in texts}
        alike = {id_: overlap(qrels, rankings.get(id_, ()), found[id_]) for id_ in texts}
        gains = values_of(qrels, found)["ndcg_10"]
        for of, values in (("ndcg_10", gains), ("not_emptied", kept), ("overlap", alike)):
            series[of] |= {f"{name}:{id_}": float(values[id_]) for id_ in texts}
        slices.append(Slice("variant", name, tuple(f"{name}:{id_}" for id_ in texts)))
        figures.append(
            VariantFigures(
                name=name,
                changed=len(changed),
                ndcg_10=fmean(gains.values()),
                emptied=sum(not one for one in kept.values()),
                overlap=fmean(alike.values()),
            )
        )
    return VariantReport(
        questions=len(texts),
        as_written=fmean(values_of(qrels, rankings)["ndcg_10"].values()),
        variants=tuple(figures),
        series=series,
        slices=tuple(slices),
    )


def overlap(qrels: Qrels, one: Ranking, other: Ranking) -> float:
    """The share of the first ten that two rankings have in common, of the longer one; 1 where both are empty."""
    sides: Sequence[set[str]] = [{qrels.cluster(id_) for id_ in ranking[:SHOWN]} for ranking in (one, other)]
    longest = max(map(len, sides))
    return len(sides[0] & sides[1]) / longest if longest else 1.0
