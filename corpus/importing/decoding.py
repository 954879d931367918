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
# What no text holds: a control character that is no tab, line end, form feed or escape.
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f-\x9f]")
# Names for what western programs call by another: every byte of these means the same or more in Windows' table.
WIDER = {"iso-8859-1": "cp1252", "ascii": "utf-8", "windows-1252": "cp1252", "iso8859-1": "cp1252"}


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
    told = chardet.detect(octets[:LOOKED_AT])
    name = (told["encoding"] or "cp1252").lower()
    name = WIDER.get(name, name)
    try:
        text = octets.decode(name)
    except (UnicodeDecodeError, LookupError):
        return "cp1252"
    return "cp1252" if CONTROL.search(text) else name
