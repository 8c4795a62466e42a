"""WebKit as Debian brings it, the kin of what opens pages on an iPhone: its small browser and its driver."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import WebKitGTK, WebKitGTKOptions
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.engines.window import HEIGHT, WIDTH

NEEDS = ("WebKitWebDriver", "Xvfb")


@contextmanager
def screen() -> Iterator[str]:
    """A screen that nobody looks at; gives its name."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert server.stdout is not None
    try:
        yield f":{server.stdout.readline().decode().strip()}"
    finally:
        server.terminate()
        server.wait()


def started(home: Path, display: str) -> WebKitGTK:
    """Start one that keeps nothing, on this screen."""
    options = WebKitGTKOptions()
    options.binary_location = str(next(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser")))
    options.add_argument("--automation")
    options.add_argument("--full-screen")  # without bars, which would not let it be narrow
    service = Service(
        "/usr/bin/WebKitWebDriver", env=os.environ | {"DISPLAY": display, "HOME": str(home)}
    )
    driver = WebKitGTK(options, service)
    driver.set_window_rect(0, 0, WIDTH, HEIGHT)
    return driver
