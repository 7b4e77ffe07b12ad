"""The bar of progress: there once there is progress, and not before a fault at once."""

import threading
import time

import pytest

from recist.cli import screen
from recist.cli.screen import progress_bar
from recist.errors import UsageError


def test_a_fault_at_once_shows_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError), progress_bar("measuring"):
        raise UsageError("there is nothing")
    assert capsys.readouterr().err == ""


def test_the_first_report_shows_the_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("measuring") as report:
        report(3, 7)
    assert "3/7" in capsys.readouterr().err


def test_long_work_shows_the_bar_before_any_report(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "SECONDS_BEFORE_BAR", 0.0)
    with progress_bar("measuring"):
        while any(isinstance(thread, threading.Timer) for thread in threading.enumerate()):
            time.sleep(0.01)
    assert "measuring" in capsys.readouterr().err
