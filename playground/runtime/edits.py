"""Live edits of a run and the way back: what each gives, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from playground.base.arrays import Array
from playground.base.errors import InputError
from playground.experiment.assemble import Assembly, build_network
from playground.experiment.config import Experiment
from playground.experiment.reassemble import reassemble
from playground.export.saved import Saved, saved_in
from playground.runtime.past import Arrays, Beside, Moment, Past, Story, is_untouched, returned
from playground.runtime.receipts import (
    receipt_notices,
    subject_of,
    what_was_changed,
    what_was_done,
)
from playground.runtime.saving import histories_of, restored
from playground.telemetry.frames import Notice
from playground.telemetry.recorder import Recorder
from playground.wire.commands import (
    Change,
    Compare,
    Keep,
    Load,
    Redo,
    Reset,
    SetBias,
    SetWeight,
    Undo,
    UseTable,
    apply,
)

Made = Change | UseTable | Load | Reset | Compare | Undo | Redo


@dataclass(frozen=True)
class Edited:
    """What a run goes on with."""

    assembly: Assembly
    is_touched: bool = True
    """Something that is measured may have changed."""
    is_rewound: bool = False
    """Weights and step are those of an earlier moment, or a later one."""
    is_begun: bool = False
    """It is another run, with curves of its own."""
    histories: Arrays | None = None
    beside: Beside | None = None
    """What was compared at the moment it went to."""
    notices: list[Notice] = field(default_factory=list)


class Edits:
    """Makes changes and remembers them. InputError, and no change, for what can't be made."""

    def __init__(self, clock: Callable[[], float], beside: Callable[[], Beside]) -> None:
        self.past = Past()
        self.story = Story()
        self._clock = clock
        self._beside = beside

    def make(self, command: Made, now: Assembly, recorder: Recorder, body: bytes = b"") -> Edited:
        """Do `command` to the run of `now` and `recorder`, which is the caller's to go on with."""
        match command:
            case Undo() | Redo():
                return self._travel(isinstance(command, Undo), now, recorder)
            case Reset() | Compare():
                experiment, _ = apply(command, now.experiment)
                return self._begin(command, Saved(experiment), now, recorder)
            case Load():
                experiment, _ = apply(command, now.experiment)
                saved = saved_in(body) if body else Saved(experiment)
                return self._begin(command, saved, now, recorder)
            case SetWeight() | SetBias():
                return self._set_number(command, now, recorder)
            case _:
                return self._change(command, now, recorder, body)

    def note(self, command: Made | Keep, now: Assembly, recorder: Recorder) -> None:
        """Before `command`, all that is needed to take it back: what is compared, too."""
        self._remember(command, self._standing(what_was_done(command), now, recorder))

    def keep(
        self, command: Keep, kept: Assembly, histories: Arrays, now: Assembly, recorder: Recorder
    ) -> Edited:
        """Go on with the run of `kept`, which was trained beside that of `now`."""
        self.note(command, now, recorder)
        # It began with the weights of its seed, and was changed whenever the run was.
        is_straight = self.story.is_straight and self.story.start is None
        self.story = Story(is_straight=is_straight)
        return Edited(kept, is_rewound=True, histories=histories)

    def _change(
        self, command: Change | UseTable, now: Assembly, recorder: Recorder, body: bytes
    ) -> Edited:
        experiment = now.experiment
        edited, structure = apply(command, experiment)
        table = body if isinstance(command, UseTable) else None
        new = assembled(lambda: reassemble(now, edited, structure, table=table))
        if edited == experiment and new is now:
            return Edited(now, is_touched=False)
        what = what_was_changed(command, experiment, edited)
        if new is now or is_untouched(now.network, new.network):
            moment = replace(self._settings(what, now), experiment=experiment)
        else:
            moment = self._standing(what, now, recorder)
        self._remember(command, moment)
        self._tell_story(experiment, new)
        if not new.receipt:
            return Edited(new, is_touched=new is not now)
        rate = new.trainer.effective_learning_rate
        return Edited(new, notices=receipt_notices(new.receipt, what, rate))

    def _begin(
        self, command: Reset | Compare | Load, saved: Saved, now: Assembly, recorder: Recorder
    ) -> Edited:
        """At step 0, or where the saved run stood."""
        new = assembled(lambda: restored(saved, now.table))
        self.note(command, now, recorder)
        self.story = Story()
        if saved.weights is not None or saved.training is not None:
            self.story = Story(_own_start(new), is_straight=not new.trainer.step)
        return Edited(new, is_rewound=True, is_begun=True, histories=histories_of(saved, new))

    def _set_number(
        self, command: SetWeight | SetBias, now: Assembly, recorder: Recorder
    ) -> Edited:
        apply(command, now.experiment)
        before = self._standing(what_was_done(command), now, recorder)
        source = command.input if isinstance(command, SetWeight) else None
        now.network.set_number(command.layer, source, command.unit, command.value)
        self._remember(command, before)
        self.story = Story(_own_start(now), is_straight=not now.trainer.step)
        return Edited(now)

    def _travel(self, back: bool, now: Assembly, recorder: Recorder) -> Edited:
        """To the moment before the last change, or to the one after it."""
        moment = self.past.nearest(back)
        whole = moment.snapshot is not None
        what, experiment = moment.what, now.experiment
        present = self._standing(what, now, recorder) if whole else self._settings(what, now)
        new = assembled(lambda: returned(moment, now))
        self.past.went(back, present)
        if whole:
            self.story = moment.story
        else:
            self._tell_story(experiment, new)
        where = f"; at step {new.trainer.step:,} again" if whole else ""
        text = f"{'Undone' if back else 'Done again'}: {_lower(what)}{where}."
        told: Notice = {"level": "info", "text": text, "field": None}
        return Edited(
            new,
            new is not now,
            whole,
            histories=moment.histories,
            beside=moment.beside,
            notices=[told],
        )

    def _tell_story(self, before: Experiment, new: Assembly) -> None:
        if not new.trainer.step:
            self.story = Story(_own_start(new))
        elif not _same_numbers(before, new.experiment):
            self.story = replace(self.story, is_straight=False)

    def _remember(self, command: Made | Keep, moment: Moment) -> None:
        self.past.remember(moment, subject_of(command), self._clock())

    def _settings(self, what: str, now: Assembly) -> Moment:
        """The run as it stands, but for its weights."""
        return Moment(what, now.experiment, now.seed, now.table)

    def _standing(self, what: str, now: Assembly, recorder: Recorder) -> Moment:
        """The run as it stands, whole."""
        whole = self._settings(what, now)
        beside = self._beside()
        return replace(
            whole,
            snapshot=now.trainer.snapshot(),
            histories=recorder.dump(),
            story=self.story,
            beside=beside if beside[0] else None,
        )


def assembled(build: Callable[[], Assembly]) -> Assembly:
    """What `build` gives; InputError where memory does not suffice."""
    try:
        return build()
    except MemoryError:
        raise InputError("is too large for this server's memory", "network") from None


def _own_start(now: Assembly) -> Array | None:
    """The parameters at step 0, where they are not those that the seed gives."""
    drawn = build_network(now.experiment, now.dataset, now.seed).parameters
    own = now.network.parameters
    return None if np.array_equal(drawn, own) else own.copy()


def _same_numbers(a: Experiment, b: Experiment) -> bool:
    """Do both train alike from here? When to stop, and the next reset's seed, change no number."""
    stop = a.training.stop
    training = b.training.model_copy(update={"stop": stop})
    return a == b.model_copy(update={"seed": a.seed, "training": training})


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
