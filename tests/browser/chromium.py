"""A page in headless Chromium, measured and used, with nothing but the browser and the standard library.

Here: opening a page from disk at given widths and bringing back what a script in it found; and a tab that is
used as a reader would, with keys, a colour scheme, or scripts switched off. Not here: what a page must be
like (`test_screen.py`, `test_use.py`, `test_accessibility.py`).
"""

from __future__ import annotations

import base64
import fcntl
import html
import json
import os
import re
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Each frame is a page of its own to the layout: its width is what media queries and `innerWidth` see.
# Frames from disk may not look into each other, hence the message.
OUTER = """<!doctype html><meta charset="utf-8"><title>frames</title>{frames}<pre id="found"></pre><script>
const found = {{}};
addEventListener("message", event => {{
  found[event.data.width] = event.data;
  document.getElementById("found").textContent = JSON.stringify(found);
}});
</script>"""
FRAME = '<iframe src="{page}" width="{width}" height="900" style="border:0"></iframe>'
INNER = """<script>
const errors = [];
addEventListener("error", event => errors.push(String(event.message)));
addEventListener("load", async () => {{
  await document.fonts.ready;
  const result = await (async () => {{ {script} }})().catch(error => errors.push(String(error)));
  parent.postMessage({{width: innerWidth, errors, result}}, "*");
}});
</script>"""


_QUIET = (
    "--headless",
    "--no-sandbox",  # in a container root is all there is, and the page is our own
    "--disable-gpu",
    "--disable-dev-shm-usage",
)
PATIENCE = 90.0  # seconds for any one answer; a page of 2 MB on a busy machine takes some


def executable() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def measure(
    page: Path, script: str, widths: tuple[int, ...], folder: Path, library: str = ""
) -> dict[int, dict[str, Any]]:
    """What `script` (the body of an async function) returns in `page` at each width, with any script errors.

    `library` is JavaScript that `script` uses. Both stand before the page's own content security
    policy, which forbids all scripts.
    """
    browser = executable()
    assert browser is not None
    head, tail = page.read_text("utf-8").split("<head>", 1)
    library = library.replace("</script", "<\\/script")  # no end of the script inside the script
    (folder / "inner.html").write_text(
        f"{head}<head><script>{library}</script>{INNER.format(script=script)}{tail}", "utf-8"
    )
    frames = "".join(FRAME.format(page="inner.html", width=width) for width in widths)
    (folder / "outer.html").write_text(OUTER.format(frames=frames), "utf-8")
    arguments = [
        *_QUIET,
        "--window-size=1600,1200",
        "--virtual-time-budget=30000",
        f"--user-data-dir={folder / 'profile'}",
        "--dump-dom",
        (folder / "outer.html").as_uri(),
    ]
    dumped = subprocess.run([browser, *arguments], capture_output=True, text=True, timeout=180, check=True).stdout
    told = re.search(r'<pre id="found">(.*?)</pre>', dumped, re.S)
    assert told and told[1], "the page told nothing"
    return {int(width): result for width, result in json.loads(html.unescape(told[1])).items()}


# --- a tab that is used ------------------------------------------------------------------------

_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowUp": 38, "ArrowDown": 40}


class Tab:
    """One tab, told over the browser's own pipe what to do (Chrome DevTools Protocol)."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from, self._buffer, self._last = to_browser, from_browser, b"", 0
        self.said: list[str] = []  # errors and messages of the page's console
        self._events: list[dict[str, Any]] = []
        self._session: str | None = None
        target = self._tell("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._tell(f"{domain}.enable")

    def open(self, page: Path, anchor: str = "") -> None:
        self._events.clear()
        self._tell("Page.navigate", url="about:blank")
        self._await("Page.loadEventFired")
        self._events.clear()
        self._tell("Page.navigate", url=page.as_uri() + (f"#{anchor}" if anchor else ""))
        self._await("Page.loadEventFired")

    def look(self, width: int, scheme: str = "light", height: int = 900, forced_colours: bool = False) -> None:
        """The size of the window and what the reader prefers."""
        self._tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "forced-colors", "value": "active" if forced_colours else "none"},
        ]
        self._tell("Emulation.setEmulatedMedia", media="", features=features)

    def without_scripts(self) -> None:
        """The page's own script no longer runs; what a test evaluates still does."""
        self._tell("Emulation.setScriptExecutionDisabled", value=True)

    def run(self, script: str) -> Any:
        """What `script`, the body of an async function, returns."""
        told = self._tell(
            "Runtime.evaluate", expression=f"(async () => {{ {script} }})()", awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in told:
            raise AssertionError(told["exceptionDetails"])
        return told["result"].get("value")

    def press(self, *keys: str) -> None:
        for key in keys:
            code = _KEYS[key]
            text = {"Enter": "\r", " ": " "}.get(key, "")
            pressed = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": code}
            down = pressed | ({"text": text} if text else {})
            self._tell("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **down)
            self._tell("Input.dispatchKeyEvent", type="keyUp", **pressed)

    def write(self, text: str) -> None:
        self._tell("Input.insertText", text=text)

    def downloads_to(self, folder: Path) -> None:
        self._tell("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def printed(self) -> bytes:
        """The PDF that the browser's own print function makes."""
        return base64.b64decode(self._tell("Page.printToPDF", preferCSSPageSize=True)["data"])

    def _tell(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        content = json.dumps(message).encode() + b"\0"
        while content:
            content = content[os.write(self._to, content) :]
        while True:
            answer = self._next()
            if answer.get("id") == self._last:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                found: dict[str, Any] = answer["result"]
                return found

    def _await(self, event: str) -> None:
        while not any(one["method"] == event for one in self._events):
            self._next()

    def _next(self) -> dict[str, Any]:
        limit = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._from], [], [], max(0.0, limit - time.monotonic()))
            assert ready, "the browser did not answer"
            read = os.read(self._from, 1 << 20)
            assert read, "the browser has gone"
            self._buffer += read
        first, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(first)
        if "method" in message:
            self._events.append(message)
            self._overhear(message["method"], message["params"])
        return message

    def _overhear(self, event: str, told: dict[str, Any]) -> None:
        if event == "Runtime.exceptionThrown":
            self.said.append(str(told["exceptionDetails"]))
        elif event == "Runtime.consoleAPICalled":
            self.said.append(str(told["args"]))
        elif event == "Log.entryAdded":
            self.said.append(told["entry"]["text"])


@contextmanager
def tab(profile: Path) -> Iterator[Tab]:
    """A tab of a browser of its own, which ends with it."""
    browser = executable()
    assert browser is not None
    (to_read, to_write), (from_read, from_write) = os.pipe(), os.pipe()
    # The browser reads from descriptor 3 and writes to 4: high copies cannot be overwritten on the way there. What
    # Python opened elsewhere is not inheritable, so nothing else is handed on.
    high = [fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in (to_read, from_write)]
    os.close(to_read)
    os.close(from_write)
    process = subprocess.Popen(
        [browser, *_QUIET, "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"],
        preexec_fn=lambda: (os.dup2(high[0], 3), os.dup2(high[1], 4)),
        close_fds=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for end in high:
        os.close(end)
    try:
        yield Tab(to_write, from_read)
    finally:
        process.terminate()
        process.wait(20)
        os.close(to_write)
        os.close(from_read)
