# SPDX-License-Identifier: Apache-2.0
"""A daemon that did not run (stopped, or on a starved machine) draws no conclusions from what it could not hear."""
import os
import signal

import pytest

from harness.routers import Group
from harness.waiting import stays, wait_for

pytestmark = pytest.mark.alone

# A short interval and many groups: more adverts wait for the stopped daemon than it reads at a time.
VRIDS = range(1, 61)
INTERVAL_MS = 10


def groups(priority):
    return [Group(vrid, priority=priority, interval_ms=INTERVAL_MS, ipv4=(f"10.10.10.{100 + vrid}",)) for vrid in VRIDS]


def states(router):
    return {group["v4"]["status"] for group in router.show()}


def test_a_stopped_backup_does_not_take_over_when_it_goes_on(lan, pair):
    one, two = pair
    alone = ("--no-supervisor",)    # a supervisor would replace the worker
    one.start(*groups(210), options=alone)
    wait_for(lambda: states(one) == {"Master"}, 5, "router 1 is not Master of all")
    two.start(*groups(200), options=alone)
    wait_for(lambda: states(two) == {"Backup"}, 5, "router 2 is not Backup of all")
    before = {group["vrid"]: group["v4"]["stats"]["transitions"] for group in two.show()}
    victim = two.pids()[0]
    capture = lan.capture()
    os.kill(victim, signal.SIGSTOP)
    try:  # ten times the Master Down Interval of 32 ms
        capture.wait(lambda: len(capture.adverts("r1", vrid=60)) >= 32, 5, "32 adverts of the Master's last group")
    finally:
        os.kill(victim, signal.SIGCONT)
    stays(lambda: not capture.adverts("r2"), 0.3, "the Backup advertised although the Master never paused")
    assert {group["vrid"]: group["v4"]["stats"]["transitions"] for group in two.show()} == before
