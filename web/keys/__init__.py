"""Keys: who may do what of which not everybody may, kept in one file that a running service reads again by itself.

    keys = KeyFile(keys_file(var))
    secret = keys.add("dashboard", [Scope.STATISTICS], days=90, per_minute=60)   # shown once, nowhere kept
    keys.of(secret)                                                              # the `Key`, None for no key of ours

A key is 32 random bytes, and what lies on the disk is its SHA-256. The slow hashes that passwords need are for words
that people choose, which can be guessed by the thousand million; nobody guesses 256 random bits, however fast the hash,
and a fast one costs nothing at each request. This package needs no web framework: the command line uses it too.
"""

from web.keys.file import KeyFile, keys_file
from web.keys.key import PREFIX, BadKeys, Key, Scope, UnknownKey

__all__ = ["PREFIX", "BadKeys", "Key", "KeyFile", "Scope", "UnknownKey", "keys_file"]
