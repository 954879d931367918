"""What single cells say: whether they say anything, whether they are a date, a number, an address; several in one."""

import re

from corpus.importing.markup import plain_value
from corpus.text import CALENDAR, EMAIL, PHONE, fold

# Cells that stand for nothing: errors of spreadsheets, words for "none", the help of a form left in it.
NOTHING = re.compile(
    r"""(?ix) \W* | [-–—_.?/]+
    | \#\s?(?:n/?[ad]|ref!?|valeur!?|value!?|nom\??|name\??|div/0!?|null!?|num!?|invalid\ ref.*|error.*)
    | n/?[ac] | nan | null | none | nil | undefined | néant | vide | inconnue?
    | non\ (?:disponible|renseignée?|communiquée?|précisée?|applicable|concernée?) | sans\ objet | pas\ de\ données?
    | not\ (?:available|applicable|provided|specified) | unknown | tbd | tbc | to\ be\ (?:completed|confirmed|defined).*
    | (?:à|a)\ (?:compléter|completer|renseigner|préciser|preciser|définir|definir|remplir)\b.* | x{3,}
    | lorem\ ipsum.*
    | (?:champ|texte)\ (?:texte|libre|court|long|obligatoire|clé|liste)\b.* | liste\ déroulante\b.*
    | (?:faites?|faire)\ un\ choix\b.* | tag\ ?:\ ?créez\b.* | chaîne\ de\ caractères\b.*
    | (?:free|short|long)\ text\b.{0,60} | text\ field\b.* | drop-?down\ list\b.*
    """,
    re.S,
)
YES_NO = frozenset(
    {"oui", "non", "yes", "no", "true", "false", "vrai", "faux", "0", "1", "x", "o", "n", "y", "✓", "✔", "ok"}
)
URL = re.compile(
    r"(?i)(?:https?\s?:\s?//\s?|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:fr|com|org|net|eu|io|re|info|coop|bzh|gouv\.fr)(?:/\S*)?"
)
NUMBER = re.compile(r"[-+]?\d[\d\s\u00a0\u202f.,]*(?:\s?(?:€|%|k€|m€|eur|euros?|km|m²|ha))?", re.I)
ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?:[T ].*)?")
LOCAL_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:\s.*)?")
YEAR = re.compile(r"(?<!\d)((?:18|19|20)\d\d)(?!\d)")
# The words of dates, folded: days and months, whole or cut short, and what joins them.
DAYS_AND_MONTHS = tuple({*CALENDAR, *CALENDAR.values()})
SHORTEST_MONTH = 3  # letters: "sep." and "janv"
_OF_DATES = """
le la du de des au a en er e st nd rd th since depuis from to of between entre et and fin debut h t z utc gmt
"""
OF_DATES = frozenset(_OF_DATES.split())
LONGEST_DATE = 48  # characters
SEPARATORS = (";", "|", "\n", " / ", ",")
SHORT_YEAR = 50  # "50" and above are of the last century


def said(cell: str) -> str:
    """What a cell says, tidied and without markup; "" where it stands for nothing."""
    text = plain_value(cell)
    return "" if NOTHING.fullmatch(text) else text


def year_of(cell: str) -> int | None:
    """The first year that a cell names: "2021-2025" -> 2021, "04/07/24" -> 2024, "18000" -> None."""
    if found := YEAR.search(cell):
        return int(found[1])
    if short := LOCAL_DATE.fullmatch(cell.strip()):
        year = int(short[3])
        return year + (1900 if year >= SHORT_YEAR else 2000) if year < 100 else None
    return None


def is_date(cell: str) -> bool:
    """Whether a whole cell is a date, a year or a span of years."""
    text = " ".join(cell.split())
    if len(text) > LONGEST_DATE or year_of(text) is None:
        return False
    if ISO_DATE.fullmatch(text) or LOCAL_DATE.fullmatch(text):
        return True
    words = re.findall(r"[a-z]+", fold(text))
    numbers = [number for number in re.findall(r"\d+", text) if not YEAR.fullmatch(number)]
    timed = bool(re.search(r"\d:\d", text))
    return all(map(_of_date, words)) and (timed or all(int(number) <= 31 for number in numbers))


def _of_date(word: str) -> bool:
    cut = len(word) >= SHORTEST_MONTH and any(name.startswith(word) for name in DAYS_AND_MONTHS)
    return cut or word in OF_DATES


def is_number(cell: str) -> bool:
    """Whether a whole cell is a number, an amount or a share."""
    return bool(NUMBER.fullmatch(cell.strip()))


def is_url(cell: str) -> bool:
    """Whether a whole cell is an address on the web, with https or without."""
    return bool(URL.fullmatch(cell.strip())) and "@" not in cell


def url_of(cell: str) -> str:
    """The address, mended of the blanks that some programs put after a colon; with https where none is said."""
    text = re.sub(r"\s+", "", cell.split("\n")[0])
    return text if re.match(r"(?i)https?:", text) or not text else f"https://{text}"


def is_contact(cell: str) -> bool:
    """Whether a cell is an e-mail address or a telephone number, and little else."""
    if EMAIL.search(cell):
        return len(EMAIL.sub("", PHONE.sub("", cell)).strip(" ;,/\n.-")) <= 10
    return (
        bool(PHONE.search(cell))
        and not is_date(cell)
        and not re.search(r"[^\W\d_]{3}|\d-\d\d-\d", cell)
        and (len(PHONE.sub("", cell).strip(" ;,/\n.-")) == 0)
    )


def parts_of(cell: str, separator: str | None) -> list[str]:
    """The values of a cell of several, each tidied and once."""
    cut = re.split(r"\n", cell) if separator is None else cell.replace("\n", separator).split(separator)
    parts = [" ".join(part.strip(" {}[]\"'\t").split()) for part in cut]
    return list(dict.fromkeys(part for part in parts if part and not NOTHING.fullmatch(part)))


def words_of_name(name: str) -> str:
    """The folded words of a column's name: "nomBeneficiaire" and "NOM_BENEFICIAIRE" -> "nom beneficiaire"."""
    cut = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[a-z0-9]+", fold(cut)))
