"""What is wrong with the files that answering needs.

Fault
├─ BadReader       the span reader (span_reader.onnx, span_reader.json)
└─ BadCalibration  what gives the confidence (calibration.json)
"""

from corpus import Fault


class BadReader(Fault):
    """The span reader is missing, damaged, or of another encoder."""


class BadCalibration(Fault):
    """What turns features into a confidence is missing, damaged, or of another encoder."""
