# SPDX-License-Identifier: Apache-2.0
"""The macvlan of a router that is not Master is down. No program on its machine can send with the virtual MAC, and all keep their route to the
Master."""
import socket
import time

import pytest

from harness import netns
from harness.netns import inside, links
from harness.packets import virtual_mac
from harness.routers import Group
from harness.topology import VIP4, VIP6
from harness.waiting import stays, wait_for

GROUPS = {"interval_ms": 100, "ipv4": (VIP4,), "ipv6": (VIP6,)}
ETHERTYPE_OF_EXPERIMENTS = 0x88B5


@pytest.fixture
def backup(pair):
    one, two = pair
    one.start(Group(priority=210, **GROUPS))
    two.start(Group(priority=200, **GROUPS))
    for family in (4, 6):
        one.wait_state("Master", family=family)
        two.wait_state("Backup", family=family)
    return two


def is_down(router, family=4):
    link = links(router.ns).get(router.macvlan(family=family))
    return link and "UP" not in link["flags"] and link.get("proto_down")


def was_master(one, two):
    """Makes router 2 Master for a while: its macvlans go up, and down again."""
    one.configure("interface eth1", "vrrp 5 priority 100")
    for family in (4, 6):
        two.wait_state("Master", family=family)
        assert not is_down(two, family)
    one.configure("interface eth1", "vrrp 5 priority 210")
    for family in (4, 6):
        two.wait_state("Backup", family=family)
        wait_for(lambda f=family: is_down(two, f), 10, "the macvlan of the former Master is still up")


@pytest.mark.parametrize("before", ["always Backup", "was Master"])
def test_a_container_on_the_backups_interface_reaches_the_gateway(lan, pair, backup, before):
    if before == "was Master":
        was_master(*pair)
    container = lan.ns("h1") + "-box"
    netns.ip(f"netns add {container}")
    try:
        netns.ip(f"link add box link eth1 netns {container} type macvlan mode bridge", ns=backup.ns)
        netns.ip("addr add 10.10.10.77/24 dev box", "addr add 2001:db8:10::77/64 dev box nodad", "link set box up", ns=container)
        for address in (VIP4, VIP6):
            wait_for(lambda a=address: netns.run(["ping", "-c", "1", "-W", "1", a], container, check=False).returncode == 0, 10,
                     f"{address} is out of the container's reach")
    finally:
        netns.ip(f"netns del {container}")


@pytest.mark.parametrize("family", [4, 6])
def test_a_program_that_sets_it_up_and_sends_is_not_heard(lan, backup, family):
    """A DHCP client that serves all interfaces does this."""
    capture = lan.capture()
    device, mac = backup.macvlan(family=family), virtual_mac(5, family)
    frame = bytes.fromhex("ff" * 6 + mac.replace(":", "")) + ETHERTYPE_OF_EXPERIMENTS.to_bytes(2, "big") + bytes(46)
    with inside(backup.ns), socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
        netns.ip(f"link set {device} up")
        sender.bind((device, 0))
        sent = []
        while not sent or not is_down(backup, family):
            try:
                sent.append(sender.send(frame))
            except OSError:    # the macvlan is down again
                break
            time.sleep(0.01)
            assert len(sent) < 1000, f"{device} stays up"
    wait_for(lambda: is_down(backup, family), 5, f"{device} is up")
    stays(lambda: not [f for f in capture.frames("r2", sent=True) if f.source_mac == mac], 0.5, "frames with the virtual MAC", step=0.1)
    assert sent and backup.state(family=family) == "Backup"


def test_ipv6_switched_on_by_hand_says_nothing(lan, backup):
    capture = lan.capture()
    netns.write_sysctl(backup.ns, f"ipv6/conf/{backup.macvlan()}/disable_ipv6", 0)
    netns.write_sysctl(backup.ns, f"ipv6/conf/{backup.macvlan(family=6)}/disable_ipv6", 0)
    ours = (virtual_mac(5, 4), virtual_mac(5, 6))
    stays(lambda: not [f for f in capture.frames("r2", sent=True) if f.source_mac in ours], 1, "frames with the virtual MAC", step=0.1)
