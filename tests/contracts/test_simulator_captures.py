"""What the simulator's devices capture, sign and chain, and how each fault shows to a client."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Event, Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from station.capture.iso19794 import SLAP_LEFT, SLAP_THUMBS, Coding
from station.domain.biometrics import FINGERS, IRISES, LEFT_FOUR, Modality, Part
from station.training.people import PEOPLE, people
from station.training.simulator.booth import person_by_seed
from station.training.simulator.capturing import shown_for
from station.training.simulator.faults import Fault
from station.training.simulator.pictures import Studio
from station.training.strangers import stranger
from tests.contracts.sbi_service import (
    AUTHORITY,
    FAST,
    LEFT,
    THUMBS,
    Client,
    header,
    left_slap,
    of_eyes,
    of_face,
    of_one_finger,
    payload,
    record,
    running,
    unpacked,
)

PERSON = PEOPLE[1]


@pytest.fixture(scope="module")
def the_client() -> Iterator[Client]:
    with running(person=PERSON) as service:
        made = Client(service.port)
        yield made
        made.close()


@pytest.fixture
def client(the_client: Client) -> Iterator[Client]:
    yield the_client
    the_client.admin("fault", fault="none")
    the_client.admin("person", nik=PERSON.nik)


@pytest.fixture(scope="module")
def eyes(the_client: Client) -> list[dict[str, Any]]:
    """A good answer that nobody changes."""
    return the_client.capture(of_eyes(requestedScore="60"))


def verified(token: str) -> x509.Certificate:
    """The certificate that signed `token`; InvalidSignature when it did not."""
    certificate = x509.load_der_x509_certificate(b64decode(header(token)["x5c"][0]))
    signed, signature = token.rsplit(".", 1)
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(unpacked(signature), signed.encode(), padding.PKCS1v15(), SHA256())
    return certificate


# -------------------------------------------------------------------------------------------------------- discovery


@pytest.mark.parametrize(("verb", "version", "other"), [("MOSIPDISC", "0.9.5", "1.0"), ("SBIDISC", "1.0", "0.9.5")])
def test_discovery_names_four_devices_in_either_version(client: Client, verb: str, version: str, other: str) -> None:
    found = client.discover(verb=verb)
    ids = [json.loads(unpacked(item["digitalId"])) for item in found]
    assert [(who["type"], who["deviceSubType"]) for who in ids] == [
        ("Finger", "Slap"),
        ("Iris", "Double"),
        ("Face", "Full face"),
        ("Finger", "Single"),
    ]
    assert [item["deviceSubId"] for item in found] == [["1", "2", "3"], ["1", "2", "3"], ["0"], ["0"]]
    assert all(item["specVersion"] == [version, other] for item in found)
    assert all(len(who["serialNo"]) >= 12 and who["serialNo"].isalnum() for who in ids)
    assert {item["callbackId"] for item in found} == {f"http://127.0.0.1:{client.port}/"}
    assert [item.get("deviceId") for item in found] == (["2", "1", "3", "4"] if version == "0.9.5" else [None] * 4)


def test_only_devices_of_the_wanted_type_answer(client: Client) -> None:
    assert [item["deviceId"] for item in client.discover("Iris")] == ["1"]
    assert [item["error"]["errorCode"] for item in client.discover("Foot")] == ["501"]


@pytest.mark.parametrize("verb", ["MOSIPDINFO", "SBIDINFO"])
def test_each_device_signs_who_it_is(client: Client, verb: str) -> None:
    found = client.ask(verb, "/info", {"type": "Biometric Device"}).json()
    assert len(found) == 4
    for item in found:
        verified(item["deviceInfo"]).verify_directly_issued_by(AUTHORITY.certificate)
        said = payload(item["deviceInfo"])
        verified(said["digitalId"])
        assert (said["deviceStatus"], said["purpose"], said["env"]) == ("Ready", "Registration", "Developer")


def test_what_is_not_registered_signs_nothing(client: Client) -> None:
    client.admin("status", type="Face", deviceStatus="Not Registered")
    item = client.ask("MOSIPDINFO", "/info").json()[2]
    client.admin("status", type="Face", deviceStatus="Ready")
    assert item["error"]["errorCode"] == "100"
    said = json.loads(unpacked(item["deviceInfo"]))
    assert (said["env"], said["deviceId"], said["purpose"]) == ("None", "", "")


# ---------------------------------------------------------------------------------------------------------- captures


def test_a_capture_has_an_item_for_each_part_signed_by_a_device_of_our_authority(eyes: list[dict[str, Any]]) -> None:
    assert [payload(item["data"])["bioSubType"] for item in eyes] == ["Left", "Right"]
    for item in eyes:
        certificate = verified(item["data"])
        certificate.verify_directly_issued_by(AUTHORITY.certificate)
        said = payload(item["data"])
        assert verified(said["digitalId"]) == certificate
        assert payload(said["digitalId"])["serialNo"] == said["deviceCode"]
        assert (said["transactionId"], said["requestedScore"]) == (left_slap()["transactionId"], "60")
        assert abs(datetime.now(UTC) - datetime.fromisoformat(said["timestamp"])) < timedelta(minutes=1)


def test_hashes_chain_the_items_to_each_other_and_to_what_came_before(client: Client) -> None:
    previous = "fd9e1957a0c3318778e4019a5be5e8769bc4158daae99744c86607008bd9bcbc5"[:64]
    for item in client.capture(of_eyes(previousHash=previous)):
        raw = unpacked(payload(item["data"])["bioValue"])
        previous = sha256(bytes.fromhex(previous) + sha256(raw).digest()).hexdigest()
        assert item["hash"] == previous.upper()


def test_the_first_hash_has_the_hash_of_nothing_before_it(eyes: list[dict[str, Any]]) -> None:
    raw = unpacked(payload(eyes[0]["data"])["bioValue"])
    assert eyes[0]["hash"] == sha256(sha256(b"").digest() + sha256(raw).digest()).hexdigest().upper()


def test_pictures_are_records_of_the_standard_with_lossless_jpeg_2000(
    client: Client, eyes: list[dict[str, Any]]
) -> None:
    found = [record(item) for item in (*eyes, *client.capture(of_face()), *client.capture(of_one_finger()))]
    assert [(item.modality, item.position, item.width, item.height) for item in found] == [
        (Modality.IRIS, 2, 640, 480),
        (Modality.IRIS, 1, 640, 480),
        (Modality.FACE, 0, 480, 640),
        (Modality.FINGER, 6, 400, 500),
    ]
    assert {item.coding for item in found} == {Coding.JP2}
    assert found[-1].ppi == 500


def test_version_1_0_names_the_device_by_its_serial_number(client: Client) -> None:
    items = client.capture(of_one_finger(specVersion="1.0", deviceId=None, serialNo="SIMONE1000001"))
    assert [(item["specVersion"], item["additionalInfo"]) for item in items] == [("1.0", [])]
    assert payload(items[0]["data"])["deviceServiceVersion"] == "1.0"


def test_the_score_is_the_devices_own_until_it_is_told_another(client: Client) -> None:
    score = [payload(client.capture(of_one_finger())[0]["data"])["qualityScore"]]
    client.admin("score", type="Finger", qualityScore="12.5", fromIso=False)
    score.append(payload(client.capture(of_one_finger())[0]["data"])["qualityScore"])
    client.admin("score", type="Finger", qualityScore="12.5", fromIso=True)
    score.append(payload(client.capture(of_one_finger())[0]["data"])["qualityScore"])
    assert score == ["44.00", "12.50", "44.00"]


def test_a_part_that_is_not_there_is_waited_for_until_the_time_is_up(client: Client) -> None:
    handless = next(person for person in PEOPLE if person.absent == FINGERS)
    client.admin("person", nik=handless.nik)
    assert client.code(timeout="60") == "701"


def test_a_capture_that_takes_longer_than_the_client_waits_times_out() -> None:
    with running(replace(FAST, capture_s=5.0)) as service:
        client = Client(service.port)
        assert client.code(of_face(timeout="60")) == "701"
        client.close()


# ------------------------------------------------------------------------------------------------------------ people


def test_the_same_seed_has_the_same_pixels_in_every_process_and_another_has_others() -> None:
    studios = [Studio(PEOPLE[number], ahead=False) for number in (1, 1, 2)]
    try:
        for part in (Part.FINGER_02, Part.IRIS_LEFT):
            first, again, other = (studio.take(part).jp2 for studio in studios)
            assert first == again
            assert first != other
            assert studios[0].take(part).jp2 == studios[1].take(part).jp2
    finally:
        for studio in studios:
            studio.close()


def test_each_take_of_a_finger_differs_a_little_and_counting_begins_anew_with_each_person(client: Client) -> None:
    first, second = (record(client.capture(of_one_finger())[0]).data for _ in range(2))
    assert first != second
    client.admin("person", nik=PERSON.nik)
    assert record(client.capture(of_one_finger())[0]).data == first


def test_a_person_is_known_by_their_seed() -> None:
    somebody = list(people(4, seed=17))[3]
    assert person_by_seed(somebody.seed) == somebody
    assert person_by_seed(PEOPLE[2].seed) is PEOPLE[2]


@pytest.mark.parametrize(
    "who", ["9901012204620001", "9901016204630001", "9999017112090099", "1101010000000000", "op-1"]
)
def test_the_simulator_draws_whoever_training_says_has_come(who: str) -> None:
    assert person_by_seed(stranger(who).seed) == stranger(who)


# ------------------------------------------------------------------------------------------------------------ faults


def test_a_fault_counts_down_and_is_over(client: Client) -> None:
    client.admin("fault", type="Face", fault="bad_signature", times=2)
    for good in (False, False, True):
        token = client.capture(of_face())[0]["data"]
        if good:
            verified(token)
        else:
            with pytest.raises(InvalidSignature):
                verified(token)


def test_a_fault_of_one_kind_of_device_spares_the_others(client: Client) -> None:
    client.admin("fault", type="Iris", fault="busy")
    assert (client.code(of_eyes()), client.code(of_face())) == ("703", "0")
    client.admin("fault", type="Iris", fault="busy", times=0)
    assert client.code(of_eyes()) == "0"


def test_a_busy_device_says_so_and_is_free_after_as_many_questions(client: Client) -> None:
    client.admin("fault", type="Face", fault="busy", times=1)
    assert client.state("3") == "Busy"
    assert [client.code(of_face()) for _ in range(2)] == ["703", "0"]


def test_an_expired_certificate_is_of_our_authority_and_over(client: Client) -> None:
    client.admin("fault", type="Face", fault="expired_certificate", times=1)
    certificate = verified(client.capture(of_face())[0]["data"])
    certificate.verify_directly_issued_by(AUTHORITY.certificate)
    assert certificate.not_valid_after_utc < datetime.now(UTC)


def test_an_unknown_authority_has_our_name_and_not_our_key(client: Client) -> None:
    client.admin("fault", type="Face", fault="unknown_authority", times=1)
    certificate = verified(client.capture(of_face())[0]["data"])
    assert certificate.issuer == AUTHORITY.certificate.subject
    with pytest.raises(InvalidSignature):
        certificate.verify_directly_issued_by(AUTHORITY.certificate)


def test_a_skewed_clock_is_seventeen_minutes_ahead(client: Client) -> None:
    client.admin("fault", type="Face", fault="clock_skew", times=1)
    said = payload(client.capture(of_face())[0]["data"])
    ahead = datetime.fromisoformat(said["timestamp"]) - datetime.now(UTC)
    assert timedelta(minutes=16) < ahead < timedelta(minutes=18)


def test_poor_pictures_are_scored_low(client: Client) -> None:
    good = record(client.capture(of_eyes())[0])
    client.admin("fault", type="Iris", fault="low_quality", times=1)
    poor = client.capture(of_eyes())[0]
    assert float(payload(poor["data"])["qualityScore"]) < 40
    assert record(poor).data != good.data


def test_three_of_four_have_come(client: Client) -> None:
    client.admin("fault", type="Finger", fault="three_of_four", times=1)
    items = client.capture(deviceSubId="3", count="2", bioSubType=list(THUMBS))
    assert [payload(item["data"])["bioSubType"] for item in items] == ["Left Thumb"]


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (Fault.THREE_OF_FOUR, {7: 7, 9: 9, 10: 10}),
        (Fault.WRONG_HAND, {7: 2, 8: 3, 9: 4, 10: 5}),
        (Fault.SAME_FINGER, {7: 7, 8: 7, 9: 9, 10: 10}),
        (Fault.TORN_FRAMES, {7: 7, 8: 8, 9: 9, 10: 10}),
    ],
)
def test_what_lies_on_the_glass_is_named_as_was_asked(fault: Fault, shown: dict[int, int]) -> None:
    found = shown_for(LEFT_FOUR, {fault})
    assert {part.position: other.position for part, other in found.items()} == shown


def test_alone_the_same_finger_is_its_neighbour_and_the_same_eye_the_other() -> None:
    assert shown_for((Part.FINGER_06,), {Fault.SAME_FINGER}) == {Part.FINGER_06: Part.FINGER_07}
    assert shown_for((Part.FINGER_02,), {Fault.SAME_FINGER}) == {Part.FINGER_02: Part.FINGER_01}
    assert shown_for(IRISES, {Fault.WRONG_HAND}) == {
        Part.IRIS_RIGHT: Part.IRIS_LEFT,
        Part.IRIS_LEFT: Part.IRIS_RIGHT,
    }


def test_the_same_finger_twice_is_two_pictures_of_it(client: Client) -> None:
    client.admin("fault", type="Finger", fault="same_finger", times=1)
    items = client.capture(deviceSubId="3", count="2", bioSubType=list(THUMBS))
    first, second = (record(item) for item in items)
    assert (first.position, second.position) == (6, 1)
    assert first.data != second.data


@pytest.mark.parametrize(("sub", "names", "position"), [("1", LEFT, SLAP_LEFT), ("3", THUMBS, SLAP_THUMBS)])
def test_a_whole_slap_is_one_picture_without_a_name(
    client: Client, sub: str, names: tuple[str, ...], position: int
) -> None:
    client.admin("fault", type="Finger", fault="whole_slap", times=1)
    items = client.capture(deviceSubId=sub, count=str(len(names)), bioSubType=list(names))
    assert [payload(item["data"])["bioSubType"] for item in items] == ["UNKNOWN"]
    found = record(items[0])
    assert (found.position, found.width, found.height, found.ppi) == (position, 1600, 1500, 500)


def test_pulled_out_in_the_middle_it_is_gone_until_it_is_plugged_in_again(client: Client) -> None:
    client.admin("fault", type="Iris", fault="unplug", times=1)
    assert client.state("1") == "Ready"
    assert client.code(of_eyes()) == "106"
    assert "1" not in [item["deviceId"] for item in client.discover()]
    assert client.discover("Iris")[0]["error"]["errorCode"] == "503"
    assert client.ask("STREAM", "/stream", {"deviceId": "1", "deviceSubId": "3"}).json()["errorCode"] == "202"
    client.admin("fault", type="Iris", fault="unplug", times=0)
    assert client.code(of_eyes()) == "0"


def test_a_device_that_hangs_answers_nobody_until_the_client_leaves() -> None:
    with running() as service:
        client, other = Client(service.port), Client(service.port)
        client.admin("fault", type="Face", fault="hang", times=1)
        left = Event()

        def wait() -> None:
            try:
                client._http.request("RCAPTURE", f"http://127.0.0.1:{client.port}/capture", json=of_face(), timeout=0.5)
            except Exception:  # noqa: BLE001  # whatever the client says of an answer that does not come
                left.set()

        thread = Thread(target=wait)
        thread.start()
        while other.state("3") != "Busy":
            assert thread.is_alive()
        thread.join()
        assert left.is_set()
        while other.state("3") == "Busy":
            pass  # until the service has seen that nobody waits
        assert other.code(of_face()) == "0"
        client.close()
        other.close()


def test_another_program_takes_the_port_and_the_service_moves() -> None:
    with running() as service:
        client = Client(service.port)
        assert client.admin("fault", fault="port_taken") == "0"
        assert service.port != client.port
        answer = client.ask("MOSIPDISC", "/device", {"type": "Face"})
        assert "html" in answer.headers["Content-Type"]
        moved = Client(service.port)
        assert moved.discover("Face")[0]["callbackId"] == f"http://127.0.0.1:{service.port}/"
        assert moved.admin("fault", fault="none") == "0"
        client.close()
        moved.close()
