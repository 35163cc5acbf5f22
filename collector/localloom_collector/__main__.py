"""Runs the command line: `python -m localloom_collector`."""

from localloom_collector.cli import main

main(prog_name="localloom-collector")
