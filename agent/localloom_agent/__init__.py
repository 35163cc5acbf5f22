"""The agent: probes a local LLM on the machine it runs on, and delivers what it saw."""
