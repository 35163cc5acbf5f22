"""What stops the agent itself, as opposed to what a probe finds."""

EXIT_FOUND, EXIT_AGENT, EXIT_CANCELLED = 1, 3, 130


class AgentFault(Exception):
    """The agent could not do its work. Its text says what happened, to what, and what to do; the exit code is 3."""
