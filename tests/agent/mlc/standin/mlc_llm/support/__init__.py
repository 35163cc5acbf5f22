"""What supports the engine."""
