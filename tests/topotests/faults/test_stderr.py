# SPDX-License-Identifier: Apache-2.0
"""A blocked stderr (journald hangs, a terminal is stopped) blocks neither supervisor nor worker."""
import contextlib
import os
import signal
import time

import pytest

from harness.waiting import wait_for

pytestmark = pytest.mark.alone


class Clogged:
    """`prepare` of a gateway: its stderr is a pipe. fill() fills it."""

    def prepare(self, router):
        path = router.path("stderr")
        os.mkfifo(path)
        self.reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self.writing = os.open(path, os.O_WRONLY | os.O_NONBLOCK)    # a file description of the test's own: the daemon's description stays blocking
        router.wrapper = ("sh", "-c", f'exec "$@" 2>{path}', "sh")

    def fill(self):
        for piece in (b"x" * 4096, b"x"):
            with contextlib.suppress(BlockingIOError):
                while os.write(self.writing, piece):
                    pass

    def close(self):
        os.close(self.reading)
        os.close(self.writing)


@pytest.fixture
def clogged():
    pipe = Clogged()
    yield pipe
    pipe.close()


def test_a_crash_while_nobody_reads_stderr_is_noticed_by_nobody(gateways, clogged):
    n = gateways(prepare=clogged.prepare)
    clogged.fill()
    before, victim = time.time_ns(), n.one.worker()
    os.kill(victim, signal.SIGKILL)
    n.one.wait_new_worker(victim)
    n.wait_adverts("r1", 6)
    assert not n.adverts("r2", since=before) and all(advert.priority for _w, _p, advert in n.adverts("r1"))


def test_a_hung_worker_is_fenced_while_nobody_reads_stderr(gateways, clogged):
    n = gateways(prepare=clogged.prepare)
    clogged.fill()
    victim = n.one.worker()
    os.kill(victim, signal.SIGSTOP)
    n.capture.wait_advert(5, port="r2", family=4)
    n.one.wait_new_worker(victim)
    n.judge(time.time_ns())


def test_crashes_in_a_row_are_fenced_while_nobody_reads_stderr(gateways, clogged):
    n = gateways(prepare=clogged.prepare)
    clogged.fill()
    for _ in range(5):
        victim = n.one.worker()
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda v=victim: v not in n.one.pids(), 5, f"worker {victim} is still there", step=0.001)
    n.two.wait_state("Master")
    n.one.wait_new_worker(victim, 15)
    n.settle()


def test_the_end_is_orderly_while_nobody_reads_stderr(gateways, clogged):
    n = gateways(prepare=clogged.prepare)
    clogged.fill()
    before = time.time_ns()
    n.one.terminate()
    n.two.wait_state("Master")
    assert [advert.priority for _w, _p, advert in n.adverts("r1", family=4, since=before)][-1] == 0
    assert not os.path.exists(n.one.path("vrrpd.pid"))
