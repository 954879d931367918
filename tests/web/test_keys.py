"""Keys: what is kept of them, who may do what, until when, and that a change is heeded without a restart."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from web.keys import BadKeys, KeyFile, Scope, UnknownKey, keys_file

TODAY = date(2026, 11, 29)


class Clock:
    """A day that a test can move."""

    def __init__(self):
        self.day = TODAY

    def __call__(self):
        return self.day


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keys(tmp_path, clock):
    return KeyFile(keys_file(tmp_path), clock)


def added(keys, name="dashboard", scopes=(Scope.STATISTICS,), days=90, per_minute=60):
    return keys.add(name, scopes, days=days, per_minute=per_minute)


def test_where_there_is_no_file_there_is_no_key_and_none_is_made(keys):
    assert (keys.all(), keys.of("recueil_x")) == ((), None)
    assert not keys.path.exists()


def test_a_key_is_told_apart_by_its_random_part_and_does_what_its_scopes_say(keys):
    secret = added(keys)
    assert secret.startswith("recueil_")
    assert len(secret) == len("recueil_") + 43  # 32 bytes
    key = keys.of(secret)
    assert (key.name, key.scopes, key.per_minute) == ("dashboard", (Scope.STATISTICS,), 60)
    assert [scope for scope in Scope if key.may(scope)] == [Scope.STATISTICS]


def test_one_for_administration_may_do_everything(keys):
    key = keys.of(added(keys, scopes=[Scope.ADMIN]))
    assert all(key.may(scope) for scope in Scope)


def test_only_the_hash_lies_on_the_disk_in_a_file_for_its_own_user_alone(keys):
    os.umask(before := os.umask(0))  # whatever the umask is
    secret = added(keys)
    os.umask(before)
    written = keys.path.read_text()
    assert secret not in written
    assert secret.removeprefix("recueil_") not in written
    assert json.loads(written)["keys"][0]["digest"] == sha256(secret.encode()).hexdigest()
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    assert [path.name for path in keys.path.parent.iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    "change", [str.lower, lambda key: key[:-1], lambda key: key + " ", lambda key: "", str.swapcase]
)
def test_nearly_a_key_is_none(keys, change):
    secret = added(keys)
    assert keys.of(change(secret)) is None


def test_a_key_ends_with_its_last_day(keys, clock):
    secret = added(keys, days=90)
    key = keys.of(secret)
    clock.day = TODAY + timedelta(days=90)
    assert keys.of(secret) == key
    assert keys.still(key)
    clock.day += timedelta(days=1)
    assert keys.of(secret) is None
    assert not keys.still(key)
    assert [one.name for one in keys.all()] == ["dashboard"]  # whoever lists them sees it


def test_what_another_process_changes_is_heeded_at_once(keys, tmp_path):
    secret = added(keys)
    key = keys.of(secret)
    other = KeyFile(keys_file(tmp_path))
    second = added(other, "monitoring")
    assert keys.of(second).name == "monitoring"
    other.revoke("dashboard")
    assert (keys.of(secret), keys.still(key)) == (None, False)


def test_a_file_that_has_not_changed_is_not_read_again(keys, monkeypatch):
    secret = added(keys)
    keys.of(secret)
    monkeypatch.setattr(type(keys.path), "read_bytes", lambda path: pytest.fail("it was read"))
    assert keys.of(secret).name == "dashboard"


def test_many_that_add_at_the_same_time_lose_none(keys, tmp_path):
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda n: added(KeyFile(keys_file(tmp_path)), f"key-{n}"), range(24)))
    assert {keys.of(secret).name for secret in made} == {f"key-{n}" for n in range(24)}


def test_a_name_is_given_once(keys):
    added(keys)
    with pytest.raises(BadKeys, match="called 'dashboard' already"):
        added(keys)


def test_a_key_that_is_not_there_cannot_be_revoked(keys):
    added(keys)
    with pytest.raises(UnknownKey, match=r"no key called 'x'.*Those that are there: dashboard"):
        keys.revoke("x")


@pytest.mark.parametrize("name", ["", " ", "a b", "-x", "x" * 65, "é", "a\n", "../x"])
def test_a_name_is_letters_digits_and_little_else(keys, name):
    with pytest.raises(BadKeys, match="no name of a key"):
        added(keys, name)
    assert not keys.path.exists()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from([b"[]", b"{}", b'{"format": 2, "keys": []}', b'{"format": 1, "keys": [{"name": "a"}]}']),
    )
)
def test_a_damaged_file_opens_nothing_and_is_not_quoted(keys, written):
    keys.path.write_bytes(written)
    keys.path.chmod(0o600)
    with pytest.raises(BadKeys, match="cannot be understood") as refused:
        keys.of("recueil_x")
    assert refused.value.where == str(keys.path)
    with pytest.raises(BadKeys):
        added(keys)
    assert keys.path.read_bytes() == written  # nothing is written over it


def test_a_file_that_others_may_write_opens_nothing(keys):
    secret = added(keys)
    keys.path.chmod(0o620)
    with pytest.raises(BadKeys, match=r"Others may write.*chmod 600"):
        keys.of(secret)


def test_a_file_that_others_may_read_is_told(keys):
    added(keys)
    assert not keys.is_readable_by_others()
    keys.path.chmod(0o644)
    assert keys.is_readable_by_others()
