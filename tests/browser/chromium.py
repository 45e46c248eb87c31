"""A page in headless Chromium, measured from inside, with nothing but the browser and the standard library.

Here: opening a page from disk at given widths and bringing back what a script in it found. Not here:
what a page must be like (`test_screen.py`).
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
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
        "--headless",
        "--no-sandbox",  # in a container root is all there is, and the page is our own
        "--disable-gpu",
        "--disable-dev-shm-usage",
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
