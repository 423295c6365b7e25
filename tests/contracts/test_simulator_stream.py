"""The live view of the simulator: what a frame looks like on the line, when frames stop, and how they tear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from threading import Thread

import httpx
import pytest
from PIL import Image, UnidentifiedImageError

from station.training.simulator.booth import Booth
from station.training.simulator.streaming import error_part, part, send_frames
from tests.contracts.sbi_service import AUTHORITY, FAST, Client, of_eyes, running

HEAD = b"--BoundaryString\r\nContent-Type:image/jpeg\r\nContent-Length:"


@pytest.fixture(scope="module")
def the_client() -> Iterator[Client]:
    with running() as service:
        made = Client(service.port)
        yield made
        made.close()


@pytest.fixture
def client(the_client: Client) -> Iterator[Client]:
    yield the_client
    the_client.admin("fault", fault="none")
    while any(item["deviceStatus"] == "Busy" for item in the_client.discover()):
        pass  # until the service has seen that nobody looks


def parts(answer: httpx.Response, count: int) -> list[tuple[int, bytes]]:
    """The first frames: what each says of its length, and its bytes. The stream goes on."""
    data = b""
    for chunk in answer.iter_raw():
        data += chunk
        if data.count(HEAD) > count:
            break
    found = []
    for piece in data.split(HEAD)[1 : count + 1]:
        said, frame = piece.split(b"\r\n\r\n", 1)
        found.append((int(said), frame.removesuffix(b"\r\n\r\n")))
    return found


def is_whole(frame: bytes) -> bool:
    try:
        with Image.open(BytesIO(frame), formats=("JPEG",)) as image:
            image.load()
    except (OSError, UnidentifiedImageError):
        return False
    return True


@pytest.mark.parametrize(
    ("device", "sub", "size", "mode"),
    [
        ("2", "2", (1048, 320), "L"),
        ("2", "3", (520, 320), "L"),
        ("1", "3", (968, 360), "L"),
        ("1", "1", (480, 360), "L"),
        ("3", "0", (480, 640), "RGB"),
        ("4", "0", (256, 320), "L"),
    ],
)
def test_frames_are_whole_pictures_of_the_length_they_say(
    client: Client, device: str, sub: str, size: tuple[int, int], mode: str
) -> None:
    with client.stream(device, sub) as answer:
        assert answer.http_version == "HTTP/1.0"
        assert answer.headers["Content-Type"] == "multipart/x-mixed-replace; boundary=--BoundaryString"
        frames = parts(answer, 3)
    assert all(said == len(frame) for said, frame in frames)
    with Image.open(BytesIO(frames[0][1])) as image:
        assert (image.size, image.mode) == (size, mode)
    assert frames[0][1] != frames[2][1], "nobody holds quite still"


def test_of_four_torn_frames_one_is_whole(client: Client) -> None:
    client.admin("fault", type="Face", fault="torn_frames")
    with client.stream("3", "0") as answer:
        frames = parts(answer, 8)
    assert [is_whole(frame) for _, frame in frames] == [False, False, False, True] * 2
    assert frames[0][0] > len(frames[0][1]), "it claims more than it sends"


def test_a_poor_presentation_shows_live(client: Client) -> None:
    with client.stream("4", "0") as answer:
        good = parts(answer, 1)
    client.admin("fault", type="Finger", fault="low_quality")
    while client.state("4") == "Busy":
        pass
    with client.stream("4", "0") as answer:
        assert parts(answer, 1) != good


def test_a_stream_ends_when_its_time_is_up_and_says_so(client: Client) -> None:
    with client.stream("3", "0", timeout="40") as answer:
        data = answer.read()
    assert data.endswith(b'{"errorCode":"609","errorInfo":"Stream timed out"}\r\n\r\n')


def test_a_stream_of_a_device_that_is_pulled_out_says_so(client: Client) -> None:
    with client.stream("3", "0") as answer:
        chunks = answer.iter_raw()
        next(chunks)
        client.admin("fault", type="Face", fault="unplugged")
        data = b"".join(chunks)
    assert data.endswith(b'{"errorCode":"202","errorInfo":"No Device Connected."}\r\n\r\n')


def test_a_watched_device_is_busy_but_captures_and_then_the_stream_ends(client: Client) -> None:
    with client.stream("1", "3") as answer:
        chunks = answer.iter_raw()
        next(chunks)
        assert client.state("1") == "Busy"
        codes: list[str] = []
        asking = Thread(target=lambda: codes.append(client.code(of_eyes())))
        asking.start()
        rest = b"".join(chunks)  # to its end
        asking.join()
    assert codes == ["0"]
    assert b"errorCode" not in rest
    assert client.state("1") == "Ready"


def test_no_frames_come_while_a_capture_runs() -> None:
    booth = Booth(FAST, AUTHORITY)
    device, sent = booth.devices[2], list[bytes]()
    with device.capture():
        send_frames(booth, device, device.open_stream(lambda: False), lambda: (b"frame",), 0.05, sent.append)
    assert sent == [error_part("609")], "nothing but that its time is up"
    send_frames(booth, device, device.open_stream(lambda: False), lambda: (b"frame",), 0.05, sent.append)
    assert part(b"frame") in sent
    booth.close()


def test_a_capture_whose_stream_is_closed_meanwhile_is_stopped() -> None:
    with running(replace(FAST, capture_s=2.0)) as service:
        client = Client(service.port)
        codes: list[str] = []
        with client.stream("1", "3") as answer:
            chunks = answer.iter_raw()
            next(chunks)
            asking = Thread(target=lambda: codes.append(client.code(of_eyes())))
            asking.start()
            while not service.booth.devices[1].captures:
                assert asking.is_alive()
        asking.join()
        assert codes == ["700"]
        client.close()
