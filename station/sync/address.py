"""The address of a central, as somebody typed it: which ones may be used at all."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import httpx

from station.domain.errors import SetupError


def check_address(base_url: str) -> str:
    """The address when it may be used: HTTPS, or plain HTTP to this very machine."""
    try:
        parts = urlsplit(base_url.strip())
        host, _ = parts.hostname, parts.port
        httpx.URL(base_url.strip())
    except (ValueError, httpx.InvalidURL):
        raise SetupError("central.address") from None
    if parts.scheme not in ("https", "http") or not host or parts.query or parts.fragment or parts.username:
        raise SetupError("central.address")
    if parts.scheme == "http" and not _is_loopback(host):
        raise SetupError("central.insecure_address")
    return base_url.strip().rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
