"""How long a build takes, by layer, as multiples of reading its input files once; and its peak memory.

Here: a measurement to run by hand (`python -m tests.benchmarks.build_by_layer [--landing DIR]`), not a
test: nothing here passes or fails. The floor, reading and hashing every input file and parsing the CSV
among them as text, is measured in the same run, so that ratios compare between machines.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from assets.build import BuildResult, build
from jsna_pipeline import geography
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.settings import Settings
from jsna_pipeline.sources.folder import LandingFolder, available_editions
from jsna_pipeline.sources.published_file import PublishedFile
from tests.builds import settings_in


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def input_files(folder: LandingFolder) -> list[PublishedFile]:
    """Each file that some dataset uses, once."""
    files = [file for dataset in datasets().values() for file in folder.find(dataset).chosen]
    return list({file.name: file for file in files}.values())


def read_once(folder: LandingFolder) -> None:
    """The floor: bytes, digest, and CSV columns as text."""
    for file in input_files(folder):
        hashlib.sha256(file.content)
        if file.content[:4] in (b"PAR1", b"PK\x03\x04"):
            continue  # a Parquet file or a workbook: bytes only
        header = file.content.split(b"\n", 1)[0].decode("utf-8", "replace").strip().split(",")
        names = [f"column_{index}" for index in range(len(header))]
        csv.read_csv(
            file.open(),
            read_options=csv.ReadOptions(column_names=names, skip_rows=1, encoding="latin-1"),
            parse_options=csv.ParseOptions(newlines_in_values=True, invalid_row_handler=lambda row: "skip"),
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )


def report_lines(name: str, took: float, floor: float) -> str:
    return f"{name:<28}{took:>8.1f} s{took / floor:>8.1f} × floor"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--landing", type=Path, help="a folder of real published files; the seeds when not given")
    landing = parser.parse_args().landing
    with tempfile.TemporaryDirectory() as folder:
        chosen = {"source": "landing", "landing": landing.resolve()} if landing else {"source": "seeds"}
        measure(settings_in(Path(folder), **chosen))


def measure(settings: Settings) -> None:
    edition = available_editions(settings.published_files)[-1]
    read_once(LandingFolder(settings.published_files, edition))  # warms the disk cache for all that follows
    floor = seconds(lambda: read_once(LandingFolder(settings.published_files, edition)))
    wigan, second = geography.local_authority("Wigan"), geography.local_authority("Wolverhampton")

    def timed(area: geography.Area, formats: list[str]) -> tuple[BuildResult, float]:
        started = time.perf_counter()
        return build(settings, [area], edition, formats), time.perf_counter() - started

    print(f"{settings.source}, edition {edition}; floor {floor:.1f} s")
    first, whole = timed(wigan, ["html", "pdf", "data"])
    for layer, took in first.seconds.items():
        print(report_lines(layer, took, floor))
    print(report_lines("whole build", whole, floor))
    print(report_lines("second area, all formats", timed(second, ["html", "pdf", "data"])[1], floor))
    print(report_lines("second area, HTML alone", timed(second, ["html"])[1], floor))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")


if __name__ == "__main__":
    main()
