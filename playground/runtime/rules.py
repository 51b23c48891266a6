"""When a run ends by itself: the experiment's stop rules, asked at the end of each epoch."""

from __future__ import annotations

from playground.engine.stopping import Stopping
from playground.experiment.assemble import Assembly


class StopRules:
    """The rules of one run, and the epoch whose end they were told last."""

    def __init__(self, assembly: Assembly) -> None:
        self.stopping: Stopping = assembly.stopping()
        self.told_epoch = assembly.trainer.epoch

    def steps(self, assembly: Assembly) -> int | None:
        """How many steps may be taken before the rules have to be asked; None: any number."""
        stopping, trainer = self.stopping, assembly.trainer
        if not stopping.is_set:
            return None
        epochs = 1
        if not stopping.needs_loss:
            epochs = max(1, (stopping.max_epochs or 0) - trainer.epoch)
        return epochs * trainer.steps_per_epoch - trainer.position

    def verdict(self, assembly: Assembly, *, again: bool = False) -> str | None:
        """Why to stop here, or None: at the end of an epoch that was not told, or `again`.

        With patience, whichever rule holds, the whole state of the best epoch comes back.
        """
        stopping, trainer = self.stopping, assembly.trainer
        is_new = trainer.position == 0 and trainer.epoch != self.told_epoch
        if not (stopping.is_set and (is_new or again)):
            return None
        self.told_epoch = trainer.epoch
        training = watched = 0.0
        if stopping.needs_loss:
            training = assembly.loss(assembly.dataset.train) or 0.0
            watched = assembly.loss(assembly.watched) or 0.0
        reason = stopping.tell(trainer.epoch, training, watched)
        if stopping.is_best(trainer.epoch):
            stopping.best = trainer.snapshot()
        elif reason and stopping.best is not None:
            trainer.restore(stopping.best)
            return stopping.with_best(reason)
        return reason
