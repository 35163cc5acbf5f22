"""The supervisor: starts the probed process, watches it from outside, and turns what it sees into events."""
