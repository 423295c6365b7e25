"""How a draft stands: the sign of each step and the checks beside the form. Computed, never stored; knows no widget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from station.domain.biometrics import FINGERS, IRISES
from station.domain.draft import Draft
from station.domain.finding import Finding
from station.domain.steps import Step, step_of
from station.domain.verification import VERIFY_FIELD
from station.i18n import _, ngettext
from station.ui.form.field_box import REQUIRED
from station.ui.part_names import part_of_field
from station.ui.widgets.checks_card import Check


def step_tones(draft: Draft, *, doubled: bool, weak: Iterable[Step]) -> Mapping[Step, str]:
    """`ok` done, `warn` needs attention, `off` open."""
    tones = {step: "ok" if draft.done(step) else "off" for step in Step}
    doubts = bool(set(draft.open_warnings) - {*draft.open_papers, *draft.open_captures})
    if any(item.code != REQUIRED for item in draft.errors) or doubts or draft.refused:
        tones[Step.BIODATA] = "ok" if draft.done(Step.BIODATA) else "warn"
    if doubled or draft.open_papers or any(item.field == "nik" and item.code != REQUIRED for item in draft.errors):
        tones[Step.APPLICANT] = "warn"
    doubted = {part for item in _doubts_about_captures(draft) if (part := part_of_field(item.field)) is not None}
    for step in (*weak, *(step_of(part) for part in doubted)):
        tones[step] = "warn"
    return tones


def checks(draft: Draft, *, doubled: bool) -> list[Check]:
    """One line each, the identity first."""
    lines = [_nik_fits(draft), _only_one(draft, doubled), _complete(draft)]
    # Fingers are verified at the end: before that nobody is told that it has not been done.
    if count := sum(not item.field.startswith(VERIFY_FIELD) for item in draft.open_warnings):
        text = ngettext("{count} warning needs a reason", "{count} warnings need a reason", count)
        lines.append(Check(text.format(count=count), "warn"))
    return [*lines, _captured(draft), *_compared(draft)]


def _doubts_about_captures(draft: Draft) -> list[Finding]:
    return [item for item in draft.open_captures if not item.field.startswith(VERIFY_FIELD)]


def _captured(draft: Draft) -> Check:
    left_out = {item.part for item in draft.exceptions}
    fingers, eyes = (sum(part in draft.captures for part in parts) for parts in (FINGERS, IRISES))
    text = _("Fingerprints {fingers} of 10 · irises {eyes} of 2").format(fingers=fingers, eyes=eyes)
    if left_out:
        count = len(left_out)
        text += " · " + ngettext("{count} exception", "{count} exceptions", count).format(count=count)
    done = not set(draft.missing) & {*FINGERS, *IRISES}
    return Check(text, "ok" if done else "off")


def _compared(draft: Draft) -> list[Check]:
    """Said once every finger is there: each was compared with all others when it was kept."""
    kept = [draft.captures[part] for part in FINGERS if part in draft.captures]
    if not kept or set(draft.missing) & set(FINGERS):
        return []
    count, differ = len(kept), sum(card.comparable for card in kept)
    if differ == count:
        text = ngettext("{count} finger, compared", "Fingers not swapped ({count} of {count} differ)", count)
        lines = [Check(text.format(count=count), "ok")]
    else:
        lines = [Check(_("Fingers compared: {count} of {all}").format(count=differ, all=count), "off")]
    if draft.to_verify and all(
        part in draft.verification and draft.verification[part].matched for part in draft.to_verify
    ):
        lines.append(Check(_("Verified at the end: the fingers match"), "ok"))
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
