"""Spelling: lost accents, lost apostrophes and questions in capitals, read by the words that a corpus prints.

    restorer = SpellingRestorer.of(contents, analyser, gazetteer)
    restorer.restore("LUTTE CONTRE LISOLEMENT")     -> "lutte contre l'isolement"
    restorer.restore("epicerie a lyon")             -> "épicerie à lyon"
    restorer.restore("homeless women")              -> "homeless women"

It takes a question in its normal form (`corpus.text.question_form`).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.places import Gazetteer
from corpus.text import ELIDED, OFTEN_ELIDED, fold
from index import Analyser, Contents
from search.concepts import CorpusCasing
from search.word_lists import WordLists

WORD = re.compile(r"[^\W_]+")
TEXT_WORD = re.compile(r"[a-zà-öø-ÿœæ]+")
LETTERS = re.compile(r"[^\W\d_]+")
LONE_ELISION = re.compile(rf"(?<![\w'])({OFTEN_ELIDED}) (?=[aeiouyhàâéèêëîïôùûœ])", re.IGNORECASE)
ELISION = re.compile(rf"(?<![\w'])(?:{OFTEN_ELIDED})'(?=\w)", re.IGNORECASE)
ELIDED_WORD = re.compile(r"(?<![\w'’])([ldjmtsnc]|qu)['’]([a-zà-öø-ÿœæ]{3,})")
VOWELS = frozenset("aeiouyh")
FRENCH_LITTLE_WORDS = frozenset({"le", "la", "les", "de", "du", "des", "et", "a"})

LONGEST_ACRONYM = 5  # letters of a word in capitals that no list knows, in a question that is all in capitals
LEAST_REST = 3  # letters behind a lost apostrophe: "dun" may be anything
# The share of a word's uses that its spelling without accents must have to stay in a question that has accents.
ESTABLISHED = 0.2
LEAST_ELIDED = 3  # times that a word must be printed behind an apostrophe to be read so out of another word
# Of the chances of a word's neighbours: meetings added to all that it has, and the chance of one it was never met with.
SMOOTHING, UNMET = 5.0, 0.002


@dataclass(frozen=True, kw_only=True)
class PrintedWords:
    """The words of a corpus as it prints them in lower case."""

    spellings: Mapping[str, Counter[str]]  # by folded word: its spellings and how often they stand there
    neighbours: Mapping[str, Counter[str]]  # by spelling, where there are several: folded words before ("a_") and after
    elided: Mapping[str, int]  # how often words stand behind an apostrophe, folded without it: "lisolement"

    @classmethod
    def of(cls, texts: Iterable[str]) -> "PrintedWords":
        """Count every word of the texts."""
        spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        texts = list(texts)
        lines = [TEXT_WORD.findall(text) for text in texts]
        elided = Counter(fold(head + rest) for text in texts for head, rest in ELIDED_WORD.findall(text))
        for words in lines:
            for word in words:
                spellings[fold(word)][word] += 1
        neighbours: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for words in lines:
            for at, word in enumerate(words):
                if len(spellings[fold(word)]) > 1:
                    neighbours[word].update(_around(words, at))
        return cls(spellings=dict(spellings), neighbours=dict(neighbours), elided=elided)

    def likeliest(self, folded: str, around: Sequence[str]) -> str | None:
        """The spelling of a word that fits its neighbours best; None for a word that is never printed."""
        found = self.spellings.get(folded)
        if found is None:
            return None

        def weight(spelling: str) -> float:
            times = float(found[spelling])
            product = times
            for neighbour in around:
                product *= self.neighbours[spelling][neighbour] / (times + SMOOTHING) + UNMET
            return product

        return max(found, key=weight) if len(found) > 1 else next(iter(found))


def _around(words: Sequence[str], at: int) -> list[str]:
    """The words beside one, folded, marked by their side."""
    before = [f"{fold(words[at - 1])}_"] if at else []
    return before + ([f"_{fold(words[at + 1])}"] if at + 1 < len(words) else [])


@dataclass(frozen=True, kw_only=True)
class SpellingRestorer:
    """Gives questions the spelling that a corpus prints. Nothing in it changes, so threads may share it."""

    printed: PrintedWords
    lists: WordLists
    gazetteer: Gazetteer
    names: Mapping[str, str]  # folded words of the names of places → as they are written, in lower case
    acronyms: frozenset[str]  # folded; in capitals however they are typed
    unsure_acronyms: frozenset[str]  # folded; words too, so that they count in capitals only
    french_stop_words: frozenset[str]  # folded, none of them English
    english_stop_words: frozenset[str]
    french_sheets: bool = True  # else what they print is no sign of French

    @classmethod
    def of(cls, contents: Contents, analyser: Analyser, gazetteer: Gazetteer) -> "SpellingRestorer":
        """Read the passages, records and thesaurus of a corpus once."""
        lists, casing = WordLists.open(), CorpusCasing.of(contents.passages)
        texts = [passage.text for passage in contents.passages]
        for record in contents.enrichment.records:
            texts += [record.summary.fr, *record.expansions.fr]
        texts += [form for concept in contents.thesaurus for form in (*concept.official, *concept.lay)]
        printed = PrintedWords.of(texts)
        names = _names_of(gazetteer)
        stop_words = analyser.french | analyser.english
        explained = {fold(acronym.short) for acronym in contents.acronyms}
        named = {fold(concept.acronym) for concept in contents.thesaurus if concept.acronym}
        ordinary = casing.lower_case | lists.french.keys() | lists.english | names.keys()
        sure = casing.always_capitals & (named | explained)
        sure |= explained - casing.lower_case - lists.everyday_english
        sure |= (casing.always_capitals | named) - ordinary
        sure = frozenset(word for word in sure - stop_words if len(word) > 1 and word.isalpha())
        return cls(
            printed=printed,
            lists=lists,
            gazetteer=gazetteer,
            names=names,
            acronyms=sure,
            unsure_acronyms=frozenset(explained | named) - sure,
            french_stop_words=analyser.french - analyser.english,
            english_stop_words=analyser.english - analyser.french,
            french_sheets=analyser.language == "fr",
        )

    def restore(self, question: str) -> str:
        """The same question in ordinary casing, with its apostrophes and accents where it is no English one."""
        question = self._in_ordinary_casing(question)
        lead = self._french_lead(question)
        if lead < 0 or (lead == 0 and not self.french_sheets):
            return question
        question = LONE_ELISION.sub(r"\1'", question)
        question = LETTERS.sub(lambda m: self._with_apostrophe(m[0]), question)
        return self._with_accents(question, certain=lead > 0)

    def _is_word(self, folded: str) -> bool:
        return folded in self.printed.spellings or folded in self.lists.french or folded in self.lists.english

    def _french_lead(self, question: str) -> int:
        """By how many words a question is French rather than English: little words first, then words of one language.

        What an apostrophe cuts off is a little word of French, and tells more than the word behind it ("d'or").
        """
        words = [fold(word) for word in LETTERS.findall(question)]
        lead = sum(word in self.french_stop_words for word in words) + 2 * len(ELISION.findall(question))
        lead -= sum(word in self.english_stop_words for word in words)
        if lead:
            return lead
        french = {w for w in words if (self.french_sheets and w in self.printed.spellings) or w in self.lists.french}
        english = {w for w in words if w in self.lists.english and len(w) > 1}
        return len(french - english) - len(english - french)

    # --- casing ---

    def _in_ordinary_casing(self, question: str) -> str:
        words = LETTERS.findall(question)
        folded = [fold(word) for word in words]
        capitals = all(word.isupper() for word in words)
        shouted = capitals and any(
            len(word) > 1
            and word not in self.acronyms
            and word not in self.unsure_acronyms
            and (self._is_word(word) or word in self.names or len(word) > LONGEST_ACRONYM)
            for word in folded
        )
        titled = not capitals and all(word[0].isupper() for word in words)
        titled = titled and any(self._is_little(word) for word in folded[1:])
        return WORD.sub(lambda m: self._cased(m[0], shouted=shouted, titled=titled), question)

    def _is_little(self, folded: str) -> bool:
        """Whether a word is a stop word of either language, or one of the French words that are in both lists."""
        return folded in self.french_stop_words or folded in self.english_stop_words or folded in FRENCH_LITTLE_WORDS

    def _cased(self, word: str, *, shouted: bool, titled: bool) -> str:
        folded = fold(word)
        if folded in self.acronyms:
            return word.upper()
        if len(word) > 1 and word.isupper() and word.isalpha():
            return self._capitals(word, folded, shouted)
        return word.lower() if shouted or titled else word

    def _capitals(self, word: str, folded: str, shouted: bool) -> str:
        if folded in self.unsure_acronyms:
            return word.lower() if shouted else word
        if shouted:
            unknown = not self._is_word(folded) and folded not in self.names and len(word) <= LONGEST_ACRONYM
            return word if unknown and not self._splits(folded) else word.lower()
        if self._is_word(folded):
            return word.lower()
        return word.capitalize() if folded in self.names else word

    # --- apostrophes ---

    def _splits(self, folded: str) -> int:
        """Where an apostrophe was lost, as a position in the word; 0 where none was."""
        if folded in self.printed.spellings or folded in self.names or folded in self.acronyms:
            return 0
        often = self.printed.elided.get(folded, 0) >= LEAST_ELIDED
        if self._is_word(folded) and not often:
            return 0
        for at in (1, 2, 5, 6, 7):
            if folded[:at] in ELIDED and self._may_follow_elision(folded[at:]):
                return at
        return 0

    def _may_follow_elision(self, folded: str) -> bool:
        if folded in self.french_stop_words:
            return folded[0] in VOWELS
        known = folded in self.printed.spellings or folded in self.lists.french or folded in self.names
        return len(folded) >= LEAST_REST and folded[0] in VOWELS and (known or folded in self.acronyms)

    def _with_apostrophe(self, word: str) -> str:
        folded = fold(word)
        at = 0 if word.isupper() or len(folded) != len(word) else self._splits(folded)
        rest = word[at:].upper() if folded[at:] in self.acronyms else word[at:]
        return f"{word[:at]}'{rest}" if at else word

    # --- accents ---

    def _with_accents(self, question: str, *, certain: bool) -> str:
        """`certain`: the question is French, so that words that are English too may take accents."""
        matches, named = list(WORD.finditer(question)), self._in_names(question)
        lowered = [match[0].lower() for match in matches]
        accented = any(not word.isascii() for word in lowered)
        pieces, end = [], 0
        for at, match in enumerate(matches):
            restored = named.get(match.start()) or self._accented(lowered, at, keeps_plain=accented, certain=certain)
            pieces += [question[end : match.start()], _cased_like(match[0], restored)]
            end = match.end()
        return "".join([*pieces, question[end:]])

    def _in_names(self, question: str) -> dict[int, str]:
        """Where words of the names of places stand → as the official name has them, in lower case.

        Example: "cote d'or" names the Côte-d'Or, whatever the corpus prints of sides ("côté").
        """
        found = {}
        for place in self.gazetteer.places_in_query(question):
            official = {fold(word): word.lower() for word in LETTERS.findall(place.name)}
            for word in LETTERS.finditer(question, place.start, place.end):
                if fold(word[0]) in official:
                    found[word.start()] = official[fold(word[0])]
        return found

    def _accented(self, words: Sequence[str], at: int, *, keeps_plain: bool, certain: bool) -> str:
        word, folded = words[at], fold(words[at])
        if not word.isalpha() or folded in self.acronyms or (len(word) == 1 and word != "a"):
            return word
        found = self.printed.spellings.get(folded, Counter())
        is_plain = word == folded
        if not is_plain and (word in found or word in self.lists.french_forms or word == self.names.get(folded)):
            return word
        if is_plain and not certain and folded in self.lists.everyday_english:
            return word
        if is_plain and keeps_plain and self._established(word, found):
            return word
        listed = self.lists.french.get(folded)
        return self.printed.likeliest(folded, _around(words, at)) or (
            listed[0] if listed else self.names.get(folded, word)
        )

    def _established(self, word: str, found: Mapping[str, int]) -> bool:
        """Whether a spelling without accents is a usual one, by the corpus or, for other words, by the list."""
        if found:
            return found.get(word, 0) >= ESTABLISHED * sum(found.values())
        return self.lists.french.get(word, ("", 0))[0] == word


def _cased_like(typed: str, restored: str) -> str:
    if len(typed) > 1 and typed.isupper():
        return typed if fold(typed) == fold(restored) and typed.isascii() else restored.upper()
    return restored[:1].upper() + restored[1:] if typed[:1].isupper() else restored


def _names_of(gazetteer: Gazetteer) -> dict[str, str]:
    """The words of the names of places; of namesakes in other spellings, that of a département wins."""
    names = {key: key for key in gazetteer.names.singles}
    territories = (one for found in gazetteer.names.singles.values() for one in found if one.population)
    written: list[str] = [one.name for one in sorted(territories, key=lambda one: one.population)]
    for name in [*written, *gazetteer.departement_names.values()]:
        names.update((fold(word), word.lower()) for word in LETTERS.findall(name))
    return names
