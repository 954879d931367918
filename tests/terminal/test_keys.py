"""`recueil keys`: a key is shown once, listed without itself, and taken away."""

import json

import pytest

from web.keys import KeyFile, Scope, keys_file


@pytest.fixture
def empty(recueil, tmp_path, monkeypatch):
    """Run `recueil` over a folder without keys; gives the keys of it too."""
    monkeypatch.setenv("RECUEIL_VAR", str(tmp_path))
    return recueil, KeyFile(keys_file(tmp_path))


def test_a_key_is_shown_alone_on_standard_output_and_never_again(empty):
    recueil, keys = empty
    made = recueil("keys", "add", "nightly", "--scope", "admin", "--scope", "feedback", "--days", "30")
    secret = made.stdout.strip()
    assert keys.of(secret).scopes == (Scope.ADMIN, Scope.FEEDBACK)
    assert "shown this once. It is called nightly, may admin, feedback" in made.stderr
    for command in (["list"], ["list", "--json"], ["revoke", "nightly"]):
        ended = recueil("keys", *command)
        assert ended.exit_code == 0
        assert secret not in ended.output
        assert "nightly" in ended.output
    assert keys.of(secret) is None


def test_the_list_says_what_each_may_until_when_and_how_often(empty):
    recueil, keys = empty
    recueil("keys", "add", "portal", "--scope", "read", "--per-minute", "90")
    (told,) = json.loads(recueil("keys", "list", "--json").stdout)
    (key,) = keys.all()
    assert told == {
        "name": "portal",
        "scopes": ["read"],
        "made": key.made.isoformat(),
        "expires": key.expires.isoformat(),
        "per_minute": 90,
    }


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["add", "a", "--scope", "everything"], 2, "'everything' is none of read, statistics, feedback, admin"),
        (["add", "a"], 2, "--scope"),
        (["add", "a b", "--scope", "read"], 1, "no name of a key"),
        (["add", "a", "--scope", "read", "--days", "0"], 2, "--days"),
        (["revoke", "a"], 1, "no key called 'a'"),
    ],
)
def test_what_cannot_be_done_is_told(empty, words, status, said):
    recueil, keys = empty
    ended = recueil("keys", *words)
    assert (ended.exit_code, keys.all()) == (status, ())
    assert said in ended.stderr
