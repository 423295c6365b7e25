"""What devices with signed answers (SBI) may complain about, and what is wrong with what they sign."""

from __future__ import annotations

from station.domain.mark import N_

_AGAIN = N_("Press Space to capture again.")
_RESTART = N_("Unplug the device, plug it in again and wait half a minute. The other steps stay open.")
_TECHNICIAN = N_("Nothing was taken. Tell the technician; use another device until then.")
_ANOTHER = N_("Nothing was taken. Capture again; if it happens again, use another device and tell the technician.")

SBI: dict[str, tuple[str, str]] = {
    # The device is there but does not do what it should.
    "sbi.no_service": (N_("The program of the device does not run."), _RESTART),
    "sbi.no_answer": (N_("The device does not answer."), _RESTART),
    "sbi.busy": (
        N_("The device is busy."),
        N_("Close other programs that use it, wait a moment, then press Space."),
    ),
    "sbi.not_ready": (
        N_("The device is not ready."),
        N_("Wait until its light is steady, then press Space. If it stays so, unplug it and plug it in again."),
    ),
    "sbi.stopped": (N_("The device stopped the capture by itself."), _AGAIN),
    "sbi.nothing_captured": (
        N_("The device saw nothing that it could capture."),
        N_("Clean the glass, place the fingers or eyes again, then press Space."),
    ),
    "sbi.stalled": (N_("The device shows no picture."), _RESTART),
    "sbi.bad_stream": (N_("The live picture of the device cannot be read."), _RESTART),
    "sbi.refused": (
        N_("The device refused (code {sbi}: {said})."),
        N_("Press Space to try again. If it stays, tell the technician this code."),
    ),
    "sbi.port_taken": (
        N_("Another program has taken the place of the device on this computer."),
        N_("Close other programs or restart the computer. What was captured is kept."),
    ),
    "sbi.not_sbi": (N_("What answers is not the program of a device."), _RESTART),
    # What it sent cannot be taken.
    "sbi.bad_answer": (N_("The answer of the device cannot be read."), _ANOTHER),
    "sbi.answer_too_large": (N_("The device sent far more than a picture."), _ANOTHER),
    "sbi.wrong_parts": (
        N_("Not everything was captured. Missing: {missing}."),
        N_("Place all of them again and press Space. What cannot be captured is entered as an exception."),
    ),
    "sbi.extra_parts": (
        N_("The device sent more than was asked for."),
        N_("Only what is asked for may touch the device. Press Space to capture again."),
    ),
    # What it signs cannot be believed.
    "sbi.bad_signature": (N_("The signature of the device is not right."), _ANOTHER),
    "sbi.broken_chain": (N_("The pictures do not belong to this capture."), _ANOTHER),
    "sbi.replayed": (N_("The device sent an old capture again."), _ANOTHER),
    "sbi.untrusted": (
        N_("This station does not know the maker of the device."),
        N_("Nothing was taken. The technician must install the maker's certificate; use another device until then."),
    ),
    "sbi.certificate_expired": (
        N_("The certificate of the device has expired."),
        N_("Check the date of the computer. If it is right, the device must be renewed: tell the technician."),
    ),
    "sbi.certificate_early": (
        N_("The certificate of the device is not valid yet."),
        N_("Check the date of the computer. If it is right, tell the technician."),
    ),
    "sbi.other_device": (
        N_("Another device answers than the one that was found."),
        N_("Open Devices, look again and choose the device."),
    ),
    "sbi.claimed_twice": (
        N_("Several programs on this computer say that they are this device, and none of them could prove it alone."),
        N_("Close the others or restart the computer. If it stays so, tell the technician: it is not used until then."),
    ),
    "sbi.not_registered": (N_("The device is not registered for use."), _TECHNICIAN),
    "sbi.tampered": (N_("The device says that it was opened or changed."), _TECHNICIAN),
    "sbi.wrong_environment": (N_("The device is set up for another kind of use, such as tests."), _TECHNICIAN),
    "sbi.wrong_purpose": (N_("The device is not set up for recording people."), _TECHNICIAN),
    "sbi.wrong_version": (N_("The device speaks a version that this station does not."), _TECHNICIAN),
}

TURNS: dict[str, str] = {
    "turn.finger-01": N_("Now the right thumb"),
    "turn.finger-02": N_("Now the right index finger"),
    "turn.finger-03": N_("Now the right middle finger"),
    "turn.finger-04": N_("Now the right ring finger"),
    "turn.finger-05": N_("Now the right little finger"),
    "turn.finger-06": N_("Now the left thumb"),
    "turn.finger-07": N_("Now the left index finger"),
    "turn.finger-08": N_("Now the left middle finger"),
    "turn.finger-09": N_("Now the left ring finger"),
    "turn.finger-10": N_("Now the left little finger"),
    "turn.iris-right": N_("Now the right eye"),
    "turn.iris-left": N_("Now the left eye"),
    "turn.right": N_("Now the right hand"),
    "turn.left": N_("Now the left hand"),
    "turn.both": N_("Now both thumbs"),
}
"""Shown while a device captures one thing after another: whose turn it is."""
