"""When to stop: epochs, a target loss, or patience with the validation loss."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from playground.base.arrays import Array


@dataclass
class Stopping:
    """Told the losses after each epoch. `patience` counts epochs without a new lowest validation
    loss (training loss where there is no validation set).
    """

    max_epochs: int | None = None
    target_loss: float | None = None
    patience: int | None = None
    best_loss: float = inf
    best_epoch: int = 0
    best: dict[str, Array] | None = None

    @property
    def is_set(self) -> bool:
        return not (self.max_epochs is None and self.target_loss is None and self.patience is None)

    @property
    def needs_loss(self) -> bool:
        """Whether the losses matter, or the epoch alone decides."""
        return self.target_loss is not None or self.patience is not None

    def tell(self, epoch: int, training_loss: float, watched_loss: float) -> str | None:
        """Why to stop now, or None. `watched_loss` is what patience watches."""
        # The best is noted before any rule may end the run: its last epoch can be its best.
        if self.patience is not None and watched_loss < self.best_loss:
            self.best_loss, self.best_epoch = watched_loss, epoch
        if self.target_loss is not None and training_loss <= self.target_loss:
            return f"the training loss reached {self.target_loss:g}"
        if self.patience is not None and epoch - self.best_epoch >= self.patience:
            return f"no lower loss for {self.patience} epochs"
        if self.max_epochs is not None and epoch >= self.max_epochs:
            return f"{self.max_epochs} epochs are done"
        return None

    def with_best(self, reason: str) -> str:
        """`reason`, which may be any rule's, where the best epoch's weights were put back."""
        return f"{reason}; the weights of epoch {self.best_epoch}, the best, are back"

    def is_best(self, epoch: int) -> bool:
        """Whether the epoch just told is the best so far, and its weights worth keeping."""
        return self.patience is not None and self.best_epoch == epoch
