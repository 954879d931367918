"""Checkpoints: how far a training has come, so that one that was interrupted goes on from there."""

import os
from pathlib import Path

import torch
from torch import nn


class Checkpoint:
    """How far a training has come, in one file, which is whole at any moment."""

    def __init__(self, folder: Path, training: str) -> None:
        self.path = folder / "checkpoint.pt"
        self.training = training  # names lessons and course: a checkpoint of another training is not used

    def load(self, trained: nn.Module, optimiser: torch.optim.Optimizer) -> int:
        """Take up the training where it was left; returns the steps that are done."""
        if not self.path.is_file():
            return 0
        stored = torch.load(self.path, weights_only=True)
        if stored["training"] != self.training:
            return 0
        trained.load_state_dict(stored["layers"])
        optimiser.load_state_dict(stored["optimiser"])
        torch.set_rng_state(stored["chance"])
        return int(stored["step"])

    def save(self, trained: nn.Module, optimiser: torch.optim.Optimizer, step: int) -> None:
        """Write the checkpoint anew."""
        stored = {
            "training": self.training,
            "layers": trained.state_dict(),
            "optimiser": optimiser.state_dict(),
            "chance": torch.get_rng_state(),
            "step": step,
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".fresh")
        torch.save(stored, fresh)
        os.replace(fresh, self.path)
