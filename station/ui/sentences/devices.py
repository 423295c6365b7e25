"""What a capture device may complain about, and the short hints shown while it is looking."""

from __future__ import annotations

from station.domain.mark import N_

_REPLUG = N_("Unplug the device and plug it in again. The other steps stay open.")
_AGAIN = N_("Press Space to capture again.")
_KEPT = N_("Nothing that was captured is lost. Try it again.")

DEVICES: dict[str, tuple[str, str]] = {
    "device.missing": (N_("The device was not found."), _REPLUG),
    "device.unplugged": (N_("The device stopped answering."), _REPLUG),
    "device.not_open": (N_("The device is not ready yet."), _REPLUG),
    "device.broken": (N_("The device has a fault."), _REPLUG),
    "device.no_answer": (
        N_("The device did not answer its test in time."),
        N_("Switch it off and on, or unplug its USB cable and plug it in again. Then test it once more."),
    ),
    "device.timeout": (N_("Nothing was captured in time."), _AGAIN),
    "device.cancelled": (N_("The capture was stopped."), _AGAIN),
    "device.wrong_part": (
        N_("The device cannot capture this part."),
        N_("Use the device that belongs to this step."),
    ),
    "device.bad_image": (
        N_("The picture from the device cannot be used."),
        N_("Capture again. If it happens again, use another device and report this one."),
    ),
    "device.image_too_large": (N_("The picture from the device is too large."), _AGAIN),
    "device.other_part": (
        N_("The device sent a picture of another finger or eye."),
        N_("Look which hand or eye is asked for, then capture again."),
    ),
    "finger.count": (
        N_("Seen on the glass: {seen}, asked for: {wanted}."),
        N_("Lay all of them flat on the glass. If a finger cannot be captured, make an exception for it."),
    ),
    "lab.crashed": (N_("The picture could not be read."), _KEPT),
    "lab.too_slow": (N_("Reading the picture took too long."), _KEPT),
    "lab.too_large": (
        N_("The picture is too large to be read."),
        N_("Nothing that was captured is lost. Use a smaller picture."),
    ),
    "lab.closed": (N_("The program is being closed."), N_("Nothing that was captured is lost.")),
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
    "iris.lens": N_("A ring around the iris: is a contact lens worn? Take it out"),
}
