"""The one Dagster home of a source: made once, absolute, shared by the command line and the UI.

Here: its folder, its `dagster.yaml` and opening its instance. Not here: anything that runs.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from jsna_pipeline.errors import InputError
from jsna_pipeline.settings import Settings

# Every storage path follows from DAGSTER_HOME, which is absolute: none is written here.
DAGSTER_YAML = """\
telemetry:
  enabled: false
nux:
  enabled: false
"""


def prepare_home(settings: Settings) -> Path:
    """The home's folder with its `dagster.yaml`, made where missing; DAGSTER_HOME points to it.

    Raises InputError where the folder cannot be made or written.
    """
    home = settings.dagster_home
    instance_file = home / "dagster.yaml"
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not instance_file.exists():
            instance_file.write_text(DAGSTER_YAML, "utf-8")
    except OSError as error:
        raise InputError(
            f"{home}: cannot be written ({error.strerror}); work in a folder of your own, or set `state` to one."
        ) from None
    os.environ["DAGSTER_HOME"] = str(home)
    return home


@contextlib.contextmanager
def open_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance that `make ui` shows."""
    home = prepare_home(settings)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance
