"""From a question and its hits to an answer that quotes its sources, or a refusal."""
