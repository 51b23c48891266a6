"""A session as the database keeps it, and back: its newest checkpoint, its keys, its generation."""

from __future__ import annotations

import json

from playground.base.errors import InputError, StoreError
from playground.experiment.config import Experiment
from playground.runtime.journal import Journal
from playground.runtime.keys import Keys
from playground.runtime.pictures import Transmit
from playground.runtime.session import Session
from playground.store.schema import Kept


def row_of(session: Session) -> Kept:
    """What is kept of it."""
    checkpoint, body = session.journal.checkpoint
    words = {
        "generation": session.generation,
        "set_aside": session.is_set_aside,
        "experiment": None if checkpoint else session.journal.origin.dump(),
        "checkpoint": checkpoint,
    }
    keys = session.keys
    text = json.dumps(words, separators=(",", ":"))
    return Kept(session.id, keys.owner_hash, keys.view_hash, text, body)


def keys_of(kept: Kept) -> Keys:
    """Who may open it."""
    return Keys(kept.owner_hash, kept.view_hash)


def session_of(kept: Kept, slot: int, transmit: Transmit) -> Session:
    """The session as it stood, in a generation of its own. StoreError where it can't be read."""
    try:
        words = json.loads(kept.words)
        checkpoint = words["checkpoint"]
        experiment = Experiment.parse((checkpoint or words)["experiment"])
        session = Session(experiment, slot, transmit, keys_of(kept), kept.id)
        session.journal = Journal.resumed(experiment, checkpoint, kept.body)
        session.generation = words["generation"] + 1
        session.is_set_aside = words["set_aside"]
        if checkpoint:
            session.run_state, session.speed = checkpoint["run_state"], checkpoint["speed"]
            session.step, session.epoch = checkpoint["step"], checkpoint["epoch"]
            session.diverged = checkpoint["diverged"]
    except (ValueError, KeyError, TypeError, InputError) as error:
        raise StoreError(f"what was kept of this session can't be read ({error})") from None
    return session
