"""The network of the span reader, in torch, and its export to ONNX. Only training imports this file, when it runs.

For each token of a passage: its state, the states of the question it attends to, the product of the two and the product
with a summary of the question (as in BiDAF; Seo et al., "Bidirectional Attention Flow for Machine Comprehension", ICLR
2017), five figures of how well the question is matched here, then a bidirectional GRU. What the passage says as a whole
is added to every score, so that a passage without the answer sinks below 0.
"""

import io
import warnings

import torch
from torch import Tensor, nn
from torch.nn import functional

# States are unit rows; multiplied by about sqrt(d) their components have a variance of 1, as the layers expect.
SCALE = 19.0

# Tokens around a token in which the question is looked for: a sentence.
NEIGHBOURHOOD = 31

# The largest inverse document frequencies are about 5.
IDF_SCALE = 0.2


class ReaderNetwork(nn.Module):  # type: ignore[misc]
    """370,000 weights. The states' dimension is the encoder's."""

    def __init__(self, dimension: int, width: int = 112, recurrent: int = 64, dropout: float = 0.2) -> None:
        super().__init__()
        self.passage, self.attended, self.summary = (nn.Linear(dimension, width) for _ in range(3))
        self.pool = nn.Linear(dimension, 1)
        self.sharpness = nn.Parameter(torch.tensor(8.0))
        self.dropout = nn.Dropout(dropout)
        self.merge = nn.Linear(4 * width + 5, width)
        self.recurrent = nn.GRU(width, recurrent, 2, batch_first=True, bidirectional=True, dropout=dropout)
        self.whole = nn.Linear(4 * recurrent + width, 2 * recurrent)
        self.presence = nn.Linear(2 * recurrent, 1)
        self.ends = nn.Linear(2 * recurrent, 2)

    def forward(
        self, passages: Tensor, mask: Tensor, same: Tensor, question: Tensor, asked: Tensor, weights: Tensor
    ) -> Tensor:
        """Scores for beginning and ending the answer at each token, float32 [b, n, 2].

        `passages` [b, n, d] and `question` [b, t, d] are centred unit rows; `mask` bool [b, n] and `asked` bool [b, t]
        say which rows are tokens, `weights` [b, t] are the question's idf, `same` [b, n] that of the identical token.
        """
        cosines = (passages @ question.transpose(1, 2)).masked_fill(~asked[:, None], -1.0)
        attention = torch.softmax((cosines * self.sharpness).masked_fill(~asked[:, None], -1e4), -1)
        seen = torch.relu(attention @ self.attended(self.dropout(question * SCALE)))
        pooled = torch.softmax(self.pool(question * SCALE).squeeze(-1).masked_fill(~asked, -1e4), -1)
        summary = torch.relu(self.summary(self.dropout((pooled[..., None] * question).sum(1) * SCALE)))[:, None]
        own = torch.relu(self.passage(self.dropout(passages * SCALE)))
        matched = self._matched(cosines, mask, asked, weights)
        joined = torch.cat([own, seen, own * seen, own * summary, matched, same[..., None] * IDF_SCALE], -1)
        read, _ = self.recurrent(torch.relu(self.merge(joined)))
        scores: Tensor = self.ends(self.dropout(read)) + self._presence(read, mask, summary)
        return scores.masked_fill(~mask[..., None], -1e4)

    def _matched(self, cosines: Tensor, mask: Tensor, asked: Tensor, weights: Tensor) -> Tensor:
        """How well the question is matched: by the token, around it, in the passage, and on average, [b, n, 4]."""
        share = (weights / weights.sum(-1, keepdim=True).clamp(min=1e-6))[:, None]
        inside = cosines.masked_fill(~mask[..., None], -1.0)
        around = functional.max_pool1d(inside.transpose(1, 2), NEIGHBOURHOOD, 1, NEIGHBOURHOOD // 2).transpose(1, 2)
        asked_too = asked[:, None].to(cosines.dtype)
        best = cosines.amax(-1, keepdim=True)
        near = (around * asked_too * share).sum(-1, keepdim=True)
        whole = (inside.amax(1, keepdim=True) * asked_too * share).sum(-1, keepdim=True).expand_as(best)
        mean = (cosines * asked_too * share).sum(-1, keepdim=True)
        return torch.cat([best, near, whole, mean], -1)

    def _presence(self, read: Tensor, mask: Tensor, summary: Tensor) -> Tensor:
        """Whether the passage holds an answer at all, [b, 1, 1]."""
        tokens = mask[..., None].to(read.dtype)
        strongest = read.masked_fill(~mask[..., None], -1e4).amax(1)
        mean = (read * tokens).sum(1) / tokens.sum(1)
        whole = torch.tanh(self.whole(torch.cat([strongest, mean, summary[:, 0]], -1)))
        return torch.as_tensor(self.presence(whole))[:, None]


class _Served(nn.Module):  # type: ignore[misc]
    """The network as it is served: one question, all of its rows tokens, for several passages."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, passages: Tensor, mask: Tensor, same: Tensor, question: Tensor, weights: Tensor) -> Tensor:
        """Scores float32 [b, n, 2], the question [t, d] and its weights [t] shared by the b passages."""
        rows = passages.shape[0]
        shared, alike = question[None].expand(rows, -1, -1), weights[None].expand(rows, -1)
        return torch.as_tensor(
            self.network(passages, mask, same, shared, torch.ones_like(alike, dtype=torch.bool), alike)
        )


def export(network: ReaderNetwork, dimension: int) -> bytes:
    """The network as ONNX: inputs passages, mask, same, question and weights, output scores."""
    written = io.BytesIO()
    example = (
        torch.zeros(2, 40, dimension),
        torch.ones(2, 40, dtype=torch.bool),
        torch.zeros(2, 40),
        torch.zeros(7, dimension),
        torch.ones(7),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the newer exporter, which needs one more library for the same network
        torch.onnx.export(
            _Served(network).eval(),
            example,
            written,
            input_names=["passages", "mask", "same", "question", "weights"],
            output_names=["scores"],
            dynamic_axes={
                "passages": {0: "b", 1: "n"},
                "mask": {0: "b", 1: "n"},
                "same": {0: "b", 1: "n"},
                "question": {0: "t"},
                "weights": {0: "t"},
                "scores": {0: "b", 1: "n"},
            },
            opset_version=18,
            dynamo=False,
        )
    return written.getvalue()
