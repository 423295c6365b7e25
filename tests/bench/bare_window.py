"""The least a Qt program in Python can do: an empty window. Prints when it was painted and what it holds, then ends."""

from __future__ import annotations

import json
import sys
from time import monotonic_ns

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.bench.memory import resident_mb


class EmptyWindow(QWidget):
    """Ends the program when it has been painted."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self._painted)

    def _painted(self) -> None:
        print(json.dumps({"painted_ns": monotonic_ns(), "resident_mb": resident_mb()}))
        QApplication.quit()


def main() -> int:
    qt = QApplication(sys.argv[:1])
    window = EmptyWindow()
    window.resize(1366, 768)
    window.show()
    return qt.exec()


if __name__ == "__main__":
    sys.exit(main())
