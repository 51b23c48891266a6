"""Live edits of a run and the way back: what each gives, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from playground.base.errors import InputError
from playground.experiment.assemble import Assembly
from playground.experiment.reassemble import reassemble
from playground.runtime.past import Arrays, Moment, Past, begun, is_untouched, returned
from playground.runtime.receipts import receipt_notices, subject_of, what_was_done
from playground.telemetry.frames import Notice
from playground.telemetry.recorder import Recorder
from playground.wire.commands import Change, Redo, Reset, SetBias, SetWeight, Undo, apply


@dataclass(frozen=True)
class Edited:
    """What a run goes on with."""

    assembly: Assembly
    is_touched: bool = True
    """Something that is measured may have changed."""
    is_rewound: bool = False
    """Weights and step are those of an earlier moment, or a later one."""
    histories: Arrays | None = None
    notices: list[Notice] = field(default_factory=list)


class Edits:
    """Makes changes and remembers them. InputError, and no change, for what can't be made."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.past = Past()
        self._clock = clock

    def make(
        self, command: Change | Undo | Redo | Reset, now: Assembly, recorder: Recorder
    ) -> Edited:
        """Do `command` to the run of `now` and `recorder`, which is the caller's to go on with."""
        match command:
            case Undo() | Redo():
                return self._travel(isinstance(command, Undo), now, recorder)
            case Reset():
                return self._reset(command, now, recorder)
            case SetWeight() | SetBias():
                return self._set_number(command, now, recorder)
            case _:
                return self._change(command, now, recorder)

    def _change(self, command: Change, now: Assembly, recorder: Recorder) -> Edited:
        experiment = now.experiment
        edited, structure = apply(command, experiment)
        new = assembled(lambda: reassemble(now, edited, structure))
        if edited == experiment:
            return Edited(now, is_touched=False)
        what = what_was_done(command)
        if new is now or is_untouched(now.network, new.network):
            self._remember(command, replace(settings_of(what, now), experiment=experiment))
        else:
            self._remember(command, standing(what, now, recorder))
        if not new.receipt:
            return Edited(new, is_touched=new is not now)
        rate = new.trainer.effective_learning_rate
        return Edited(new, notices=receipt_notices(new.receipt, command, rate))

    def _reset(self, command: Reset, now: Assembly, recorder: Recorder) -> Edited:
        experiment, _ = apply(command, now.experiment)
        new = assembled(lambda: begun(experiment, now.table))
        self._remember(command, standing(what_was_done(command), now, recorder))
        return Edited(new, is_rewound=True)

    def _set_number(
        self, command: SetWeight | SetBias, now: Assembly, recorder: Recorder
    ) -> Edited:
        apply(command, now.experiment)
        before = standing(what_was_done(command), now, recorder)
        source = command.input if isinstance(command, SetWeight) else None
        now.network.set_number(command.layer, source, command.unit, command.value)
        self._remember(command, before)
        return Edited(now)

    def _travel(self, back: bool, now: Assembly, recorder: Recorder) -> Edited:
        """To the moment before the last change, or to the one after it."""
        moment = self.past.nearest(back)
        whole = moment.snapshot is not None
        present = standing(moment.what, now, recorder) if whole else settings_of(moment.what, now)
        new = assembled(lambda: returned(moment, now))
        self.past.went(back, present)
        where = f"; at step {new.trainer.step:,} again" if whole else ""
        text = f"{'Undone' if back else 'Done again'}: {_lower(moment.what)}{where}."
        told: Notice = {"level": "info", "text": text, "field": None}
        return Edited(new, new is not now, whole, moment.histories, [told])

    def _remember(self, command: Change | Reset, moment: Moment) -> None:
        self.past.remember(moment, subject_of(command), self._clock())


def settings_of(what: str, now: Assembly) -> Moment:
    """The run as it stands, but for its weights."""
    return Moment(what, now.experiment, now.seed, now.table)


def standing(what: str, now: Assembly, recorder: Recorder) -> Moment:
    """The run as it stands, whole."""
    snapshot, histories = now.trainer.snapshot(), recorder.dump()
    return Moment(what, now.experiment, now.seed, now.table, snapshot, histories)


def assembled(build: Callable[[], Assembly]) -> Assembly:
    """What `build` gives; InputError where memory does not suffice."""
    try:
        return build()
    except MemoryError:
        raise InputError("is too large for this server's memory", "network") from None


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
