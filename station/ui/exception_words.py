"""Why a finger or an eye cannot be captured, in plain and considerate words. Knows no widget."""

from __future__ import annotations

from station.domain.biometrics import BiometricException, ExceptionCode
from station.domain.mark import N_
from station.i18n import _
from station.ui.form.date_entry import shown_date

_CODES: dict[ExceptionCode, tuple[str, str]] = {
    ExceptionCode.ABSENT: (N_("Not there"), N_("The finger, hand or eye is missing, since birth or later.")),
    ExceptionCode.STIFF: (N_("Cannot be laid flat"), N_("Stiff or bent: the glass is not reached, also with help.")),
    ExceptionCode.BLIND: (N_("Does not see with it"), N_("The iris does not show or does not follow.")),
    ExceptionCode.CATARACT: (N_("Clouded lens"), N_("A cataract covers the pattern of the iris.")),
    ExceptionCode.WOUND: (N_("Wound, heals"), N_("For now only: the person is invited again.")),
    ExceptionCode.BANDAGE: (N_("Bandage or plaster"), N_("For now only: the person is invited again.")),
    ExceptionCode.MOVEMENT: (N_("Cannot hold still"), N_("Also with patience and help there is no clear picture.")),
    ExceptionCode.MEDICAL: (N_("Other medical cause"), N_("It cannot be captured; more need not be told.")),
}


def code_name(code: ExceptionCode) -> str:
    """The kind of cause, as it stands in a list."""
    return _(_CODES[code][0])


def code_meaning(code: ExceptionCode) -> str:
    """One sentence that helps to choose it."""
    return _(_CODES[code][1])


def told(exception: BiometricException) -> str:
    """For the operator only: the cause, the day to come again, and that nobody has approved it yet."""
    name = code_name(exception.code)
    if exception.invite_again:
        name = _("{cause}, invited again {day}").format(cause=name, day=shown_date(exception.invite_again))
    return name if exception.approved_by else _("{cause} · waits for a second officer").format(cause=name)
