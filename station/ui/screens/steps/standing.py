"""How a draft stands: the sign of each step and the checks beside the form. Computed, never stored; knows no widget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from station.domain.biometrics import FINGERS, IRISES
from station.domain.draft import Draft
from station.domain.steps import Step
from station.i18n import _, ngettext
from station.ui.form.field_box import REQUIRED
from station.ui.widgets.checks_card import Check


def step_tones(draft: Draft, *, doubled: bool, weak: Iterable[Step]) -> Mapping[Step, str]:
    """`ok` done, `warn` needs attention, `off` open."""
    tones = {step: "ok" if draft.done(step) else "off" for step in Step}
    doubts = draft.open_warnings != draft.open_papers
    if any(item.code != REQUIRED for item in draft.errors) or doubts or draft.refused:
        tones[Step.BIODATA] = "ok" if draft.done(Step.BIODATA) else "warn"
    if doubled or draft.open_papers or any(item.field == "nik" and item.code != REQUIRED for item in draft.errors):
        tones[Step.APPLICANT] = "warn"
    for step in weak:
        tones[step] = "warn"
    return tones


def checks(draft: Draft, *, doubled: bool) -> list[Check]:
    """One line each, the identity first."""
    lines = [_nik_fits(draft), _only_one(draft, doubled), _complete(draft)]
    if count := len(draft.open_warnings):
        text = ngettext("{count} warning needs a reason", "{count} warnings need a reason", count)
        lines.append(Check(text.format(count=count), "warn"))
    fingers, eyes = (sum(part in draft.captures for part in parts) for parts in (FINGERS, IRISES))
    text = _("Fingerprints {fingers} of 10 · irises {eyes} of 2").format(fingers=fingers, eyes=eyes)
    lines.append(Check(text, "ok" if fingers == len(FINGERS) and eyes == len(IRISES) else "off"))
    return lines


def _nik_fits(draft: Draft) -> Check:
    if not all(draft.answers.get(key) for key in ("nik", "birth_date", "sex")):
        return Check(_("NIK against date of birth and sex: not yet"), "off")
    mine = [item for item in draft.findings if item.field == "nik"]
    if any(item in draft.errors for item in mine):
        return Check(_("The NIK is not right"), "bad")
    if any(item in draft.open_warnings for item in mine):
        return Check(_("The NIK does not fit date of birth or sex"), "warn")
    if mine:
        return Check(_("The NIK differs; the reason is kept"), "ok")
    return Check(_("NIK fits date of birth and sex"), "ok")


def _only_one(draft: Draft, doubled: bool) -> Check:
    if doubled:
        return Check(_("This NIK is already at this station"), "warn")
    if not draft.answers.get("nik"):
        return Check(_("Recorded before: not checked yet"), "off")
    return Check(_("No other recording with this NIK here"), "ok")


def _complete(draft: Draft) -> Check:
    empty = sum(item.code == REQUIRED for item in draft.errors)
    wrong = len(draft.errors) - empty
    if wrong:
        return Check(ngettext("{count} field is wrong", "{count} fields are wrong", wrong).format(count=wrong), "bad")
    if empty:
        text = ngettext("{count} field still empty", "{count} fields still empty", empty)
        return Check(text.format(count=empty), "off")
    return Check(_("Biodata complete"), "ok")
