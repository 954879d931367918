"""Who publishes the pages, and what is done with what people write: for the legal notice and the page on privacy."""

from dataclasses import dataclass

from corpus import Fault


class NotPublished(Fault):
    """Nobody is named who publishes the pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What whoever runs the service says of themselves, and what the settings say that it does."""

    publisher: str  # name and address, and who answers for it
    host: str  # of the machine: name, address and telephone
    contact: str  # an e-mail address, or the address of a page
    feedback_days: int | None  # days that feedback is kept, None where there is none
    language_model: str | None  # the machine that words the answers, None where none does
    logs: bool  # whether requests are noted, without what was asked and by whom

    @property
    def contact_link(self) -> str:
        """Where the contact leads."""
        return f"mailto:{self.contact}" if "@" in self.contact else self.contact
