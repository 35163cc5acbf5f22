"""The commands of `localloom-collector`, one module each; what is heavy is imported when a command runs."""
