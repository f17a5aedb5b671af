"""Headless Chromium, driven over its debugging pipe: no library, no open port (search benchmark). Starts processes."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run --disable-default-apps --disable-extensions --remote-debugging-pipe"
).split()
_PATIENCE = 300.0
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowRight": 39}
"""Seconds for one answer: the urls of all results of a frequent word may take some."""
_START = (
    "import fcntl, os, sys; r, w = (fcntl.fcntl(int(n), fcntl.F_DUPFD, 10) for n in sys.argv[1:3]);"
    " os.dup2(r, 3); os.dup2(w, 4); os.execvp(sys.argv[3], sys.argv[3:])"
)
"""The browser reads commands from descriptor 3 and answers on 4."""


class BrowserError(Exception):
    """The browser is absent, has ended, does not answer, or a script of ours failed in it."""


class Browser:
    """One browser with a profile of its own in `folder`; messages are JSON objects that end with NUL."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if not program:
            raise BrowserError("chromium is absent")
        theirs, ours = os.pipe()
        back, answers = os.pipe()
        command = [sys.executable, "-c", _START, str(theirs), str(answers), program, *_FLAGS]
        with (folder / "browser.txt").open("wb") as log:
            self._process = subprocess.Popen(
                [*command, f"--user-data-dir={folder / 'profile'}", "about:blank"],
                pass_fds=(theirs, answers),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        os.close(theirs)
        os.close(answers)
        self._ours, self._back, self._rest, self._number = ours, back, b"", 0
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, session: str = "", /, **parameters: Any) -> dict[str, Any]:
        """The result of one command; what happens meanwhile is kept in `events`. Raises BrowserError."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        message |= {"sessionId": session} if session else {}
        data = json.dumps(message).encode() + b"\0"
        try:
            while data:
                data = data[os.write(self._ours, data) :]
        except OSError as error:
            raise BrowserError("the browser has ended") from error
        until = time.monotonic() + _PATIENCE
        while (answer := self._next(until)).get("id") != self._number:
            self.events.append(answer)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error'].get('message')}")
        result: dict[str, Any] = answer["result"]
        return result

    def _next(self, until: float) -> dict[str, Any]:
        """The next message, waited for until a moment of the monotonic clock."""
        pieces = [self._rest]
        while b"\0" not in pieces[-1]:
            if not select.select([self._back], [], [], max(0.0, until - time.monotonic()))[0]:
                raise BrowserError(f"no answer for {_PATIENCE:.0f} s")
            pieces.append(os.read(self._back, 1 << 20))
            if not pieces[-1]:
                raise BrowserError("the browser has ended")
        message, _, self._rest = b"".join(pieces).partition(b"\0")
        parsed: dict[str, Any] = json.loads(message)
        return parsed

    def close(self) -> None:
        """Ends the browser and waits for it."""
        with contextlib.suppress(BrowserError):
            self.call("Browser.close")
        os.close(self._ours)
        os.close(self._back)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Page:
    """One page in a browser context of its own: nothing is cached in it before it is opened."""

    def __init__(self, browser: Browser, address: str, told: Iterable[str] = ()) -> None:
        """Opens `address`; `told` are domains whose events are wanted from the start, as "Network"."""
        self._browser = browser
        self.context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=self.context)["targetId"]
        self._session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in told:
            self.call(f"{domain}.enable")
        self.call("Page.navigate", url=address)
        self.ask(
            'new Promise((r) => { if (document.readyState === "complete") r(); else addEventListener("load", r); })'
        )

    def call(self, method: str, /, **parameters: Any) -> dict[str, Any]:
        """The result of one command to the page."""
        return self._browser.call(method, self._session, **parameters)

    def ask(self, expression: str) -> Any:
        """What a JavaScript expression gives, a promise once it is kept. Raises BrowserError."""
        options = {"awaitPromise": True, "returnByValue": True}
        answer = self.call("Runtime.evaluate", expression=expression, **options)
        if failed := answer.get("exceptionDetails"):
            raise BrowserError(str(failed.get("exception", {}).get("description") or failed.get("text")))
        return answer["result"].get("value")

    def holds(self, expression: str) -> bool:
        """Whether an expression holds; not while one page has gone and the next has not come."""
        try:
            return bool(self.ask(expression))
        except BrowserError:
            return False

    def wait(self, expression: str) -> None:
        """Waits until an expression holds on a page that stands; without promises, which nobody keeps where scripts
        are off. Raises BrowserError.
        """
        until = time.monotonic() + 60
        while not self.holds(f"document.readyState === 'complete' && Boolean({expression})"):
            if time.monotonic() > until:
                raise BrowserError(f"never: {expression}")
            time.sleep(0.02)

    def go(self, address: str) -> None:
        """Opens another address in the same window, as a link does. Raises BrowserError."""
        self.ask("document.title = 'left'")
        self.call("Page.navigate", url=address)
        self.wait("document.title !== 'left'")

    def press(self, *keys: str, back: bool = False) -> None:
        """Keys of `_KEYS` go down and up one after the other, with Shift where they go back."""
        for key in keys:
            told = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key], "modifiers": 8 if back else 0}
            text = {"text": "\r"} if key == "Enter" else {}
            self.call("Input.dispatchKeyEvent", type="keyDown", **told, **text)
            self.call("Input.dispatchKeyEvent", type="keyUp", **told)

    def pdf(self) -> bytes:
        """The page as the browser prints it, on the paper that its style names."""
        printed = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(printed["data"])

    def stop_clock(self, moment: str) -> None:
        """From the next address on, `Date.now()` is `moment` (ISO 8601, with its zone) for scripts."""
        self.call("Page.enable")
        stopped = f"const then = Date.parse({json.dumps(moment)}); Date.now = () => then;"
        self.call("Page.addScriptToEvaluateOnNewDocument", source=stopped)

    def close(self) -> None:
        """Forgets the page with all that it stored."""
        self._browser.call("Target.disposeBrowserContext", browserContextId=self.context)


@contextlib.contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """A browser as long as the context lasts."""
    browser = Browser(folder)
    try:
        yield browser
    finally:
        browser.close()


@contextlib.contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """A page as long as the context lasts."""
    page = Page(browser, address)
    try:
        yield page
    finally:
        page.close()
