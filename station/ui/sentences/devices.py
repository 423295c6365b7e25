"""What a capture device may complain about, and the short hints shown while it is looking."""

from __future__ import annotations

from station.domain.mark import N_

_REPLUG = N_("Unplug the device and plug it in again. The other steps stay open.")
_AGAIN = N_("Press Space to capture again.")

DEVICES: dict[str, tuple[str, str]] = {
    "device.missing": (N_("The device was not found."), _REPLUG),
    "device.unplugged": (N_("The device stopped answering."), _REPLUG),
    "device.not_open": (N_("The device is not ready yet."), _REPLUG),
    "device.broken": (N_("The device has a fault."), _REPLUG),
    "device.timeout": (N_("Nothing was captured in time."), _AGAIN),
    "device.cancelled": (N_("The capture was stopped."), _AGAIN),
    "device.wrong_part": (
        N_("The device cannot capture this part."),
        N_("Use the device that belongs to this step."),
    ),
    "device.bad_image": (N_("The picture from the device cannot be used."), _AGAIN),
    "device.image_too_large": (N_("The picture from the device is too large."), _AGAIN),
}

HINTS: dict[str, str] = {
    "finger.none": N_("No finger on the glass"),
    "finger.dry": N_("Dry finger: moisten it a little"),
    "finger.wet": N_("Wet finger: dry it, press more lightly"),
    "finger.partial": N_("Place the whole finger in the middle"),
    "iris.none": N_("No eye seen: look into the mirror"),
    "iris.visible": N_("Open the eyes wider"),
    "iris.sharpness": N_("Hold still"),
    "iris.contrast": N_("Turn away from the bright light"),
    "iris.size": N_("Come a little closer"),
    "face.dark": N_("Too dark: more light from the front"),
    "face.bright": N_("Too bright: turn away from the light"),
    "face.blurred": N_("Not sharp: hold still"),
}
