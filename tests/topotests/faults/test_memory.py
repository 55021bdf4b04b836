# SPDX-License-Identifier: Apache-2.0
"""Groups, transitions and sessions that come and go do not grow the memory. tools/check asan runs this test with AddressSanitizer, too."""
import os
import signal

import pytest

from harness import programs
from harness.routers import Group
from harness.topology import VIP4
from harness.waiting import wait_for

pytestmark = pytest.mark.alone
VRIDS = range(20, 120)
GROWTH = {"heapInUseBytes": 256 << 10, "residentBytes": 1 << 20}    # a leak of 100 bytes for each router would be half of the first limit


def memory(router):
    found = router.show("show memory json")
    return {key: found[key] for key in GROWTH}


def churn(lan, router):
    """Two hundred virtual routers come and go, and each flaps once. Shells connect and vanish."""
    router.configure("interface eth1", *(f"vrrp {v} ip 10.10.11.{v}" for v in VRIDS), *(f"vrrp {v} ipv6 2001:db8:10::{v}" for v in VRIDS))
    lan.set_link("r1", "down")
    router.wait_state("Initialize", vrid=VRIDS[-1])
    lan.set_link("r1", "up")
    router.wait_state("Backup", vrid=VRIDS[-1])
    for _ in range(10):
        router.vtysh("show vrrp detail json", "show vrrp history json", "show running-config")
    os.kill(router.pids()[0], signal.SIGHUP)    # reload the file
    wait_for(lambda: len(router.show()) == 1, 10, "groups are left")


def test_memory_after_churn_is_what_it_was(lan, pair, figure):
    one, _ = pair
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    for _ in range(3):    # fills what the daemon keeps on purpose: the history of commits, the last lines of the log
        churn(lan, one)
    before = memory(one)
    for _ in range(4):
        churn(lan, one)
    after = memory(one)
    figure("memory of the worker after 800 virtual routers came and went: " +
           ", ".join(f"{key} {before[key] >> 10} KiB before, {after[key] >> 10} after" for key in GROWTH))
    if programs.look_for_leaks():
        return    # AddressSanitizer has a heap of its own, which keeps freed memory for a while; it reports at the end whether all was freed
    assert all(after[key] - before[key] < limit for key, limit in GROWTH.items()), (before, after)
