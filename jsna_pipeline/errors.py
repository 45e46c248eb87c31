"""The errors a user of the pipeline can meet, each one sentence that says what to do next.

Here: the exception types that the command line turns into an exit code. Not here: programming
errors, which stay ordinary exceptions and show their traceback.
"""


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
