"""Reads points in time as people write them: "7d", "12h", "2026-05-01", "2026-05-01T12:00".

Days and weeks are whole ones: 7d is the midnight (UTC) that began the day a week ago, as a date is one; reports then
add up days that are counted already. Hours, minutes and seconds are exact.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, timezone

_AGO = re.compile(r"(\d+)\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_moment(text: str, now: datetime) -> datetime:
    """A time so long before `now`, or an ISO date or time; without a zone it is UTC.

    Raises:
        ValueError: neither.
    """
    ago = _AGO.fullmatch(text.strip().lower())
    try:
        if ago:
            moment = now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
            if ago[2] in "dw":
                moment = datetime.combine(moment.astimezone(timezone.utc).date(), time(), timezone.utc)
            return moment
        # Python 3.10 does not read the Z.
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00").replace("z", "+00:00"))
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no time; write 7d, 12h, 30m or 2026-05-01") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
