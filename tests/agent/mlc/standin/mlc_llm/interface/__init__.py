"""What the command line and the engine share."""
