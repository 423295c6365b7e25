"""Numbers, sizes, dates and spans as people here read them: 05-07-1990, 14.05, 6,4 MB, 1.482. Knows no widget.

Dates and times are written alike in every language; numbers as the language in use writes them (6.4 MB, 1,482).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from station.domain.form import parse_date
from station.domain.nik import is_sixteen_digits
from station.i18n import _, language

_KB = 1000


def day(value: date | datetime) -> str:
    """`05-07-1990`; a moment is shown in this computer's zone."""
    local = value.astimezone() if isinstance(value, datetime) else value
    return f"{local:%d-%m-%Y}"


def iso_day(value: str) -> str:
    """A stored date as read; what is no date is shown as it is."""
    parsed = parse_date(value)
    return day(parsed) if parsed else value


def clock(moment: datetime, *, seconds: bool = False) -> str:
    """`14.05` or `14.05.09` in this computer's zone."""
    return f"{moment.astimezone():%H.%M.%S}" if seconds else f"{moment.astimezone():%H.%M}"


def when(moment: datetime, now: datetime) -> str:
    """`today 09.12`, `yesterday 16.38` or `18-11-2026 10.44`."""
    days = (now.astimezone().date() - moment.astimezone().date()).days
    if days == 0:
        return _("today {time}").format(time=clock(moment))
    if days == 1:
        return _("yesterday {time}").format(time=clock(moment))
    return f"{day(moment)} {clock(moment)}"


def since(moment: datetime, now: datetime) -> str:
    """`since 08.12` today, otherwise with the day."""
    same_day = now.astimezone().date() == moment.astimezone().date()
    text = clock(moment) if same_day else f"{moment.astimezone():%d-%m} {clock(moment)}"
    return _("since {time}").format(time=text)


def span(length: timedelta) -> str:
    """A length of time in its largest sensible unit: `12 s`, `3 min`, `5 h`, `4 days`."""
    seconds = max(0, round(length.total_seconds()))
    if seconds < 60:
        return _("{n} s").format(n=seconds)
    if seconds < 3600:
        return _("{n} min").format(n=round(seconds / 60))
    if seconds < 2 * 86400:
        return _("{n} h").format(n=round(seconds / 3600))
    return _("{n} days").format(n=thousands(round(seconds / 86400)))


def hours(length: timedelta) -> str:
    """Hours and minutes: `7 h 20 min`; less than an hour as minutes."""
    minutes = max(0, round(length.total_seconds() / 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    whole, rest = _("{n} h").format(n=minutes // 60), _("{n} min").format(n=minutes % 60)
    return f"{whole} {rest}" if minutes % 60 else whole


def countdown(length: timedelta) -> str:
    """`00.47`: minutes and seconds until something happens; hours in front when there are any."""
    seconds = max(0, round(length.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    tail = f"{rest // 60:02d}.{rest % 60:02d}"
    return f"{hours}.{tail}" if hours else tail


def size(size_bytes: int) -> str:
    """`243 KB`, `6,4 MB`, `1,2 GB`."""
    if size_bytes < _KB:
        return f"{size_bytes} B"
    if size_bytes < _KB**2:
        return f"{round(size_bytes / _KB)} KB"
    unit, name = (_KB**2, "MB") if size_bytes < _KB**3 else (_KB**3, "GB")
    return f"{decimal(size_bytes / unit)} {name}"


def rate(bytes_per_s: float) -> str:
    """`48 KB/s`."""
    return _("{size}/s").format(size=size(round(bytes_per_s)))


def decimal(number: float) -> str:
    """`4,1`; in English `4.1`."""
    text = f"{number:.1f}"
    return text if language() == "en" else text.replace(".", ",")


def thousands(number: int) -> str:
    """`1.482`; in English `1,482`."""
    text = f"{number:,}"
    return text if language() == "en" else text.replace(",", ".")


def percent(part: int, whole: int) -> str:
    """`62 %`, rounded down: 100 % is only said when everything is there."""
    return f"{part * 100 // whole if whole else 0} %"


def grouped(number: str) -> str:
    """A NIK or family card number in groups of four."""
    return " ".join(number[at : at + 4] for at in range(0, 16, 4)) if is_sixteen_digits(number) else number
