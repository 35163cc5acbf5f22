"""Formats that rows are exported in."""
