"""One request and the head of its answer, as it came. Must not know who asks whom.

The HTTP library reads the address of every redirect, also of one that nobody follows, and a page of a strange network
may write there what is no address at all. So the answer is taken from below that part of it; cookies stay out as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx


@contextmanager
def exchange(http: httpx.Client, transport: httpx.BaseTransport, request: httpx.Request) -> Iterator[httpx.Response]:
    """The response to `request`, built by `http` whose `transport` this is; its body has still to be read.

    httpx.HTTPError, and nothing else but OSError, whatever comes back.
    """
    if http.is_closed:
        raise httpx.CloseError("this client was closed", request=request)
    response = transport.handle_request(request)
    response.request = request
    try:
        yield response
    finally:
        response.close()
