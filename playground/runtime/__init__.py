"""Runs and the processes that hold them: state machine, worker, supervisor, sessions, outbox."""
