"""Significance: how far a mean may be chance, and whether a difference may be.

The methods are those recommended for rankings: the bootstrap (Sakai, "Evaluating evaluation metrics based on the
bootstrap", SIGIR 2006), the paired randomisation test (Smucker, Allan & Carterette, "A comparison of statistical
significance tests for information retrieval evaluation", CIKM 2007) and Holm's correction (Holm, "A simple sequentially
rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979). scipy reckons the first two.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Resamples of a bootstrap and random assignments of signs: the error of a p-value of .05 is then .002.
RESAMPLES = 9999
CONFIDENCE = 0.95

# A difference is significant when chance would bring it about less often than this, after correction.
LEVEL = 0.05

# With fewer members no difference is significant: were all five worse, chance would do so in 2 of 2^5 cases, .06.
FEWEST = 6

# The same figures from the same values, each time.
SEED = 20181121


class Interval(NamedTuple):
    """Where the mean lies with 95 % confidence."""

    low: float
    high: float


def intervals(values: NDArray[np.float64]) -> list[Interval] | None:
    """The 95 % interval of each row's mean, by the bootstrap's percentiles; None when there are fewer than two values.

    Takes float64 [rows, n]; all rows are resampled alike. Percentiles, because the accelerated method has no answer for
    values that are all the same, as those of an easy slice are.
    """
    from scipy.stats import bootstrap

    if values.shape[1] < 2:
        return None
    found = bootstrap(
        (values,),
        np.mean,
        axis=-1,
        vectorized=True,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return [Interval(float(low), float(high)) for low, high in zip(found.low, found.high, strict=True)]


def interval(values: Sequence[float]) -> Interval | None:
    """The 95 % interval of the mean of some values; None when there are fewer than two."""
    found = intervals(np.array([values], float))
    return found[0] if found else None


def randomisation_p(differences: Sequence[float]) -> float:
    """The two-sided p-value of paired differences whose mean would be 0 if nothing but chance had set their signs.

    All assignments of signs are tried when there are at most 9999 of them, else as many at random. Differences of 0 say
    nothing of signs and are left out, which changes no p-value and makes more of them exact; 1 when fewer than two
    remain.
    """
    from scipy.stats import permutation_test

    signed = [one for one in differences if one]
    if len(signed) < 2:
        return 1.0
    found = permutation_test(
        (np.array(signed),),
        lambda sample, axis: np.mean(sample, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(SEED),
    )
    return float(found.pvalue)


def holm(ps: Sequence[float]) -> list[float]:
    """Correct p-values for being several: the chance that any is below the level by accident stays at the level.

    Example: [.01, .04, .03] → [.03, .06, .06]
    """
    corrected = [0.0] * len(ps)
    highest = 0.0
    for place, position in enumerate(sorted(range(len(ps)), key=lambda position: ps[position])):
        highest = max(highest, min(1.0, (len(ps) - place) * ps[position]))
        corrected[position] = highest
    return corrected
