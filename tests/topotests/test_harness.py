# SPDX-License-Identifier: Apache-2.0
"""Tests of the harness with the two other makes. Their behaviour is known, so these tests show whether the harness judges correctly."""
import time

import pytest

from harness import election
from harness.capture import tcpdump, tshark
from harness.packets import Advert
from harness.routers import Frr, Group, Keepalived, Speaker
from harness.topology import VIP4, VIP6

LINK_LOCAL = "fe80::5e00:205"


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("first, second", [(Frr, Keepalived), (Keepalived, Frr)])
def test_frr_and_keepalived_elect_one_master_and_fail_over(lan, routers, first, second, family):
    capture = lan.capture()
    listed = {"ipv4": (VIP4,)} if family == 4 else {"ipv6": (LINK_LOCAL, VIP6)}
    one = routers(first, lan, "r1").start(Group(priority=210, interval_ms=200, **listed))
    two = routers(second, lan, "r2").start(Group(priority=200, interval_ms=200, **listed))
    one.wait_state("Master", family=family)
    capture.wait(lambda: len(capture.adverts("r1", family=family)) > 2, 5, "adverts of the better one")
    two.wait_state("Backup", family=family)
    stopped = time.time_ns()
    one.terminate()
    two.wait_state("Master", family=family)
    capture.wait(lambda: len(capture.adverts("r2", family=family, since=stopped)) > 1, 3, "adverts of the survivor")
    found = election.reigns(capture.adverts(family=family), 200)
    assert max(found, key=lambda reign: reign.end).port == "r2"
    assert capture.dropped() == 0


def test_the_judge_sees_two_masters(lan, routers):
    """FRR 8.4.4 accepts only the checksum with pseudo-header, the other router only the one without: both ignore the adverts of the other."""
    capture = lan.capture()
    routers(Frr, lan, "r1").start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    routers(Speaker, lan, "r2", form="message").start(Group(priority=220, interval_ms=100, ipv4=(VIP4,)))
    capture.wait(lambda: election.longest_double(election.reigns(capture.adverts(family=4), 100)) > 500_000_000, 10,
                 "two Masters for half a second")


def test_the_speaker_elects_with_frr(lan, routers):
    capture = lan.capture()
    one = routers(Frr, lan, "r1").start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    two = routers(Speaker, lan, "r2", form="pseudo").start(Group(priority=200, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    two.wait_state("Backup")
    one.terminate()
    two.wait_state("Master")
    assert election.longest_double(election.reigns(capture.adverts(family=4), 100)) <= 200_000_000


def test_own_packets_please_independent_judges(lan, tmp_path):
    """tcpdump and tshark accept the adverts that tests send, except those that a test breaks on purpose."""
    capture = lan.capture()
    good = [Advert(5, 210, [VIP4], "10.10.10.15"), Advert(5, 0, [LINK_LOCAL, VIP6], "fe80::15"),
            Advert(5, 100, [VIP4], "10.10.10.15", version=2)]
    lan.send("r1", *(a.frame() for a in good), Advert(5, 1, [VIP4], "10.10.10.15", checksum_form="bad").frame())
    capture.wait(lambda: len(capture.adverts("r1")) == 4, 2, "four adverts")
    pcap = capture.write_pcap(tmp_path / "own.pcap", "r1", sent=True)
    assert tcpdump(pcap)[0].endswith("IP 10.10.10.15 > 224.0.0.18: VRRPv3, Advertisement, vrid 5, prio 210, intvl 100cs, length 12")
    assert [row[1] for row in tshark(pcap, "vrrp", "vrrp.prio", "vrrp.checksum.status")] == ["1", "1", "1", "0"]
