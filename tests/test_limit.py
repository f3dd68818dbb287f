"""An answer that does not end is ended, without threads too."""

import signal
import sys
import threading
import types
from _thread import interrupt_main

import pytest
from made_up import MADE_UP, bias_gradient

from nnlib.exercises import _judge, _running
from nnlib.exercises._limit import by_the_clock


class Clock(types.ModuleType):
    """What the page's worker gives to Python, made with a thread."""

    def __init__(self):
        super().__init__("page_clock")
        self.told = threading.Event()

    def interrupt_after(self, milliseconds):
        self.told.set()
        if milliseconds is not None:
            self.told = threading.Event()
            threading.Thread(target=self.tick, args=(self.told, milliseconds / 1000)).start()

    def tick(self, told, seconds):
        while not told.wait(seconds):
            interrupt_main()
            seconds = 0.1


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setitem(sys.modules, "page_clock", clock)
    monkeypatch.setattr(_running, "within", by_the_clock)
    monkeypatch.setattr(_judge, "TIME_LIMIT", 0.2)
    return clock


def test_without_threads_an_endless_loop_is_stopped_by_the_clock(clock):
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def endless(dy):
        seen.append(threading.current_thread())
        while True:
            pass

    assert bias_gradient.check(endless).status == "too slow"
    assert seen == [threading.main_thread()]
    assert signal.getsignal(signal.SIGINT) is before
    assert clock.told.is_set()
    assert bias_gradient.check(bias_gradient.answer)


def test_without_threads_an_answer_that_catches_what_stops_it_is_stopped_again(clock):
    caught = []

    def stubborn(dy):
        try:
            while True:
                pass
        except BaseException as error:
            caught.append(error)
        while True:
            pass

    assert bias_gradient.check(stubborn).status == "too slow"
    assert len(caught) == 1


def test_without_threads_recursion_that_never_ends_is_stopped(clock):
    def doubled(dy):
        try:
            doubled(dy)
        except RecursionError:
            doubled(dy)

    assert bias_gradient.check(doubled).status == "too slow"


@pytest.mark.parametrize("one", MADE_UP, ids=lambda one: one.name)
def test_without_threads_the_verdicts_are_the_same(clock, one):
    assert one.check(one.answer)
    for text, mistake in one.mistakes.items():
        assert one.check(mistake).message == text
    assert clock.told.is_set()
