# SPDX-License-Identifier: Apache-2.0
"""Accept mode off: a Master answers for its virtual addresses and forwards for them, but accepts no packet that is sent to them."""
import pytest

from harness import netns
from harness.packets import virtual_mac
from harness.questions import answers, pings, tcp_answers
from harness.routers import Group, Tandem
from harness.topology import SERVER4, SERVER6, VIP4, VIP6
from harness.waiting import wait_for

LINK_LOCAL = "fe80::5e00:205"
ADDRESSES = [VIP4, VIP6, LINK_LOCAL]
OFF = "no vrrp 5 accept-mode"
GROUPS = {"interval_ms": 100, "ipv4": (VIP4,), "ipv6": (VIP6,)}


@pytest.fixture
def wide(networks):
    """The network with the far side."""
    return networks(server=True)


@pytest.fixture
def one(wide, routers):
    """Router 1, Master of both families, with accept mode off."""
    router = routers(Tandem, wide, "r1")
    router.start(Group(priority=210, extra=(OFF,), **GROUPS))
    wait_masters(router)
    return router


def wait_masters(router):
    for family in (4, 6):
        router.wait_state("Master", family=family)


def tables(router):
    """Returns the nftables tables in the router's namespace with their families, except those of test_arrival.py."""
    every = netns.run(["nft", "list", "tables"], router.ns).stdout.split("\n")[:-1]
    return [table for table in every if not table.startswith("table netdev tandem") and not table.endswith(".redirects")]


# ---- which packets are dropped

@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_sent_to_a_virtual_address_is_dropped(wide, one, address):
    """From the LAN, with the virtual MAC or the real one as destination, and from the far side. The router's own addresses are not affected."""
    assert not pings(wide, address)
    assert pings(wide, "10.10.10.15") and pings(wide, "2001:db8:10::15") and pings(wide, "fe80::15")
    assert pings(wide, address, "r1") or address == LINK_LOCAL, "the machine itself may"
    if address != LINK_LOCAL:
        assert not tcp_answers(wide, address) and tcp_answers(wide, "10.10.10.15")
        netns.ip(f"route add {address} via {'10.20.0.1' if address == VIP4 else '2001:db8:20::1'}", ns=wide.ns("s1"))
        assert not pings(wide, address, "s1")
        mac = netns.links(one.ns)["eth1"]["address"]
        netns.ip(f"neigh replace {address} lladdr {mac} dev eth1", ns=wide.ns("h1"))
        assert not pings(wide, address)


def test_the_machine_itself_reaches_a_link_local_virtual_address(wide, one):
    assert pings(wide, f"{LINK_LOCAL}%{one.macvlan(family=6)}", "r1")


@pytest.mark.parametrize("address", ADDRESSES)
def test_arp_and_neighbour_discovery_are_answered(wide, one, address):
    vmac = virtual_mac(5, 6 if ":" in address else 4)
    assert answers(wide, wide.capture(), address) == [("r1", vmac, vmac, True)]


def test_a_host_probes_that_its_gateway_is_there(wide, one):
    """Neighbour unreachability detection: the host sends a unicast solicitation to the virtual address (RFC 4861 §7.3)."""
    text = wide.run("h1", "ndisc6", "-n", "-r", "1", "-w", "500", "-s", "2001:db8:10::100", VIP6, "eth1", check=False).stdout
    assert virtual_mac(5, 6).upper() in text.upper()
    pings(wide, SERVER6)
    netns.ip(f"neigh change {VIP6} dev eth1 nud probe", ns=wide.ns("h1"))
    wait_for(lambda: "REACHABLE" in wide.run("h1", "ip", "neigh", "show", VIP6).stdout, 5, "the probe is not answered")


@pytest.mark.parametrize("server, family", [(SERVER4, 4), (SERVER6, 6)])
def test_forwarding_goes_on(wide, one, server, family):
    """The router forwards through the virtual address, and reports by ICMP a packet that it cannot forward."""
    assert pings(wide, server)
    hop = wide.run("h1", "ping", "-c", "1", "-W", "1", "-t", "1", server, check=False).stdout
    assert "exceeded" in hop.lower(), hop


def test_adverts_are_received_and_a_failover_works(wide, one, routers):
    """A Backup that has accept mode on takes over the same addresses as Master."""
    two = routers(Tandem, wide, "r2")
    two.start(Group(priority=200, **GROUPS))
    for family in (4, 6):
        two.wait_state("Backup", family=family)
    one.configure("interface eth1", "vrrp 5 shutdown")
    wait_masters(two)
    for address in ADDRESSES:
        wait_for(lambda: pings(wide, address), 5, f"{address} of router 2 is not accepted")
    one.configure("interface eth1", "no vrrp 5 shutdown")
    wait_masters(one)
    assert not any(pings(wide, address) for address in ADDRESSES)


# ---- switching accept mode

def test_it_is_switched_at_run_time_and_disturbs_nobody(wide, routers):
    one = routers(Tandem, wide, "r1")
    one.start(Group(priority=210, **GROUPS))
    wait_masters(one)
    assert all(pings(wide, address) for address in ADDRESSES) and tables(one) == []
    before = [one.family(family=f)["stats"]["transitions"] for f in (4, 6)]
    for _ in range(2):
        one.configure("interface eth1", OFF)
        assert not any(pings(wide, address) for address in ADDRESSES)
        assert one.group()["acceptMode"] is False and OFF in one.vtysh("show running-config").stdout
        one.configure("interface eth1", "vrrp 5 accept-mode")
        assert all(pings(wide, address) for address in ADDRESSES)
        assert one.group()["acceptMode"] is True and tables(one) == []
    assert [one.family(family=f)["stats"]["transitions"] for f in (4, 6)] == before


def test_the_default_of_all_groups(wide, routers):
    """`no vrrp default accept-mode` applies to the groups without a setting of their own."""
    one = routers(Tandem, wide, "r1")
    one.start(text=f"no vrrp default accept-mode\ninterface eth1\n vrrp 5 advertisement-interval 100\n vrrp 5 ip {VIP4}\n"
                   " vrrp 6 advertisement-interval 100\n vrrp 6 accept-mode\n vrrp 6 ip 10.10.10.17\n")
    one.wait_state("Master")
    one.wait_state("Master", vrid=6)
    assert not pings(wide, VIP4) and pings(wide, "10.10.10.17")
    one.configure("vrrp default accept-mode")
    assert pings(wide, VIP4) and pings(wide, "10.10.10.17")


def test_an_address_that_is_added_later(wide, one):
    one.configure("interface eth1", "vrrp 5 ip 10.10.10.17", "vrrp 5 ipv6 2001:db8:10::17")
    capture = wide.capture()
    for address, family in (("10.10.10.17", 4), ("2001:db8:10::17", 6)):
        wait_for(lambda: answers(wide, capture, address) == [("r1", virtual_mac(5, family), virtual_mac(5, family), True)], 3,
                 f"no answer for {address}")
        assert not pings(wide, address)


def test_the_same_address_on_two_interfaces(wide, routers):
    """Off on one interface and on on the other: the link-local address of a VRID is the same on all interfaces."""
    one = routers(Tandem, wide, "r1")
    both = {"interval_ms": 100, "ipv4": ("10.99.0.1",), "ipv6": (LINK_LOCAL,)}
    one.start(Group(priority=210, extra=(OFF,), **both), Group(priority=210, interface="eth2", **both))
    for name in ("eth1", "eth2"):
        for version in ("v4", "v6"):
            wait_for(lambda: next(g for g in one.show() if g["interface"] == name)[version]["status"] == "Master", 5, "not Master")
    for node in ("h1", "s1"):
        netns.ip("route add 10.99.0.1 dev eth1", ns=wide.ns(node))
    assert not pings(wide, "10.99.0.1") and not pings(wide, LINK_LOCAL)
    assert pings(wide, "10.99.0.1", "s1") and pings(wide, LINK_LOCAL, "s1")


def test_an_address_that_another_interface_has_stays_reachable_there(wide, routers):
    """Otherwise an operator's typing error would take the machine's own address away."""
    one = routers(Tandem, wide, "r1")
    one.start(Group(priority=210, interval_ms=100, ipv4=("10.20.0.1",), extra=(OFF,)))
    one.wait_state("Master")
    netns.ip("route replace 10.20.0.1 dev eth1", ns=wide.ns("h1"))
    assert pings(wide, "10.20.0.1", "s1") and not pings(wide, "10.20.0.1")


# ---- the owners of tables

FOREIGN = "table inet mine { chain input { type filter hook input priority 0; counter; }; }\n"


def test_tables_of_others_are_left_alone_and_ours_withstands_a_flush(wide, one):
    """Firewalls execute `flush ruleset` first when they reload."""
    assert tables(one) == ["table inet tandem"]
    for command in ("delete table inet tandem", "flush ruleset"):
        netns.run(["nft", command], one.ns, check=False)
        assert tables(one) == ["table inet tandem"] and not pings(wide, VIP4)
    netns.run(["nft", "-f", "-"], one.ns, input=FOREIGN)
    one.configure("interface eth1", "vrrp 5 ip 10.10.10.17")
    one.configure("interface eth1", "vrrp 5 accept-mode")
    assert tables(one) == ["table inet mine"]


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_the_tables_go_with_the_daemon(one, end):
    netns.run(["nft", "-f", "-"], one.ns, input=FOREIGN)
    getattr(one, end)()
    wait_for(lambda: tables(one) == ["table inet mine"], 2, lambda: f"left: {tables(one)}")


def test_an_instance_has_a_table_of_its_own(wide, routers):
    one = routers(Tandem, wide, "r1")
    one.start(Group(priority=210, extra=(OFF,), **GROUPS), options=("-N", "lab"))
    one.wait_state("Master")
    assert tables(one) == ["table inet tandem-lab"] and not pings(wide, VIP4)


def test_a_kernel_that_refuses_the_filter_refuses_the_commit(wide, routers):
    """The kernel refuses because another program has a table of that name. That table stays unchanged."""
    one = routers(Tandem, wide, "r1")
    one.start(Group(priority=210, **GROUPS))
    wait_masters(one)
    netns.run(["nft", "add table inet tandem"], one.ns)
    before = one.vtysh("show running-config").stdout
    done = one.configure("interface eth1", OFF, check=False)
    assert done.returncode != 0
    assert "vrrp 5 on eth1: accept-mode cannot be switched off: packet filter (nftables table tandem): " in done.stdout + done.stderr
    assert "File exists" in done.stdout + done.stderr
    assert one.vtysh("show running-config").stdout == before and tables(one) == ["table inet tandem"]
    netns.run(["nft", "delete table inet tandem"], one.ns)
    one.configure("interface eth1", OFF)
    assert not pings(wide, VIP4)


def test_a_gateway_starts_though_the_filter_is_refused_and_says_so(wide, routers):
    one = routers(Tandem, wide, "r1")
    netns.run(["nft", "add table inet tandem"], one.ns)
    one.start(Group(priority=210, extra=(OFF,), **GROUPS))
    wait_masters(one)
    assert "vrrp 5 on eth1: accept-mode cannot be switched off: packet filter" in one.log() and pings(wide, VIP4)
    netns.run(["nft", "delete table inet tandem"], one.ns)
    wait_for(lambda: "the packet filter is loaded now" in one.log(), 3, one.log)
    assert not pings(wide, VIP4)
