"""Where the collector keeps its database when nobody says otherwise."""

from __future__ import annotations

from pathlib import Path


def default_database() -> Path:
    """A file in the user's data folder; neither it nor the folder need exist."""
    import platformdirs

    return platformdirs.user_data_path("localloom") / "collector.db"


def default_database_url() -> str:
    """The same as a URL."""
    return f"sqlite:///{default_database()}"
