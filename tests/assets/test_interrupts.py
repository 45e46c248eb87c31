"""Interrupts that arrive where Python cannot raise them."""

from __future__ import annotations

import signal
import time
import weakref
from collections.abc import Iterator

import pytest
from dagster import DagsterExecutionInterruptedError

from assets.interrupts import interrupts_heard


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """A shell that runs the tests in the background has had interrupts ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Thing:
    """Something to refer to weakly."""


@pytest.mark.parametrize("kind", [KeyboardInterrupt, DagsterExecutionInterruptedError])
def test_an_interrupt_in_a_callback_arrives_a_moment_later(
    kind: type[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: object) -> None:
        raise kind

    thing = Thing()
    kept = weakref.ref(thing, interrupted)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), interrupts_heard():
        del thing  # the callback raises, and Python goes on
        assert kept() is None
        time.sleep(60)
    assert time.monotonic() - began < 30, "the interrupt wakes what waits"
    assert "ignored" not in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_any_other_fault_of_a_callback_is_told_as_ever() -> None:
    heard = []

    def hook(lost: object) -> None:
        heard.append(lost)

    def at_fault(_: object) -> None:
        raise ValueError

    thing = Thing()
    kept = weakref.ref(thing, at_fault)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.unraisablehook", hook)
        with interrupts_heard():
            del thing
        assert kept() is None and len(heard) == 1
