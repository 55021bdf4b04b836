# SPDX-License-Identifier: Apache-2.0
"""Changes of interfaces while the daemon runs: links, addresses, names, and changes of its macvlans by other programs."""
import pytest

from harness import netns
from harness.packets import virtual_mac
from harness.routers import Group
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

GROUPS = {"interval_ms": 100, "ipv4": (VIP4,), "ipv6": (VIP6,)}
LINK_LOCAL = "fe80::5e00:205"


@pytest.fixture
def master(pair):
    """Router 1 is Master of both families, router 2 Backup."""
    one, two = pair
    one.start(Group(priority=210, **GROUPS))
    two.start(Group(priority=200, **GROUPS))
    for family in (4, 6):
        one.wait_state("Master", family=family)
        two.wait_state("Backup", family=family)
    return one


def reason(router, family):
    return router.family(family=family)["initializeReason"]


def test_a_cut_link_leads_to_initialize_and_back(lan, pair, master):
    _, two = pair
    lan.set_link("r1", "down")
    for family in (4, 6):
        master.wait_state("Initialize", family=family)
        assert "eth1" in reason(master, family) and "down" in reason(master, family)
        two.wait_state("Master", family=family)
    assert "Initialize" in master.vtysh("show vrrp").stdout
    lan.set_link("r1", "up")
    for family in (4, 6):
        master.wait_state("Master", family=family)
        two.wait_state("Backup", family=family)
        assert not reason(master, family)
    assert check_alive(lan, VIP4) and check_alive(lan, VIP6)


def test_an_interface_set_down_by_hand_leads_to_initialize_and_back(lan, pair, master):
    _, two = pair
    netns.ip("link set eth1 down", ns=master.ns)
    for family in (4, 6):
        master.wait_state("Initialize", family=family)
        two.wait_state("Master", family=family)
    netns.ip("link set eth1 up", "addr add fe80::15/64 dev eth1 nodad", "addr add 2001:db8:10::15/64 dev eth1 nodad", ns=master.ns)
    for family in (4, 6):
        master.wait_state("Master", family=family)
    assert check_alive(lan, VIP4) and check_alive(lan, VIP6)


@pytest.mark.parametrize("family, address", [(4, "10.10.10.15/24"), (6, "fe80::15/64")])
def test_a_lost_primary_address_leads_to_initialize_and_back(lan, pair, master, family, address):
    _, two = pair
    netns.ip(f"addr del {address} dev eth1", ns=master.ns)
    master.wait_state("Initialize", family=family)
    assert "address" in reason(master, family)
    assert master.state(family=10 - family) == "Master", "the other family has nothing to do with it"
    two.wait_state("Master", family=family)
    netns.ip(f"addr add {address} dev eth1" + (" nodad" if family == 6 else ""), ns=master.ns)
    master.wait_state("Master", family=family)
    assert check_alive(lan, VIP4 if family == 4 else VIP6)


def test_a_changed_primary_address_is_the_source_at_once(lan, master):
    """X10: the source address and the tie-break follow."""
    capture = lan.capture()
    netns.ip("addr add 10.10.10.20/24 dev eth1", "addr del 10.10.10.15/24 dev eth1", ns=master.ns)
    # The kernel removes 10.10.10.20 together with its primary address, unless promote_secondaries is set.
    if "10.10.10.20/24" not in netns.addresses(master.ns, "eth1")["eth1"]:
        netns.ip("addr add 10.10.10.20/24 dev eth1", ns=master.ns)
    capture.wait(lambda: [a for a in capture.adverts("r1", family=4) if a[2].source == "10.10.10.20"], 5, "adverts from the new address")
    assert master.family()["primaryAddress"] == "10.10.10.20"


def check_alive(lan, address):
    return wait_for(lambda: lan.run("h1", "ping", "-c", "1", "-W", "1", address, check=False).returncode == 0, 5, f"{address} is dead")


def heals(lan, master, damage, family):
    """Causes the damage. Router 1 must be Master again with a working macvlan, and must answer with the virtual MAC."""
    device = master.macvlan(family=family)
    done = netns.ip(damage.format(device=device), ns=master.ns, force=True)
    # The daemon may repair it before `ip addr flush` has checked that no address is left.
    assert done.returncode == 0 or "Flush remains incomplete" in done.stdout + done.stderr
    vip, length = (VIP4, 32) if family == 4 else (VIP6, 128)

    def whole():
        link = netns.links(master.ns).get(device)
        return link and "UP" in link["flags"] and f"{vip}/{length}" in netns.addresses(master.ns, device).get(device, [])
    wait_for(whole, 5, lambda: f"{device} is {netns.links(master.ns).get(device)} with {netns.addresses(master.ns).get(device)}")
    master.wait_state("Master", family=family)
    netns.ip("neigh flush all", ns=lan.ns("h1"))
    capture = lan.capture()
    check_alive(lan, vip)
    replies = [f for f in capture.frames("r1", sent=True) if (f.arp() and f.arp().operation == 2) or
               (f.neighbour() and f.neighbour().solicited)]
    assert {f.source_mac for f in replies} == {virtual_mac(5, family)}


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("damage", ["link del {device}", "link set {device} down"])
def test_a_macvlan_removed_or_downed_by_someone_else_heals(lan, master, damage, family):
    heals(lan, master, damage, family)


@pytest.mark.parametrize("damage, family", [(f"addr del {VIP4}/32 dev {{device}}", 4), (f"addr del {VIP6}/128 dev {{device}}", 6),
                                            ("addr flush dev {device}", 4), ("addr flush dev {device}", 6)])
def test_a_virtual_address_removed_by_someone_else_heals(lan, master, damage, family):
    heals(lan, master, damage, family)


def test_a_backup_made_live_by_someone_else_is_silenced(lan, pair, master):
    """An address that another program puts on a Backup's macvlan would be a second gateway."""
    _, two = pair
    device = two.macvlan()
    netns.ip(f"addr add {VIP4}/32 dev {device}", ns=two.ns)
    wait_for(lambda: not netns.addresses(two.ns, device).get(device), 5, "the address is still there")
    netns.ip(f"link del {device}", ns=two.ns)
    wait_for(lambda: device in netns.links(two.ns), 5, "the Backup's macvlan is not there again")
    assert two.state() == "Backup"


def test_a_renamed_interface_is_left_and_found_again(lan, pair, master):
    _, two = pair
    netns.ip("link set eth1 down", "link set eth1 name lan0", "link set lan0 up", ns=master.ns)
    for family in (4, 6):
        master.wait_state("Initialize", family=family)
        assert "eth1" in reason(master, family)
        two.wait_state("Master", family=family)
    netns.ip("link set lan0 down", "link set lan0 name eth1", "link set eth1 up", "addr add fe80::15/64 dev eth1 nodad", ns=master.ns)
    for family in (4, 6):
        master.wait_state("Master", family=family)
    assert check_alive(lan, VIP4)


def test_a_deleted_and_recreated_interface_is_found_again(lan, pair, master):
    _, two = pair
    netns.ip("link del eth1", ns=master.ns)
    for family in (4, 6):
        master.wait_state("Initialize", family=family)
        assert "eth1" in reason(master, family)
        two.wait_state("Master", family=family)
    lan.rewire("r1")
    for family in (4, 6):
        master.wait_state("Master", family=family)
        two.wait_state("Backup", family=family)
    assert check_alive(lan, VIP4)


def test_an_interface_that_comes_later_starts_its_groups(lan, pair):
    """The groups are configured before their interface exists. They wait and report the reason."""
    one, _ = pair
    one.start(Group(interface="later0", interval_ms=100, ipv4=("10.99.0.1",)))
    family = next(g for g in one.show() if g["interface"] == "later0")["v4"]
    assert family["status"] == "Initialize" and "later0" in family["initializeReason"]
    netns.ip("link add later0 type veth peer name later0-end", "link set later0-end up", "addr add 10.99.0.2/24 dev later0", "link set later0 up", ns=one.ns)
    one.wait_state("Master")


def test_many_flaps_end_well(lan, pair, master):
    """In any order of events, the last event decides."""
    _, two = pair
    for _ in range(10):
        netns.ip("addr del 10.10.10.15/24 dev eth1", "addr add 10.10.10.15/24 dev eth1", ns=master.ns)
        lan.set_link("r1", "down")
        lan.set_link("r1", "up")
    master.wait_state("Master", timeout=15)
    two.wait_state("Backup")
    assert check_alive(lan, VIP4)
