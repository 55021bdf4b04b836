# SPDX-License-Identifier: Apache-2.0
"""A change of one group never disturbs another: the adverts of 200 groups on the wire while the test changes, deletes and creates one of them."""
import os
import statistics
import subprocess
import time

import pytest

from harness import lateness
from harness.programs import program
from harness.routers import Group
from harness.waiting import wait_for

pytestmark = pytest.mark.alone

INTERVAL_MS = 100
INTERVAL = INTERVAL_MS * 1_000_000
VRIDS = range(1, 201)
CHANGED, NEW = 100, 201
CHANGES = 15    # rounds of LINES
ROUNDS = 80     # adverts of each group at rest: they take as long as the changes

LINES = f"""configure terminal
interface eth1
vrrp {CHANGED} priority 150
vrrp {CHANGED} description changed
vrrp {CHANGED} ip 10.10.11.250
vrrp {CHANGED} advertisement-interval 50
no vrrp {CHANGED} ip 10.10.11.250
vrrp {CHANGED} shutdown
no vrrp {CHANGED} shutdown
vrrp {NEW} ip 10.10.11.201
no vrrp {NEW}
no vrrp {CHANGED}
vrrp {CHANGED} ip 10.10.11.{CHANGED}
end
configure private
interface eth1
vrrp {CHANGED} priority 210
vrrp {CHANGED} advertisement-interval {INTERVAL_MS}
vrrp {NEW} ip 10.10.11.201
commit
no vrrp {NEW}
commit
end
"""


@pytest.fixture
def master(pair):
    one, _ = pair
    one.start(*(Group(vrid, priority=210, interval_ms=INTERVAL_MS, ipv4=(f"10.10.11.{vrid}",)) for vrid in VRIDS))
    wait_for(lambda: {group["v4"]["status"] for group in one.show()} == {"Master"}, 10, "router 1 is not Master of its groups")
    # Measures only delays that the daemon causes itself: other programs cannot preempt it.
    os.sched_setscheduler(one.pids()[0], os.SCHED_FIFO, os.sched_param(1))    # the first thread runs the protocol
    return one


def change_all_the_time(router, capture):
    """Changes the group in one session of the shell, as fast as it answers. Reads the capture meanwhile: on a busy machine its queue would
    overflow."""
    argv = ["ip", "netns", "exec", router.ns, program("vtysh"), "--vty_socket", router.dir]
    end, lines, output = time.monotonic() + 120, LINES * CHANGES, None
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as shell:
        while output is None:
            try:
                output = shell.communicate(lines, timeout=1)[0]
            except subprocess.TimeoutExpired:
                lines = None    # communicate() already has them
                capture.frames()
                if time.monotonic() > end:
                    shell.kill()
                    raise
    assert shell.returncode == 0, output[-500:]


def measure(capture, during):
    """Returns the adverts of all groups except the changed ones, from now until some time after the end of `during`."""
    others = [vrid for vrid in VRIDS if vrid != CHANGED]
    capture.clear()
    during()
    start = len(capture.adverts("r1"))
    capture.wait(lambda: len(capture.adverts("r1")) >= start + ROUNDS * len(others), 60, "adverts go on")
    assert capture.dropped() == 0
    return [a for a in capture.adverts("r1") if a[2].vrid in others]


def earliness(adverts):
    """Returns by how much the earliest advert of each group was ahead of its schedule, in us. The schedule is the position of most of its adverts."""
    times = {}
    for when, _port, advert in adverts:
        times.setdefault(advert.vrid, []).append(when)
    early = []
    for whens in times.values():
        phases = [when - round((when - whens[0]) / INTERVAL) * INTERVAL for when in whens]
        early.append((statistics.median(phases) - min(phases)) / 1000)
    return max(early)


def test_changes_of_one_group_leave_the_adverts_of_199_others_alone(lan, master, figure):
    capture = lan.capture()

    def change():
        quiet = measure(capture, lambda: None)
        busy = measure(capture, lambda: change_all_the_time(master, capture))
        for name, adverts in (("at rest", quiet), ("while one group is changed", busy)):
            late = lateness.of(adverts, INTERVAL)
            figure(f"199 groups {name}: {lateness.summary(late)}, early by at most {earliness(adverts):.0f} us")
            assert lateness.missed(adverts, INTERVAL) <= 0
            assert {a[2].priority for a in adverts} == {210}, "no group resigned"
        return max(lateness.excess(lateness.of(busy, INTERVAL), lateness.of(quiet, INTERVAL)), earliness(busy) - earliness(quiet))

    assert lateness.least_disturbed(change, limit=1000) <= 1000
    states = {group["vrid"]: group["v4"]["stats"]["transitions"] for group in master.show() if group["vrid"] in VRIDS}
    assert {count for vrid, count in states.items() if vrid != CHANGED} == {2}, "Initialize, Backup, Master: once, and never again"
