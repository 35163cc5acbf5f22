"""Shapes of requests, answers and errors."""
