"""How sure an answer is, in one word: one scale for the page and for the terminal."""

from typing import Literal

ConfidenceLabel = Literal["sure", "likely", "possible", "unsure"]

# The least confidence for each label. "sure" begins where the page has always said so (docs/images/risk-coverage.svg);
# below it follow the steps of the terminal, which told "likely right" from "more likely right than not".
LEAST_CONFIDENCE: dict[ConfidenceLabel, float] = {"sure": 0.8, "likely": 0.7, "possible": 0.5}


def confidence_label(confidence: float) -> ConfidenceLabel:
    """The label of a confidence, 0 to 1. Example: 0.8 → "sure", 0.79 → "likely", 0.49 → "unsure"."""
    return next((label for label, least in LEAST_CONFIDENCE.items() if confidence >= least), "unsure")
