"""The library on one's own machine: a folder of finished reports, served to this machine alone.

Here: the one handler, and what it refuses. Not here: what the folder holds (`report/library.py`), and no server for
others: any web server can host the folder.

Only whole files with names that no dot begins are given out, never a listing, never anything outside the folder.
Requests under another name than this machine's are refused, so that no page of the web can read reports through it.
"""

from __future__ import annotations

import errno
import posixpath
import shutil
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote, urlsplit

from jsna_pipeline.errors import BuildError
from jsna_pipeline.report.library import PAGE

ADDRESS, PORT = "127.0.0.1", 8000
OTHER = "application/octet-stream"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".cff": "application/yaml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Pages bring their own policy along; a drawing opened by itself has none and needs no script either.
    "Content-Security-Policy": "frame-ancestors 'none'",
}
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'"


def server(out: Path, port: int) -> ThreadingHTTPServer:
    """A server of the folder `out`, bound but not yet running; `port` 0 takes a free one.

    Raises BuildError where the port cannot be had.
    """

    class Handler(_Handler):
        root = out.resolve()

    try:
        return ThreadingHTTPServer((ADDRESS, port), Handler)
    except PermissionError:
        raise BuildError(f"Port {port} is not yours to use; choose one above 1023 with --port.") from None
    except OSError as error:
        why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise BuildError(f"Port {port} {why}; choose another with --port.") from None


class _Handler(BaseHTTPRequestHandler):
    root: Path
    server_version, sys_version = "jsna", ""
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds for a request to arrive: none may hold a thread for ever

    def do_GET(self) -> None:
        self._answer(with_content=True)

    def do_HEAD(self) -> None:
        self._answer(with_content=False)

    def log_message(self, *_: object) -> None:
        """Nothing: what somebody reads is nobody's business."""

    def _answer(self, with_content: bool) -> None:
        path = unquote(urlsplit(self.path).path, errors="replace")
        if not self._is_ours():
            self._refuse(HTTPStatus.FORBIDDEN, with_content)
        elif (found := self._found(path)) is None:
            self._refuse(HTTPStatus.NOT_FOUND, with_content)
        elif found.is_dir():
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", quote(posixpath.join(path, "")))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send(found, with_content)

    def _is_ours(self) -> bool:
        """Whether the request was made to this machine by its own name, not to a name that somebody points at it."""
        _, port = self.request.getsockname()
        return self.headers.get("Host") in {f"{ADDRESS}:{port}", f"localhost:{port}"}

    def _found(self, path: str) -> Path | None:
        """The file that `path` asks for, the folder that it lacks a slash for, or None."""
        names = path.split("/")[1:]
        if names and names[-1] == "":
            names[-1] = PAGE
        if not path.startswith("/") or not all(_is_plain(name) for name in names):
            return None
        try:
            found = self.root.joinpath(*names).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            return None
        inside = found.is_relative_to(self.root) and all(map(_is_plain, found.relative_to(self.root).parts))
        if inside and (found.is_file() or (found / PAGE).is_file()):
            return found
        return None

    def _send(self, found: Path, with_content: bool) -> None:
        try:
            file: BinaryIO = found.open("rb")
        except OSError:  # gone, or not readable, since it was found
            self._refuse(HTTPStatus.NOT_FOUND, with_content)
            return
        kind = TYPES.get(found.suffix.lower(), OTHER)
        with file:
            size = file.seek(0, 2)
            file.seek(0)
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(size))
            self.send_header("Cache-Control", "no-store" if found.suffix.lower() == ".html" else "no-cache")
            policy = {"Content-Security-Policy": DRAWING_POLICY} if found.suffix.lower() == ".svg" else {}
            for name, value in (HEADERS | policy).items():
                self.send_header(name, value)
            self.end_headers()
            if with_content:
                shutil.copyfileobj(file, self.wfile)

    def _refuse(self, status: HTTPStatus, with_content: bool) -> None:
        content = f"{status.value} {status.phrase}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if with_content:
            self.wfile.write(content)


def _is_plain(name: str) -> bool:
    """Whether a part of a path is a name and nothing else: no dot before it, no way up, no other separator."""
    return bool(name) and not name.startswith(".") and not set(name) & {"\\", "\0", ":"}
