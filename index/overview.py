"""The overview: every initiative as a point of a plane, near to those it is like, for a picture of the whole corpus.

t-SNE of the gists (van der Maaten & Hinton, "Visualizing Data using t-SNE", JMLR 2008). Distances across the picture
mean little; neighbours mean much.
"""

import numpy as np
from numpy.typing import NDArray

from index.encoder import Vectors

# Neighbours that each point looks at: about as many as a theme has initiatives.
PERPLEXITY = 15

# Below this t-SNE has nothing to arrange.
FEWEST = 5

Points = NDArray[np.float32]  # [initiatives, 2], from 0 to 1


def overview_of(gists: Vectors) -> Points:
    """Arrange initiatives by their gists [initiatives, d]; a few stand on a line."""
    if len(gists) < FEWEST:
        along = (np.arange(len(gists), dtype=np.float32) + 0.5) / max(len(gists), 1)
        return np.stack([along, np.full_like(along, 0.5)], axis=1)
    from sklearn.manifold import TSNE

    perplexity = min(PERPLEXITY, (len(gists) - 1) / 3)
    arranged = TSNE(2, perplexity=perplexity, init="pca", metric="cosine", random_state=0).fit_transform(gists)
    low, high = arranged.min(axis=0), arranged.max(axis=0)
    return np.asarray((arranged - low) / np.maximum(high - low, 1e-9), np.float32)
