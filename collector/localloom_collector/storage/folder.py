"""Makes the folder of the default database; a folder that somebody named is theirs to make, and may be a slip."""

from __future__ import annotations

from sqlalchemy import URL

from localloom_collector.faults import DatabaseFault
from localloom_collector.locations import default_database

from .engine import sqlite_file


def make_default_folder(url: URL) -> None:
    """Make the folder of `url`'s file if that is the default one.

    Raises:
        DatabaseFault: it cannot be made.
    """
    file = sqlite_file(url)
    if file is None or file != default_database():
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseFault(
            f"the folder {file.parent} cannot be made: {error.strerror}; give another database with --database-url"
        ) from None
