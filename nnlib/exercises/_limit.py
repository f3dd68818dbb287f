"""End work that does not end by itself.

Threads can be stopped from another one. A page has none, but its worker has a clock that
interrupts what runs, again and again until it is told not to.
"""

import contextlib
import ctypes
import signal
import sys
import threading
from collections.abc import Callable


class Stopped(BaseException):
    """Raised inside work that takes too long."""


def in_a_thread(work: Callable[[], None], limit: float) -> None:
    """Do the work in a thread of its own, which is left behind if it refuses to stop."""
    finished = False
    lock = threading.Lock()

    def do() -> None:
        nonlocal finished
        with contextlib.suppress(Stopped):
            work()
            with lock:
                finished = True

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    try:
        thread.join(limit)
    finally:
        for _ in range(10):  # an exception that strikes inside a destructor is lost
            if not thread.is_alive():
                break
            with lock:
                if not finished:
                    _stop(thread)
            thread.join(0.1)


def _stop(thread: threading.Thread) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Stopped)
    )


def by_the_clock(work: Callable[[], None], limit: float) -> None:
    """Do the work here; what refuses to stop is ended by the page, with its worker."""
    from page_clock import interrupt_after  # type: ignore[import-not-found]

    finished = False

    def stop(*_: object) -> None:
        if not finished:
            raise Stopped

    before = signal.signal(signal.SIGINT, stop)
    try:
        interrupt_after(1000 * limit)
        with contextlib.suppress(Stopped):
            work()
            finished = True
    finally:
        interrupt_after(None)
        signal.signal(signal.SIGINT, before)


within = by_the_clock if sys.platform == "emscripten" else in_a_thread
