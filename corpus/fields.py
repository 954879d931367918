"""Fields of an initiative: a title where none is printed, the start, where it takes place, and whom to write to.

    derive_title("Le défi vise à réduire le bruit, notamment la nuit.")       -> "Réduire le bruit"
    told_start("Le service, lancé en mai 2014, compte 3 agents.")             -> Start(2014, "en mai 2014")
    read_contacts("Anne ROY, directrice - 01 02 03 04 05", domains)[0].role   -> "directrice"

All but the contacts are found in the prose. Names of organisations have a file of their own (`corpus.organisations`).
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.model import Contact, Departement
from corpus.places import Gazetteer, Place, PlaceKind
from corpus.text import EMAIL, PHONE, edit_distance, fold, fold_words, sentences_of, strip_markup

# --- The title --------------------------------------------------------------------------------------------------------

# Characters of a derived title: SHORT where the sentence has a whole phrase of that length, else up to LONG rather than
# stop in mid-phrase. Chosen by eye on fifty titles.
SHORT, LONG = 90, 120

INFINITIVE = r"(?:s['’])?(?:mieux\s)?\w+(?:er|ir|re)\b"
OF = r"d(?:e\s|['’])"

# How a sentence comes to its point: what follows one of these is what the initiative does.
LEAD_IN = re.compile(
    rf"""\b(?:
        (?:souhait|propos)\w+\ (?:à\ présent\ )?(?={INFINITIVE})
      | (?:veut|veulent|entend|entendent|doit|doivent)\ (?={INFINITIVE})
      | (?:vis|consist|cherch|travaill)(?:e|ent|era|eront)\ à\ (?:(?:la\ |l['’])(?!{INFINITIVE}))?
      | (?:a|ont)\ pour\ (?:ambition|objectif|but)(?:,\ [^.;]*?,)?\ {OF}
      | (?:objectif|enjeu|but|défi)(?:\ du\ \w+)?\ est\ {OF}(?:permettre\ {OF})?
      | (?:permettra|permettront|permet|permettent|permettre)\ {OF}
      | poursui\w+\ un\ \w+\ objectif\ ?:\ 
      | (?:a|ont)\ développé\ 
      | afin\ {OF}(?={INFINITIVE})
    )""",
    re.VERBOSE,
)
# "The programme So-and-so is a …": the name says more than any verb.
NAMED = re.compile(
    r"""^(?:["«] ?(?P<quoted>[^"»]+?) ?["»]|(?P<plain>(?:Le|La) \w+ [A-ZÉ]\w+))"""
    r" est (?P<what>une? .+?)(?: qui | pour |$)"
)
STARTS_WITH_INFINITIVE = re.compile(r"[A-ZÉ]\w+(?:er|ir|re)\b")
SECOND_OF = re.compile(rf"^(\w+(?:er|ir|re)) et (?:à |{OF})(?={INFINITIVE})")
# From the means to the end: what follows says more than what stands before.
PURPOSE = re.compile(
    rf" (?:visant à |permettant {OF}|afin {OF}|pour (?={INFINITIVE})|sur des enjeux liés à (?:la |l['’])?)"
)
# Where the point is made and the sentence goes on to something else.
STOP = re.compile(
    rf"""\s*[;:]\s
      | ,\ (?!(?:la|le|les|un|une|des|\w+\ et)\s|l['’])   # but not between the members of an enumeration
      | ,\ les\ (?={INFINITIVE})
      | \ (?:afin|notamment|en\ \w+ant)\b
      | \ et\ (?:à|de|leur|lui)\ (?={INFINITIVE})
    """,
    re.VERBOSE,
)
# Where a phrase that is still too long may be cut without breaking a group of words.
SEAM = re.compile(
    r"(?: et)?,? (?=(?:pour|par|dans|avec|lors|dès|sur|qui|que|au|auprès|face|à la fois|et leur|et à|\w+ant)\b)"
    r"|,(?= )| (?=\w+ée?s? (?:autour|par|sur|dans|à)\b)"
)


def derive_title(prose: str) -> str:
    """The point of a description as a title: its own words, without the lead-in, cut where a phrase ends.

    At most LONG characters, unless the text has no place to cut. `prose` is not empty.

    Example: "Le défi vise à réduire le bruit, notamment la nuit." -> "Réduire le bruit"
    """
    candidates = _from_means_to_ends(_point(prose))
    fitting = [title for limit in (SHORT, LONG) for title in candidates if len(title) <= limit]
    title = fitting[0] if fitting else _cut(candidates[-1])
    return title[0].upper() + title[1:]


def _point(prose: str) -> str:
    """What the first sentence that comes to a point says after its lead-in; else the whole first sentence."""
    sentences = _sentences(prose)
    for sentence in sentences:
        if named := NAMED.match(sentence):
            return f"{named['quoted'] or named['plain']} – {_until_stop(named['what'])}"
        if STARTS_WITH_INFINITIVE.match(sentence):
            return _until_stop(sentence)
        lead_in = LEAD_IN.search(sentence)
        # "de concevoir et de bâtir": the first "de" goes with the lead-in, and so the second must.
        if lead_in and (point := _until_stop(SECOND_OF.sub(r"\1 et ", sentence[lead_in.end() :]))):
            return point
    return _until_stop(sentences[0]) or sentences[0]


def _sentences(prose: str) -> list[str]:
    text = re.sub(r"\s+", " ", prose).strip()
    # "… pour : • faire ceci ; • faire cela": the first member of the list carries the sentence on.
    text = re.sub(r" ?: • ", " ", text).lstrip("• ")
    return sentences_of(text)


def _until_stop(phrase: str) -> str:
    stop = STOP.search(phrase, pos=1)
    return (phrase[: stop.start()] if stop else phrase).rstrip(" .,;:?")


def _from_means_to_ends(phrase: str) -> list[str]:
    """The phrase, what it serves, what that serves, and so on."""
    purpose = PURPOSE.search(phrase)
    return [phrase, *(_from_means_to_ends(phrase[purpose.end() :]) if purpose else [])]


def _cut(phrase: str) -> str:
    """The longest head of a phrase that fits and ends at a seam."""
    ends = [seam.start() for seam in SEAM.finditer(phrase) if seam.start() <= LONG]
    return phrase[: ends[-1]] if ends else phrase


# --- The start --------------------------------------------------------------------------------------------------------

YEAR = r"(?:19|20)\d\d\b"


def _as_typed(pattern: str) -> str:
    """A pattern that takes its letters without accents too, as capitals are often typed. Example: "été" -> "ETE"."""
    return re.sub("[éèûô]", lambda letter: f"[{letter[0]}{fold(letter[0])}]", pattern)


# Whole or shortened: "sept.", "févr", "oct".
MONTH = _as_typed(
    r"(?:janv(?:ier|\.)?|fév(?:rier|r?\.?)|mars|avr(?:il|\.)?|mai|juin|juil(?:let|\.)?|août"
    r"|sept(?:embre|\.)?|oct(?:obre|\.)?|nov(?:embre|\.)?|déc(?:embre|\.)?)"
)
SEASON = _as_typed("(?:printemps|été|automne|hiver)")
# "1er trimestre 2017", "T1 2017", "rentrée scolaire 2017", "année 2017".
NTH = r"(?:(?:1|2|3|4) ?(?:ers?|re|ère|e|è?me|nde?)|premier|deuxième|seconde?|second|troisième|quatrième|dernier)"
TERM = _as_typed(
    rf"(?:{NTH} (?:trim(?:estre|\.)?|sem(?:estre|\.)?)|[TS][1-4]|(?:rentrée|année|saison)(?: scolaire| civile)?)"
)
DAY = r"(?:(?:le )?(?:\d{1,2}(?:er)? )?)"
IN_FIGURES = r"(?:\d{1,2} ?[/.-] ?){1,2}"  # what stands before the year in "01/09/2017" and "9-2017"
PART = _as_typed("(?:fin|début|mi|courant)")
MOMENT = (
    rf"(?:{PART}(?: (?:de l'|d'|du )|[ -])?)?"
    rf"(?:(?:{TERM} de )?{DAY}{MONTH}(?: ?[/–-] ?{MONTH})? ?|(?:{SEASON}|{TERM}) |(?<!\d){IN_FIGURES})?{YEAR}"
)
SINCE = r"(?:depuis|à partir d[eu]|à compter d[eu]|dès)"
WHEN = re.compile(
    rf"\b(?:(?:en|{SINCE}|au|à l'|le|prévue?s?|d'ici)[ ]?"
    rf"|(?={MONTH} |{SEASON} |{TERM} |{PART}[ -])){MOMENT}",
    re.I,
)

# A header field that opens with a date, or comes to one by way of "depuis", "en" or "prévue".
OPENING = re.compile(MOMENT, re.I)
DATED = re.compile(rf"^{MOMENT}|{WHEN.pattern}", re.I)
UNKNOWN = "nc"
# "01/09/17", alone in its field. What such a document tells began in this century.
SHORT_YEAR = re.compile(r"\d{1,2}([/.-])\d{1,2}\1(?P<year>\d\d)")
CENTURY = 2000

# What begins something, said of it in the same sentence as the date.
BEGINNING = re.compile(
    r"\b(?:créé|ouvert|initié|lancé|introdui|adopté|voté|procédé|débuté|démarr|engagé|instauré|inauguré|menée?\b|doté"
    r"|mise?s? en (?:place|œuvre)|mettre en (?:place|œuvre)|élaboration|création|lancement|ouverture|déploiement)",
    re.I,
)
SINCE_NAMED = re.compile(rf"\b{SINCE.replace('depuis|', '')} {MOMENT}", re.I)
# Years that date something else: a law, what the initiative continues, the years a plan covers, a count.
BESIDE = re.compile(
    rf"\b(?:loi|ordonnance|décret|circulaire|arrêté)\b[^,;.]*?{YEAR}"
    rf"|\bdans la continuité [^;.]*|\b{YEAR} ?[/–-] ?{YEAR}|\b(?:bilan|données) [^;.]*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Start:
    """The first year and the words that give it; `year` is None where the document says it is not known."""

    year: int | None
    text: str


def printed_start(field: str) -> Start | None:
    """Read a header field: "Octobre 2016 à mai 2017" -> 2016; None when the field is no date."""
    text = strip_markup(field)
    if text.lower() == UNKNOWN:
        return Start(None, text)
    if short := SHORT_YEAR.fullmatch(text):
        return Start(CENTURY + int(short["year"]), text)
    return Start(_first_year(text), text) if DATED.search(text) else None


def opens_with_date(field: str) -> bool:
    """Whether a header field begins with a date: "1er trimestre 2017", and not "En cours depuis 2017"."""
    text = strip_markup(field)
    return OPENING.match(text) is not None or SHORT_YEAR.fullmatch(text) is not None


def told_start(prose: str) -> Start | None:
    """Find the sentence that says when the initiative begins or is to begin.

    Example: "Le service, lancé en mai 2014, compte 3 agents." -> 2014, "en mai 2014"
    """
    for sentence in sentences_of(prose):
        words = BESIDE.sub(" ", strip_markup(sentence))
        if SINCE_NAMED.search(words) or BEGINNING.search(words):
            when = WHEN.search(words)
            if when:
                return Start(_first_year(when[0]), when[0])
    return None


def _first_year(text: str) -> int | None:
    year = re.search(YEAR, text)
    return int(year[0]) if year else None


# When the experiments of a call begin, by what each says or by what is said of all.
BEGINS = re.compile(
    r"\b(?:à compter|à partir|au cours|dès|courant|début)\b[^.;]{0,30}?\b(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE
)
ALL_BEGIN = re.compile(r"\bexpériment\w+\b[^.;]{0,30}?\b(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)


def experiment_start(prose: str, preface: str) -> Start | None:
    """The start that an experiment's prose gives, else the one that the preface gives for all experiments.

    Example: "Elle durera 15 mois à compter de janvier 2020." -> 2020, "à compter de janvier 2020"
    """
    said = BEGINS.search(prose) or ALL_BEGIN.search(preface)
    return Start(int(said["year"]), said[0]) if said else None


# --- The place --------------------------------------------------------------------------------------------------------

# "Corse" or "La Réunion" say where; "Bretagne" leaves the reader with four départements to choose from.
NARROW = 2  # départements
# "Pays de Lorient" is wider than Lorient.
REACH = re.compile(r"\b(?i:pays|agglomération|académie|bassin|territoire) (?:de la |de |du |d['’])$")
LONGEST_REACH = len("agglomération de la ")  # characters: no farther before a place is one looked for
REGIONS = (PlaceKind.REGION, PlaceKind.FORMER_REGION)


@dataclass(frozen=True, slots=True)
class Location:
    """What a text says of the place of an initiative."""

    departements: tuple[Departement, ...]
    cited_departements: tuple[Departement, ...]
    territory: str | None  # in the text's own words, when finer or wider than a département


def locate(gazetteer: Gazetteer, statements: Sequence[str], prose: str) -> Location:
    """Where an initiative takes place, by the first of `statements` that leads to a département.

    Put the most telling statement first: a line that says where, the lead organisation, the description. Départements
    named in `prose` or in a later statement are cited only.
    """
    places = [(statement, gazetteer.places_in(statement)) for statement in statements]
    departements = next((found for _, named in places if (found := _departements(named))), ())
    named = gazetteer.departements_in("\n".join([*statements, prose]))
    cited = tuple(departement for departement in named if departement not in departements)
    return Location(departements, cited, _territory(places, departements))


def _departements(places: Sequence[Place]) -> tuple[Departement, ...]:
    """The départements of the places that are narrow enough, in the order of the text, each once."""
    return tuple(dict.fromkeys(d for place in places if len(place.departements) <= NARROW for d in place.departements))


def _territory(places: list[tuple[str, tuple[Place, ...]]], departements: tuple[Departement, ...]) -> str | None:
    """Places finer than the départements, as printed; the regions named where no département is known."""
    printed: dict[str, str] = {}
    for statement, named in places:
        for place in named:
            reach = REACH.search(statement, max(0, place.start - LONGEST_REACH), place.start)
            finer = bool(reach) or place.kind != PlaceKind.DEPARTEMENT
            if (finer and set(place.departements) <= set(departements)) if departements else place.kind in REGIONS:
                printed.setdefault(place.code, statement[reach.start() if reach else place.start : place.end])
    return ", ".join(printed.values()) or None


# --- Contacts ---------------------------------------------------------------------------------------------------------

SOUND_EMAIL = re.compile(r"[A-Za-z0-9.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:fr|com|org|net|eu|info|re|nc|pf)")
PRINTED_PHONE = re.compile(rf"(?:\bT[ée]l\.?\s*:?\s*)?({PHONE.pattern}(?: \(ou \d+\))?)", re.I)
WEBSITE = re.compile(r"\b(?:https?://|www\.)\S+")

# A domain is known as misspelt by its neighbour; short ones may be neighbours by right (meuse.fr and creuse.fr).
DOMAIN_SLIPS = 2  # letters
DOMAIN_LENGTH = 8  # characters before the last dot

COURTESY = r"(?:Mme|Melle|Mlle|M\.|MM\.|Mr|Dr|Pr)"
# Between two people, whatever stands around.
PARTING = re.compile(rf"\s*(?://|;|&|\bou\b(?! \d)|(?<=\w)- (?={COURTESY} ))\s*")
# Between two people only if one follows: "DAST / Adj DGAS" is one office.
SLASH_OR_AND = re.compile(r"\s*(?:/|\bet\b)\s*(?=[A-ZÀ-Ý])")
PERSON = re.compile(
    rf"(?:{COURTESY} )?[A-ZÀ-Ý][\w'’.-]+(?: [A-Za-zÀ-ÿ][\w'’-]*)*? [A-ZÀ-Ý][\w'’-]+(?=\s*(?:,|[-–] |0\d|$)|\s+\S+@)"
)
OFFICES = frozenset(
    re.findall(
        r"\w+",
        """
    adj adjoint adjointe agent chef cheffe charge chargee conseiller conseillere coordonnateur coordonnatrice
    dga dgas drh directeur directrice direction dgs responsable service
    """,
    )
)
FIELD_BREAK = re.compile(r"\s*,\s*|\s+[-–]+\s*|\s*[-–]+\s+")


def domains_in(text: str) -> Counter[str]:
    """Count the domains of all e-mail addresses of a text, in lower case."""
    return Counter(_domain(address) for address in EMAIL.findall(text))


def read_contacts(text: str, domains: Mapping[str, int]) -> tuple[Contact, ...]:
    """Read the contact lines of one initiative, one printed line each.

    `domains` counts the domains of the whole document: an address whose domain differs by a letter or two from one
    that is printed more often is marked as damaged, and kept.

    Example: "Anne ROY, directrice - 01 02 03 04 05" -> Contact("Anne ROY", "directrice", None, "01 02 03 04 05")
    """
    people: list[Contact] = []
    for entry in _entries([strip_markup(line) for line in text.split("\n")]):
        people += _share(_pair([_person(part) for part in _parts(entry)], EMAIL.findall(entry)))
    return tuple(replace(one, email_damaged=_is_damaged(one.email, domains)) for one in people)


def _entries(lines: Sequence[str]) -> list[str]:
    """Join the lines that belong together: a phone to the name above it, a name to its other half below."""
    entries: list[str] = []
    for line in filter(None, lines):
        if entries and (not _words(line) or not ("," in entries[-1] or _details(entries[-1]))):
            entries[-1] = f"{entries[-1]} {line}"
        else:
            entries.append(re.sub(r"^[Ee]t (?=[A-ZÀ-Ý])", "", line))
    return entries


def _parts(entry: str) -> list[str]:
    """Cut an entry between people; phone and address stay with the person they follow."""
    parts: list[str] = []
    for part in filter(None, PARTING.split(entry)):
        start = 0
        for cut in SLASH_OR_AND.finditer(part):
            follows = PERSON.match(part, cut.end())
            if follows and not set(fold_words(follows[0])) & OFFICES:
                parts.append(part[start : cut.start()])
                start = cut.end()
        parts.append(part[start:])
    return parts


def _person(part: str) -> Contact:
    phone = PRINTED_PHONE.search(part)
    email = EMAIL.search(part)
    fields = [field for field in FIELD_BREAK.split(_words(part)) if field]
    role = ", ".join(fields[1:]) or None
    return Contact(
        name=fields[0] if fields else None,
        role=role,
        email=email[0] if email else None,
        phone=phone[1] if phone else None,
    )


def _pair(people: list[Contact], emails: list[str]) -> list[Contact]:
    """Give each of several people an address when they stand together after the names: as many, in the same order."""
    if len(people) == len(emails):
        return [replace(one, email=email) for one, email in zip(people, emails, strict=True)]
    return people


def _share(people: list[Contact]) -> list[Contact]:
    """The only phone of several people is everybody's."""
    phones = [one.phone for one in people if one.phone]
    return [replace(one, phone=phones[0]) for one in people] if len(phones) == 1 else people


def _words(text: str) -> str:
    """What is neither address, phone nor website."""
    for pattern in (EMAIL, PRINTED_PHONE, WEBSITE):
        text = pattern.sub(" ", text)
    return text.strip(" ,;:–-")


def _details(text: str) -> bool:
    return bool(EMAIL.search(text) or PRINTED_PHONE.search(text))


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _is_damaged(email: str | None, domains: Mapping[str, int]) -> bool:
    if email is None:
        return False
    return not SOUND_EMAIL.fullmatch(email) or any(_is_slip(_domain(email), other, domains) for other in domains)


def _is_slip(domain: str, other: str, domains: Mapping[str, int]) -> bool:
    # Digits tell places apart (cg41.fr and cg71.fr): they are not slips.
    same_digits = re.findall(r"\d", domain) == re.findall(r"\d", other)
    return (
        domain != other
        and same_digits
        and domain.rfind(".") >= DOMAIN_LENGTH
        and domains[other] > domains.get(domain, 0)
        and edit_distance(domain, other, DOMAIN_SLIPS) <= DOMAIN_SLIPS
    )
