# SPDX-License-Identifier: Apache-2.0
"""The kernel refuses requests, loses notifications, or sends too many. In the end the kernel's state is the one that the daemon wants."""
import errno
import os
import time

import pytest

from harness import lateness, netns
from harness.gateway import DOUBLE_MS, SLACK_MS
from harness.routers import Group
from harness.routers.tandem import config_lines
from harness.shim import Shim
from harness.topology import VIP4
from harness.waiting import stays, wait_for

ERRORS = (errno.ENOMEM, errno.EPERM, errno.EBUSY)


@pytest.fixture
def shimmed(gateways):
    """Returns (pair, shim of router 1)."""
    shims = []
    g = gateways(prepare=lambda router: shims.append(Shim(router)))
    return g, shims[0]


def change_hands(g, shim):
    """Router 1 loses its link and gets it back. Returns how many requests it sent until it was Master again."""
    before = shim.requests
    g.lan.set_link("r1", "down")
    g.wait("Initialize", g.one)
    g.lan.set_link("r1", "up")
    g.settle()
    wait_for(lambda: is_whole(g.one), 5, lambda: netns.addresses(g.one.ns))
    return shim.requests - before


def is_whole(router, vrid=5, address=VIP4):
    return f"{address}/32" in netns.addresses(router.ns).get(router.macvlan(vrid), [])


def test_each_single_request_of_a_failover_may_be_refused(shimmed, figure):
    g, shim = shimmed
    count = change_hands(g, shim)
    assert count >= 4, "there is nothing to refuse"
    for number in range(count):
        shim.error = ERRORS[number % len(ERRORS)]
        shim.refuse_at = shim.requests + 1 + number
        change_hands(g, shim)
    figure(f"each of the {count} netlink requests of a failover refused in turn: {shim.refused} refused")
    assert shim.refused >= count - 3, "renewals of leases may have come in between"
    g.judge(time.time_ns())


def start_or_say_why(g):
    """Returns whether the daemon started. If it did not, it must have reported what the kernel refused, and must have left nothing behind."""
    g.one.launch()
    wait_for(lambda: not g.one.pids() or g.one.vtysh("show version", check=False).returncode == 0, 10, g.one.output)
    if not g.one.pids():
        assert any(os.strerror(number) in g.one.read("output.log") for number in ERRORS), g.one.output()
        assert not [name for name in netns.links(g.one.ns) if name.startswith("vrrp")]
    return bool(g.one.pids())


def test_each_single_request_of_start_and_stop_may_be_refused(shimmed, figure):
    g, shim = shimmed
    before = shim.requests
    g.one.terminate()
    g.one.launch()
    g.settle()
    count, refusals = shim.requests - before, 0
    for number in range(count):
        shim.error, shim.refuse_at = ERRORS[number % len(ERRORS)], shim.requests + 1 + number
        g.one.terminate()
        g.wait("Master", g.two)
        if not start_or_say_why(g):
            refusals += 1
            g.one.launch()
        g.settle()
        shim.heal()
    figure(f"each of the {count} netlink requests of a stop and a start refused in turn: {shim.refused} refused, {refusals} times it did not start")
    assert shim.refused >= count - 3
    g.judge(time.time_ns())


@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.get)
def test_a_kernel_that_refuses_half_of_the_requests_for_a_while(shimmed, number):
    """A Master that has no address for a second stays out of the election for 30 s."""
    g, shim = shimmed
    shim.error, shim.refuse_every = number, 2
    for _ in range(3):
        g.lan.set_link("r1", "down")
        g.wait("Initialize", g.one)
        g.lan.set_link("r1", "up")
        g.wait("Master", g.one, 70)
    assert shim.refused
    shim.heal()
    wait_for(lambda: is_whole(g.one), 10, lambda: netns.addresses(g.one.ns))
    g.judge(time.time_ns())


@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.get)
def test_a_master_whose_kernel_takes_no_request_for_a_while(shimmed, number):
    """sendmmsg() itself fails. No event tells the daemon when it would succeed again."""
    g, shim = shimmed
    shim.send_error = number
    netns.ip(f"addr del {VIP4}/32 dev {g.one.macvlan()}", ns=g.one.ns)
    wait_for(lambda: os.strerror(number) in g.one.log(), 5, g.one.log)
    shim.heal()
    end = time.time_ns()
    wait_for(lambda: is_whole(g.one), 5, g.one.log)
    g.judge(end)


def test_a_backup_that_cannot_let_go_goes_on_trying(shimmed):
    """Two routers answer until the kernel accepts the release, and no longer."""
    g, shim = shimmed
    shim.send_error = errno.ENOMEM
    g.two.configure("interface eth1", "vrrp 5 priority 220")
    g.wait("Master", g.two)
    g.wait("Backup", g.one)
    wait_for(lambda: "Cannot allocate memory" in g.one.log(), 5, g.one.log)
    shim.heal()
    healed = time.time_ns()
    wait_for(lambda: not is_whole(g.one), 5, lambda: netns.addresses(g.one.ns))
    wait_for(lambda: g.questions.answers(time.time_ns() - 50_000_000), 5, "no router answers")
    last = max([when for when, port in g.questions.answers() if port == "r1"], default=0)
    assert last <= healed + SLACK_MS * 1_000_000, f"router 1 answered for {(last - healed) / 1e6:.0f} ms more"


def test_what_is_refused_for_good_does_not_hold_up_what_is_refused_once(shimmed):
    """Retries of a permanently refused request become rare. A Backup whose first release is refused must not wait for the next of these rare
    retries."""
    g, shim = shimmed
    g.one.configure("interface eth1", "vrrp 7 ip 10.10.10.77")
    name = g.one.macvlan(7)
    netns.ip(f"link set {name} name old", f"link add {name} type bridge", "link del old", ns=g.one.ns)
    wait_for(lambda: "another interface has that name" in g.one.log(), 5, g.one.log)
    stays(lambda: "another interface has that name" in g.one.log(), 2, "it was refused for a while only")
    shim.error, shim.refuse_every, began = errno.ENOMEM, 1, time.time_ns()
    g.two.configure("interface eth1", "vrrp 5 priority 220")
    wait_for(lambda: shim.refused, 5, g.one.log, step=0.001)
    shim.heal()
    g.wait("Backup", g.one)
    wait_for(lambda: not is_whole(g.one), 5, lambda: netns.addresses(g.one.ns))
    double = g.questions.longest_double(began)
    assert double <= DOUBLE_MS, f"two routers answered for {double:.0f} ms"


def test_lost_notifications_are_made_up_for(shimmed):
    """After ENOBUFS the daemon must read all interfaces again, and must repeat this if the kernel refuses it."""
    g, shim = shimmed
    shim.deaf = 1
    netns.ip(f"addr del {VIP4}/32 dev {g.one.macvlan()}", "addr add 10.10.10.20/24 dev eth1", "addr del 10.10.10.15/24 dev eth1", ns=g.one.ns)
    netns.ip("addr replace 10.10.10.20/24 dev eth1", ns=g.one.ns)
    g.wait_adverts("r1", 3)
    assert g.adverts("r1", family=4)[-1][2].source == "10.10.10.15", "it should not know"
    shim.send_error, shim.overrun, shim.deaf = errno.ENOMEM, 1, 0
    netns.ip("addr add 127.0.0.9/32 dev lo", ns=g.one.ns)    # causes a notification, so that the daemon reads
    wait_for(lambda: "cannot read the interfaces of the kernel" in g.one.log(), 5, g.one.log)
    g.wait_adverts("r1", 3)
    assert g.one.state() == "Master", "what it knew is still good enough"
    shim.heal()
    end = time.time_ns()
    wait_for(lambda: is_whole(g.one), 5, lambda: netns.addresses(g.one.ns))
    g.capture.wait(lambda: [a for a in g.adverts("r1", family=4) if a[2].source == "10.10.10.20"], 5, "adverts from the new address")
    g.judge(end)


@pytest.mark.alone
def test_fifty_thousand_foreign_routes_disturb_nobody(gateways, figure):
    g = gateways()
    routes = [f"10.{100 + n // 65536}.{n // 256 % 256}.{n % 256}/32" for n in range(25_000)]
    began = time.monotonic()
    for what in ("add", "del"):
        netns.ip(*(f"route {what} blackhole {route}" for route in routes), ns=g.one.ns)
    gap = g.longest_gap_ms()
    figure(f"50 000 foreign route changes in {time.monotonic() - began:.1f} s: longest pause between adverts {gap:.0f} ms (interval {g.interval_ms} ms)")
    assert gap <= 2 * g.interval_ms and not g.adverts("r2")
    g.judge(time.time_ns())


@pytest.mark.alone
def test_fifty_thousand_foreign_address_changes_overrun_it_and_disturb_nobody(gateways, figure):
    """The daemon subscribes to these changes; each causes a notification."""
    g = gateways()
    netns.ip("link add foreign type bridge", "link set foreign up", ns=g.one.ns)
    listed = [f"10.200.{n // 250}.{n % 250 + 1}/32" for n in range(2_500)]
    began = time.monotonic()
    for _ in range(10):
        for what in ("add", "del"):
            netns.ip(*(f"addr {what} {address} dev foreign" for address in listed), ns=g.one.ns)
    netns.ip(f"addr del {VIP4}/32 dev {g.one.macvlan()}", ns=g.one.ns)
    end = time.time_ns()
    wait_for(lambda: is_whole(g.one), 5, lambda: netns.addresses(g.one.ns, g.one.macvlan()))
    gap = g.longest_gap_ms()
    figure(f"50 000 foreign address changes in {time.monotonic() - began:.1f} s: longest pause between adverts {gap:.0f} ms (interval {g.interval_ms} ms)")
    assert gap <= 2 * g.interval_ms and not g.adverts("r2")
    g.judge(end)


def adverts_until_now_and_after(capture, which):
    """Returns the adverts of router 1 until now and some later ones, so that a pause that lasts until now lies between two adverts."""
    chosen = lambda: [advert for advert in capture.adverts("r1") if which(advert[2])]    # noqa: E731
    enough = len(chosen()) + 50
    capture.wait(lambda: len(chosen()) >= enough, 10, "adverts go on")
    return chosen()


def start_masters(router, lease, interval_ms):
    """Starts groups 1 to 8 as Masters with their addresses."""
    groups = [Group(vrid, 210, interval_ms, ipv4=(f"10.10.11.{vrid}",)) for vrid in range(1, 9)]
    router.start(text=f"vrrp address-lease {lease}\n" + config_lines(groups))
    router.wait_state("Master", vrid=8)
    wait_for(lambda: all(is_whole(router, vrid, f"10.10.11.{vrid}") for vrid in range(1, 9)), 5, "not all have their addresses")


def test_adverts_do_not_wait_for_addresses(lan, pair, figure):
    """A change of an interface waits while other programs hold the kernel's lock for changes of interfaces, possibly for long."""
    one, interval_ms, wait_ms = pair[0], 50, 500
    shim = Shim(one)
    start_masters(one, 0, interval_ms)
    capture = lan.capture()
    shim.address_delay = wait_ms
    one.configure("interface eth1", "vrrp 9 ip 10.10.11.9")
    wait_for(lambda: shim.delayed == 1, 20, "nothing is claimed")
    shim.address_delay = 0
    wait_for(lambda: is_whole(one, 9, "10.10.11.9"), 5, "it is not claimed when the kernel has time")
    others = adverts_until_now_and_after(capture, lambda advert: advert.vrid != 9)
    late = lateness.of(others, interval_ms * 1_000_000)
    figure(f"an address that takes {wait_ms} ms: adverts are at most {late[-1] / 1000:.1f} ms late")
    assert lateness.missed(others, interval_ms * 1_000_000) <= 0 and late[-1] / 1000 < interval_ms / 2


def test_adverts_do_not_wait_for_the_renewal_of_leases(lan, pair, figure):
    """A renewal waits while other programs hold the kernel's lock for changes of interfaces, possibly for long."""
    one, interval_ms, wait_ms = pair[0], 50, 500
    shim = Shim(one)
    start_masters(one, 3, interval_ms)
    capture = lan.capture()
    shim.address_delay = wait_ms
    wait_for(lambda: shim.delayed >= 4, 20, "nothing is renewed")
    shim.address_delay = 0
    adverts = adverts_until_now_and_after(capture, lambda advert: True)
    late = lateness.of(adverts, interval_ms * 1_000_000)
    figure(f"{shim.delayed} renewals that take {wait_ms} ms: adverts are at most {late[-1] / 1000:.1f} ms late")
    assert lateness.missed(adverts, interval_ms * 1_000_000) <= 0 and late[-1] / 1000 < interval_ms / 2
