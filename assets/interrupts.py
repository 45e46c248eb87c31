"""An interrupt that is never lost: Python drops an exception that is raised while it clears up an object.

Here: sending such an interrupt to the process once more. Not here: what an interrupted build says (`build.py`).
"""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dagster import DagsterExecutionInterruptedError

# Long enough to be out of the callback, too short for a person to notice.
AGAIN_AFTER_SECONDS = 0.05


@contextmanager
def interrupts_heard() -> Iterator[None]:
    """Within it, an interrupt that Python cannot raise where it arrives arrives again a moment later.

    A weak reference's callback and a finaliser cannot raise: Python prints what they raise, and goes on.
    https://docs.python.org/3/library/sys.html#sys.unraisablehook
    """
    before = sys.unraisablehook

    def hook(lost: "sys.UnraisableHookArgs") -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt | DagsterExecutionInterruptedError):
            # To the thread that waits, so that it wakes.
            main = threading.main_thread().ident
            threading.Timer(AGAIN_AFTER_SECONDS, signal.pthread_kill, [main, signal.SIGINT]).start()
        else:
            before(lost)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before
