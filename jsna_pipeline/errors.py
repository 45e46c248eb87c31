"""The errors a user of the pipeline can meet, each one sentence that says what to do next.

Here: the exception types that the command line turns into an exit code. Not here: programming
errors, which stay ordinary exceptions and show their traceback, save where rows are persons'.
"""

from __future__ import annotations

import traceback
from pathlib import Path


class JsnaError(Exception):
    """Base of the errors whose message is written for the user; `exit_code` is the process's."""

    exit_code = 1


class InputError(JsnaError):
    """A file, setting or argument that the user can mend: names file, column, row and remedy.

    Never carries a person-level value, because messages reach logs and Dagster's event store.
    """

    exit_code = 2


class BuildError(JsnaError):
    """A build that stopped for a reason other than its input; the last good report is untouched."""

    exit_code = 1


def without_values(error: BaseException, subject: str) -> JsnaError:
    """`error` as a log or the event store may keep it, to be raised `from None`; `subject` is a dataset or return.

    A user's error is written without values, but what led to it is not, and neither is the message of
    an error that nobody foresaw ("could not convert string to float: …"): of that only its type and
    place are kept.
    """
    if isinstance(error, JsnaError):
        return type(error)(str(error))
    place = traceback.extract_tb(error.__traceback__)[-1]
    return BuildError(
        f"{subject}: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno} ({place.name}); "
        "the file has a fault that its reader does not know; compare it with its layout in the catalogue."
    )
