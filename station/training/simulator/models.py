"""The devices of the simulator as their labels say: ids, sub ids, serial numbers, models.

It must not know their state or what they show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from station.capture.sbi.names import TIME_FORMAT, TYPE_OF, DeviceSub, SubType
from station.domain.biometrics import Modality

MAKE = "CONTOH"
PROVIDER = "CONTOH"
PROVIDER_ID = "CONTOH.LATIHAN"


@dataclass(frozen=True)
class Model:
    """One device. `score` is what it says of a good picture."""

    device_id: str
    modality: Modality
    sub_type: SubType
    subs: tuple[DeviceSub, ...]
    serial: str
    model: str
    score: float

    @property
    def type(self) -> str:
        return TYPE_OF[self.modality]

    @property
    def firmware(self) -> str:
        return f"CONTOH.{self.serial[3:7]}.1.0.0"

    def digital_id(self, at: datetime) -> dict[str, str]:
        """What a digital id says, at a moment."""
        return {
            "serialNo": self.serial,
            "make": MAKE,
            "model": self.model,
            "type": self.type,
            "deviceSubType": self.sub_type.value,
            "deviceProvider": PROVIDER,
            "deviceProviderId": PROVIDER_ID,
            "dateTime": at.strftime(TIME_FORMAT),
        }


_HALVES = (DeviceSub.LEFT, DeviceSub.RIGHT, DeviceSub.BOTH)
"""A single finger device takes any one of them, whatever its sub id."""


def models(number: int = 1) -> tuple[Model, ...]:
    """The set with the serial number `number`, in the order in which discovery names them."""
    tail = f"{number:06d}"
    return (
        Model(
            "2", Modality.FINGER, SubType.SLAP, _HALVES, f"SIMSLAP{tail}", "Pemindai Sidik Jari 4-4-2 (simulasi)", 44.0
        ),
        Model("1", Modality.IRIS, SubType.DOUBLE, _HALVES, f"SIMIRIS{tail}", "Kamera Iris Dua Mata (simulasi)", 78.0),
        Model(
            "3",
            Modality.FACE,
            SubType.FULL_FACE,
            (DeviceSub.UNKNOWN,),
            f"SIMFACE{tail}",
            "Kamera Wajah (simulasi)",
            90.0,
        ),
        Model(
            "4",
            Modality.FINGER,
            SubType.SINGLE,
            (DeviceSub.UNKNOWN,),
            f"SIMONE1{tail}",
            "Pemindai Satu Jari (simulasi)",
            44.0,
        ),
    )
