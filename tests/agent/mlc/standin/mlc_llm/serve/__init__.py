"""The part that serves a model."""
