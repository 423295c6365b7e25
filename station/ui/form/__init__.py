"""The form drawn from `domain.form.FIELDS`. Knows no desk, no store and no device: it emits what was typed."""
