# SPDX-License-Identifier: Apache-2.0
"""The wall clock jumps a day forward and back; no timer follows it (X12). The jump exists only for the daemon: the machine's clock stays."""
import time

import pytest

from harness.shim import Shim

DAY = 86_400


@pytest.mark.parametrize("role", ["one", "two"])
def test_a_wall_clock_that_jumps_moves_nobody(gateways, role):
    """For the daemon each packet appears to have arrived a day ago, or to arrive in a day."""
    shims = []
    g = gateways(**{"prepare" if role == "one" else "prepare_peer": lambda router: shims.append(Shim(router))})
    for offset in (DAY, -DAY, 0):
        shims[0].clock_offset = offset
        g.wait_adverts("r1", 5)
    assert not g.adverts("r2") and g.longest_gap_ms() < 3 * g.interval_ms
    g.judge(time.time_ns())


def test_a_failover_under_a_wrong_clock_takes_its_usual_time(gateways):
    shims = []
    g = gateways(prepare_peer=lambda router: shims.append(Shim(router)))
    shims[0].clock_offset = DAY
    g.wait_adverts("r1", 2)
    g.lan.set_link("r1", "down")
    g.wait("Master", g.two)
    last, first = g.adverts("r1", family=4)[-1][0], g.adverts("r2", family=4)[0][0]
    assert abs((first - last) / 1e6 - g.down_interval_ms()) < 100
    shims[0].clock_offset = -DAY
    g.lan.set_link("r1", "up")
    g.judge(time.time_ns())


def test_a_commit_on_probation_is_not_confirmed_or_undone_by_the_clock(gateways):
    shims = []
    g = gateways(prepare=lambda router: shims.append(Shim(router)))
    g.one.vtysh("configure private", "interface eth1", "vrrp 5 description trial", "commit confirmed 1")
    for offset in (DAY, -DAY):
        shims[0].clock_offset = offset
        g.wait_adverts("r1", 10)
        assert "description trial" in g.one.vtysh("show running-config").stdout, "a day is over for the clock only"
    g.one.vtysh("commit confirm")
    g.one.configure("interface eth1", "no vrrp 5 description")
    g.judge(time.time_ns())
