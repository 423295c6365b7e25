"""The recovery words as people meet them: shown once with a QR code, printed for an envelope, asked for again."""
