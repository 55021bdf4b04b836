# SPDX-License-Identifier: Apache-2.0
"""Adverts keep their schedule while the daemon makes or removes macvlans by the thousand.

To make them keeps two processors busy for a second, and the host of a virtual machine may take some of that time away: then even the
interrupt of a timer is late. So this is compared with what it is while somebody else makes as many (tests/bench/punctuality.py).
"""
import os
import signal

import pytest

from harness import crowd, lateness, netns
from harness.programs import program
from harness.routers import Group
from harness.routers.tandem import config_lines
from harness.waiting import wait_for

pytestmark = pytest.mark.alone

INTERVAL_MS = 100
VRIDS = range(1, 51)
ROUNDS = 20    # adverts of each group for one figure


@pytest.fixture
def busy(lan, pair):
    """Router 1: Master of 50 groups; four more interfaces, on which 1 020 groups find room."""
    one, _ = pair
    crowd.add_parents(one.ns)
    one.start(*few())
    wait_for(lambda: summary(one) == {"Master"}, 10, "router 1 is not Master of its 50 groups")
    # What is measured is what the daemon does to itself: whoever else uses the processors does not count.
    os.sched_setscheduler(one.worker(), os.SCHED_FIFO, os.sched_param(1))    # its first thread, which speaks the protocol
    return one


def few():
    return [Group(vrid, priority=210, interval_ms=INTERVAL_MS, ipv4=(f"10.10.10.{150 + vrid}",)) for vrid in VRIDS]


def summary(router):
    return {group["v4"]["status"] for group in router.show()}


def macvlans(router):
    return len([name for name in netns.links(router.ns) if name.startswith("vrrp")])


def measure(capture, during):
    """Lateness of the adverts on eth1 from now until a while after `during` has ended; None for at rest."""
    capture.clear()
    if during:
        during()
    start = len(capture.adverts("r1"))
    capture.wait(lambda: len(capture.adverts("r1")) >= start + ROUNDS * len(VRIDS), 30, "adverts go on")
    assert capture.dropped() == 0
    adverts = capture.adverts("r1")
    assert lateness.missed(adverts, INTERVAL_MS * 1_000_000) <= 0
    return lateness.of(adverts, INTERVAL_MS * 1_000_000)


def test_adverts_keep_their_schedule_while_1020_groups_come_and_go(lan, pair, busy, figure):
    capture, elsewhere = lan.capture(), pair[1].ns
    busy.write("many.conf", config_lines(crowd.groups()))

    def come():
        netns.run([program("vtysh"), "--vty_socket", busy.dir, "-f", busy.path("many.conf")], busy.ns)
        wait_for(lambda: macvlans(busy) == len(VRIDS) + 2 * crowd.GROUPS, 60, "not all macvlans are there", step=0.2)

    def go():
        os.kill(busy.pids()[0], signal.SIGHUP)
        wait_for(lambda: macvlans(busy) == len(VRIDS), 60, "macvlans are left", step=0.2)

    cases = {"nothing happens": None, "others make macvlans": lambda: crowd.add_macvlans(elsewhere),
             "1 020 groups come": come, "1 020 groups go": go}
    late = {what: [] for what in cases}

    def excess():
        crowd.add_parents(elsewhere)
        for what, during in cases.items():
            late[what].append(measure(capture, during))
            figure(f"advert lateness while {what:21} {lateness.summary(late[what][-1])}")
        crowd.remove_parents(elsewhere)
        rest, others, came, went = (lateness.calmest(samples) for samples in late.values())
        return max(lateness.excess(came, others), lateness.excess(went, rest))

    assert lateness.least_disturbed(excess, limit=1000) <= 1000
