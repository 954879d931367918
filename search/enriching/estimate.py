"""The estimate: how many tokens enriching will take, before anybody pays for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus import Initiative, Vocabulary
from search.enriching.prompt import messages

# Characters of one token of French prose in the vocabularies of present models: three to four.
CHARACTERS_A_TOKEN = 3.5

# A record as JSON, the mean of the bundled ones: characters.
RECORD_LENGTH = 1_900


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is to be sent and received, without retries."""

    tokens_in: int
    tokens_out: int

    def cost(self, price_in: float, price_out: float) -> float:
        """The cost at prices for a million tokens, in the currency of the prices."""
        return (self.tokens_in * price_in + self.tokens_out * price_out) / 1_000_000


def estimate(wanting: Sequence[Sequence[Initiative]], vocabulary: Vocabulary) -> Estimate:
    """Count the characters that would be sent for each initiative, given with all its tellings."""
    sent = sum(len(message.content) for tellings in wanting for message in messages(tellings, vocabulary))
    received = RECORD_LENGTH * len(wanting)
    return Estimate(round(sent / CHARACTERS_A_TOKEN), round(received / CHARACTERS_A_TOKEN))
