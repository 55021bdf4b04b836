# SPDX-License-Identifier: Apache-2.0
"""Rules of the election that are visible on the wire: owner, preemption and its delay, equal priorities, immediate answers."""
import time

import pytest

from harness import election
from harness.netns import addresses
from harness.packets import Advert
from harness.routers import Group, Tandem
from harness.topology import VIP4, VIP6

OWN4, OWN6 = "10.10.10.15", "2001:db8:10::15"


@pytest.fixture
def owner(lan, pair):
    """Router 1 owns the addresses: its interface has them. Its configured priority then has no effect."""
    one, two = pair
    capture = lan.capture()
    group = {"interval_ms": 100, "ipv4": (OWN4,), "ipv6": ("fe80::15", OWN6)}
    two.start(Group(priority=254, **group))
    two.wait_state("Master")
    began = time.time_ns()
    one.start(Group(priority=1, **group))
    for family in (4, 6):
        one.wait_state("Master", family=family)
        two.wait_state("Backup", family=family)
    return one, two, capture, began


def test_the_owner_has_priority_255_and_does_not_wait(owner):
    one, _, capture, began = owner
    for family in (4, 6):
        assert one.family(family=family)["effectivePriority"] == 255
        first = capture.wait_advert(2, port="r1", family=family, since=began)
        assert first[2].priority == 255
        double = election.longest_double(election.reigns(capture.adverts(family=family), 100))
        assert double <= 200_000_000
    assert one.group()["priority"] == 1


def test_the_owner_keeps_its_addresses_when_it_stops(owner):
    one, two, _, _ = owner
    one.terminate()
    assert addresses(one.ns, "eth1")["eth1"] == ["10.10.10.15/24", f"{OWN6}/64", "fe80::15/64"]
    two.wait_state("Master")


def test_losing_and_getting_back_the_owned_address_changes_the_priority(lan, owner):
    """The daemon derives the owner from the interface's addresses, at any time."""
    one, two, _, _ = owner
    lan.run("r1", "ip", "addr", "add", "10.10.10.77/24", "dev", "eth1")
    lan.run("r1", "sysctl", "-qw", "net.ipv4.conf.eth1.promote_secondaries=1")
    lan.run("r1", "ip", "addr", "del", "10.10.10.15/24", "dev", "eth1")
    two.wait_state("Master")
    one.wait_state("Backup")
    assert one.family()["effectivePriority"] == 1
    lan.run("r1", "ip", "addr", "add", "10.10.10.15/24", "dev", "eth1")
    one.wait_state("Master")
    assert one.family()["effectivePriority"] == 255


def test_without_preemption_the_lesser_master_stays(lan, pair):
    one, two = pair
    two.start(Group(priority=100, interval_ms=100, ipv4=(VIP4,)))
    two.wait_state("Master")
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,), preempt=False))
    one.wait_state("Backup")
    capture = lan.capture()
    capture.wait(lambda: len(capture.adverts("r2")) > 10, 5, "ten adverts of router 2")
    assert capture.adverts("r1") == [] and one.state() == "Backup"
    two.terminate()
    one.wait_state("Master")


def test_a_preempt_delay_is_waited_for(lan, pair):
    one, two = pair
    two.start(Group(priority=100, interval_ms=100, ipv4=(VIP4,)))
    two.wait_state("Master")
    capture, began = lan.capture(), time.time_ns()
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,), extra=("vrrp 5 preempt delay 2",)))
    first = capture.wait_advert(6, port="r1", since=began)
    assert 2_000_000_000 <= first[0] - began <= 2_800_000_000
    two.wait_state("Backup")


def test_a_preempt_delay_does_not_delay_a_failover(lan, pair):
    one, two = pair
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    two.start(Group(priority=200, interval_ms=100, ipv4=(VIP4,), extra=("vrrp 5 preempt delay 30",)))
    two.wait_state("Backup")
    lan.set_link("r1", "down")
    two.wait_state("Master", timeout=2)


def test_equal_priorities_are_decided_by_the_address(lan, pair):
    """The rule also holds directly after a transition: router 2 is Master when router 1, with equal priority and the higher address, returns to the
    LAN."""
    one, two = pair
    group = Group(priority=100, interval_ms=100, ipv4=(VIP4,), ipv6=(VIP6,))
    lan.set_link("r2", "down")
    one.start(group)
    two.start(group)
    one.wait_state("Master", family=6)
    capture = lan.capture()
    lan.set_link("r2", "up")
    for family in (4, 6):
        two.wait_state("Backup", family=family)
        one.wait_state("Master", family=family)
        assert election.longest_double(election.reigns(capture.adverts(family=family), 100)) <= 200_000_000


def test_simultaneous_masters_are_decided_by_the_address(lan, pair):
    """Both become Master while they are cut off from each other. When the LAN is whole again, the higher address stays Master without a pause."""
    one, two = pair
    group = Group(priority=100, interval_ms=100, ipv4=(VIP4,), ipv6=(VIP6,))
    lan.run("sw", "bridge", "link", "set", "dev", "r2", "state", "0")    # the port keeps its carrier, but passes no frames
    one.start(group)
    two.start(group)
    for family in (4, 6):
        one.wait_state("Master", family=family)
        two.wait_state("Master", family=family)
    before = one.family()["stats"]["transitions"]
    lan.run("sw", "bridge", "link", "set", "dev", "r2", "state", "3")
    for family in (4, 6):
        two.wait_state("Backup", family=family)
    assert one.family()["stats"]["transitions"] == before and one.state() == "Master"


def test_a_losing_advertisement_is_answered_at_once(lan, pair):
    """RFC 9568 §6.4.3 (R66). The Master answers priority 0 at once, too (R62)."""
    one, _ = pair
    one.start(Group(priority=200, interval_ms=2000, ipv4=(VIP4,)))
    one.wait_state("Master", timeout=15)
    capture = lan.capture()
    for priority in (100, 0):
        capture.wait_advert(5, port="r1")    # the next regular advert would come two seconds later
        sent = time.time_ns()
        lan.send("r2", Advert(5, priority, [VIP4], "10.10.10.10", interval_ms=2000).frame())
        answer = capture.wait_advert(1, port="r1", since=sent)
        assert answer[0] - sent < 50_000_000


def test_a_priority_zero_is_followed_after_the_skew_time(lan, pair):
    one, _ = pair
    one.start(Group(priority=200, interval_ms=1000, ipv4=(VIP4,)))
    capture = lan.capture()
    lan.send("r2", Advert(5, 250, [VIP4], "10.10.10.10").frame())
    lan.send("r2", Advert(5, 0, [VIP4], "10.10.10.10").frame())
    resigned = capture.wait(lambda: [a for a in capture.adverts("r2") if a[2].priority == 0], 2, "the resignation")[0][0]
    first = capture.wait_advert(3, port="r1", since=resigned)
    assert abs(first[0] - resigned - election.skew_ns(200, 1000)) < 30_000_000


def test_the_adverts_keep_to_their_schedule(lan, routers):
    """The next deadline is the previous deadline plus the interval, not the wake-up plus the interval: no drift over a hundred adverts."""
    one = routers(Tandem, lan, "r1").start(Group(priority=200, interval_ms=20, ipv4=(VIP4,)))
    one.wait_state("Master")
    capture = lan.capture()
    capture.wait(lambda: len(capture.adverts("r1")) > 200, 10, "200 adverts")
    times = [when for when, _port, _advert in capture.adverts("r1")]
    mean = (times[200] - times[0]) / 200
    assert abs(mean - 20_000_000) < 40_000, f"{mean / 1e6:.4f} ms instead of 20 ms"
