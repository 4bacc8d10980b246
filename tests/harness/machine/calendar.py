"""The dates of the nights: none of them is today's, so that nobody takes the time from this machine."""

from datetime import datetime, timedelta, timezone

EVENING = datetime(2031, 3, 10, 22, tzinfo=timezone.utc)
SOON = EVENING + timedelta(hours=1)
MORNING = EVENING + timedelta(hours=9)
