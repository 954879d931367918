"""What one address may give on a day: it is counted without being known."""

import pytest

from feedback import TooMuchFeedback
from feedback.quota import Quota, household


def test_one_address_gives_as_much_as_may_be_and_others_go_on():
    quota = Quota(2)
    for _ in range(2):
        quota.take("given", "192.0.2.7")
    with pytest.raises(TooMuchFeedback, match="came 2 of these within a day"):
        quota.take("given", "192.0.2.7")
    quota.take("given", "192.0.2.8")
    quota.take("missed", "192.0.2.7")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1:2:3:4", "2001:db8::"),
        ("2001:db8:0:0:ffff::", "2001:db8::"),
        ("2001:db8:0:1::", "2001:db8:0:1::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("somebody", "somebody"),
    ],
)
def test_addresses_that_one_visitor_may_choose_among_are_one(address, counted):
    assert household(address) == counted


def test_no_address_is_kept_only_what_cannot_be_turned_back():
    quota = Quota(2)
    quota.take("given", "192.0.2.7")
    assert "192.0.2.7" not in str(quota._counter.storage.storage)
