r"""Bytes → text, whatever program saved them.

    decoded("\ufeffété".encode(), "a.csv")             -> ("été", "utf-8", "it begins with the mark of it")
    decoded("l’été à 5 €".encode("cp1252"), "a.csv")  -> ("l’été à 5 €", "cp1252", "its bytes are not UTF-8 …")

A mark at the beginning decides, then whether all is valid UTF-8; only then does a detector guess.
"""

import codecs
import re

from corpus.errors import BadDocument

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
LOOKED_AT = 200_000  # bytes that the detector is given
# What programs of western Europe save: Windows, the Macintosh before 2001, DOS.
WESTERN = ("cp1252", "mac_roman", "cp850")
# A letter of western languages beside one without accent, or their punctuation: what a right reading is made of.
FITTING = re.compile(
    r"(?<=[a-zA-Z])[à-öø-ÿœÀ-ÖØ-ÞŒ](?![A-ZÀ-Þ][a-z])|[àâçèéêëîïôùûüöäñßœÉÈÀÇÊŒ](?=[a-zA-Z])|[’‘«»“”–—…€°\u00a0·•àÀ]"
)
WELL = 0.9  # share of the characters beyond ASCII that fit, for a reading to be believed without a detector


def decoded(octets: bytes, where: str, encoding: str | None = None) -> tuple[str, str, str]:
    """A text, its encoding, and how that was told. Raises BadDocument for bytes that are no text in it."""
    if encoding is not None:
        try:
            return octets.decode(encoding).removeprefix("\ufeff"), encoding, "as corpus.toml says"
        except (UnicodeDecodeError, LookupError) as error:
            raise BadDocument(
                f"The file is not {encoding}: {error}", where, "Give its true encoding in corpus.toml, or leave it out."
            ) from None
    for mark, name in MARKS:
        if octets.startswith(mark):
            return octets.decode(name, "replace"), name.removesuffix("-sig"), "it begins with the mark of it"
    try:
        return octets.decode("utf-8"), "utf-8", "every byte is valid"
    except UnicodeDecodeError:
        pass
    name = _detected(octets)
    return octets.decode(name, "replace"), name, "its bytes are not UTF-8 and read well so"


def _detected(octets: bytes) -> str:
    import chardet

    zeros = octets[:1000].count(0)
    if zeros > len(octets[:1000]) / 4:  # Excel's "Unicode text" without a mark
        return "utf-16-le" if octets[1:1000:2].count(0) > octets[0:1000:2].count(0) else "utf-16-be"
    sample = octets[:LOOKED_AT]
    readings = {name: _fitting(sample.decode(name, "replace")) for name in WESTERN}
    best = max(readings, key=lambda name: readings[name])
    if readings[best] >= WELL:
        return best
    told = (chardet.detect(sample)["encoding"] or best).lower()
    try:
        octets.decode(told)
    except (UnicodeDecodeError, LookupError):
        return best
    # The detectors' tables for western languages lack what Windows adds to them.
    return "cp1252" if re.fullmatch(r"ascii|(?:iso-?8859-1|windows-1252|cp1252)5?", told) else told


def _fitting(text: str) -> float:
    """The share of the characters beyond ASCII that stand where western languages have such characters."""
    beyond = sum(not char.isascii() for char in text)
    return len([one for one in FITTING.findall(text) if not one.isascii()]) / beyond if beyond else 0.0
