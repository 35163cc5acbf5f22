"""The probed process, seen from inside: takes a job, runs it, reports over a pipe. Standard library only."""
