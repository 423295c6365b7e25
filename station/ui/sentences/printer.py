"""What a printer may complain about. Nothing is lost by it: every paper can be made again."""

from __future__ import annotations

from station.domain.mark import N_

PRINTER: dict[str, tuple[str, str]] = {
    "printer.missing": (
        N_("There is no printer on this computer."),
        N_("Save the paper as PDF and print it elsewhere. The recording goes on without it."),
    ),
    "printer.not_ready": (
        N_("The printer is not ready."),
        N_("Look at paper, cover and cable, then press Print again. Or save the paper as PDF."),
    ),
    "printer.refused": (
        N_("The printer did not take the paper."),
        N_("Switch it off and on, then press Print again. Or save the paper as PDF."),
    ),
    "printer.not_saved": (
        N_("The PDF could not be saved there."),
        N_("Choose another folder or stick with free space, then save again."),
    ),
}
