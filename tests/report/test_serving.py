"""The server: whole files of one folder to this machine alone, and nothing by any other way."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from jsna_pipeline.cli import app
from jsna_pipeline.errors import BuildError
from jsna_pipeline.report import serving
from tests.builds import hear_interrupts
from tests.report.test_library import publish

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("served")
    out = home / "reports"
    publish(out)
    (home / "secret.txt").write_text("secret")
    (out / "index.html").write_text("<p>library</p>")
    (out / ".hidden").write_text("secret")
    (out / "2025" / ".merrowdale.new.1").mkdir()
    (out / "2025" / ".merrowdale.new.1" / "index.html").write_text("secret")
    (out / "drawing.svg").write_text("<svg/>")
    (out / "odd.exe").write_bytes(b"\0")
    (out / "way-out.txt").symlink_to(home / "secret.txt")
    (out / "all-out").symlink_to(home)
    (out / "to-hidden").symlink_to(out / ".hidden")
    (out / "loop").symlink_to(out / "loop")
    return out


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    with serving.server(folder, 0) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield running.server_address[1]
        running.shutdown()


def ask(port: int, path: str, method: str = "GET", host: str = "") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content; the path goes out exactly as written, as no browser would send it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{port}")
    connection.endheaders()
    answer = connection.getresponse()
    told = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return told


def test_pages_files_and_folders_are_given_with_their_types(port: int) -> None:
    status, headers, content = ask(port, "/")
    assert (status, content) == (200, b"<p>library</p>")
    assert headers["Content-Type"] == "text/html; charset=utf-8" and headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Server"].strip() == "jsna"
    kinds = {
        "/2025/merrowdale/": "text/html; charset=utf-8",
        "/2025/merrowdale/jsna.pdf": "application/pdf",
        "/2025/merrowdale/data/observations.csv?x=1#y": "text/csv; charset=utf-8",
        "/2025/merrowdale/LIES%20MICH.md": "text/plain; charset=utf-8",
        "/2025/merrowdale/manifest.json": "application/json",
        "/drawing.svg": "image/svg+xml",
        "/odd.exe": "application/octet-stream",
    }
    for path, kind in kinds.items():
        status, headers, content = ask(port, path)
        assert (status, headers["Content-Type"]) == (200, kind), path
        assert int(headers["Content-Length"]) == len(content) > 0
    assert "default-src 'none'" in ask(port, "/drawing.svg")[1]["Content-Security-Policy"]
    status, headers, _ = ask(port, "/2025/merrowdale")
    assert (status, headers["Location"]) == (301, "/2025/merrowdale/")


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/2025/../../secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
     "/..\\secret.txt", "/..%5csecret.txt", "//etc/passwd", "/%2fetc%2fpasswd", "/%00", "/index.html%00.txt",
     "/.hidden", "/%2ehidden", "/2025/.merrowdale.new.1/", "/2025/.merrowdale.new.1/index.html", "/way-out.txt",
     "/all-out/secret.txt", "/all-out/", "/to-hidden", "/loop", "/2025/", "/2025", "/2025/merrowdale/data/",
     "/2025/merrowdale/data", "/missing", "/index.html/", "/2025//merrowdale/", "/" + "a" * 5000, "/%ff%fe"],
)  # fmt: skip
def test_nothing_hidden_outside_listed_or_missing_is_given(port: int, path: str) -> None:
    for method in ("GET", "HEAD"):
        status, headers, content = ask(port, path, method)
        assert status == 404 and b"secret" not in content and "Location" not in headers
        assert content == (b"404 Not Found\n" if method == "GET" else b"")


def test_an_absolute_address_and_other_methods_do_no_harm(port: int) -> None:
    assert ask(port, f"http://127.0.0.1:{port}/../secret.txt")[0] == 404
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(port, "/", method)[0] == 501


def test_head_gives_the_headers_alone(port: int) -> None:
    path = "/2025/merrowdale/jsna.pdf"
    _, with_content, content = ask(port, path)
    status, alone, nothing = ask(port, path, "HEAD")
    assert status == 200 and nothing == b"" and len(content) == 1_600_000
    assert {key: value for key, value in alone.items() if key != "Date"} == {
        key: value for key, value in with_content.items() if key != "Date"
    }


def test_another_name_that_points_here_is_refused(port: int) -> None:
    assert ask(port, "/", host=f"localhost:{port}")[0] == 200
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port + 1}"):
        status, _, content = ask(port, "/", host=host)
        assert status == 403 and b"library" not in content


def test_only_this_machine_is_listened_to_and_a_port_in_use_is_one_sentence(folder: Path, port: int) -> None:
    with pytest.raises(BuildError, match=f"^Port {port} is in use; choose another with --port.$"):
        serving.server(folder, port)
    with serving.server(folder, 0) as other:
        assert other.server_address[0] == "127.0.0.1"


# --- the command ---------------------------------------------------------------------------------


def test_the_command_prints_its_address_and_ends_with_0_on_ctrl_c(tmp_path: Path) -> None:
    publish(tmp_path / "out")
    (tmp_path / "out" / "2025" / "broken").mkdir()
    command = [sys.executable, "-c", "from jsna_pipeline.cli import app; app()", "serve", "--port", "0", "--out", "out"]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("JSNA_")}
    environment = {**kept, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"}
    given: dict[str, Any] = {"cwd": tmp_path, "env": environment, "preexec_fn": hear_interrupts}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **given) as running:
        try:
            assert running.stdout is not None
            assert "broken: has no whole manifest.json" in running.stdout.readline()
            address = running.stdout.readline()
            port = int(address.split(":")[2].split("/")[0])
            status, _, content = ask(port, "/")
            assert status == 200 and b"Merrowdale" in content and b"broken" not in content
            running.send_signal(signal.SIGINT)
            assert running.stdout.read() == "Ended.\n" and running.wait(10) == 0
        finally:
            running.kill()


def test_the_command_refuses_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def refused(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["serve", *arguments])
        assert len(result.stderr.strip().splitlines()) == 1, result.output
        return result.exit_code, result.stderr

    assert refused("--out", "nothing")[0] == 2
    publish(tmp_path / "out")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = refused("--out", "out", "--port", str(taken.getsockname()[1]))
    assert code == 1 and "is in use; choose another with --port." in said
    publish(tmp_path / "mixed")
    publish(tmp_path / "mixed", slug="secret", restricted=True)
    code, said = refused("--out", "mixed", "--port", "0")
    assert code == 2 and "for named readers alone" in said
    (tmp_path / ".jsna" / "seeds" / "restricted").mkdir(parents=True)
    publish(tmp_path / ".jsna" / "seeds" / "restricted" / "reports")
    code, said = refused("--out", str(tmp_path / ".jsna" / "seeds" / "restricted" / "reports"), "--port", "0")
    assert code == 2 and "kept for named readers" in said
