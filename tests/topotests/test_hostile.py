# SPDX-License-Identifier: Apache-2.0
"""Bad input: packets, frames on the socket, a second daemon, missing privileges. The state does not change, and the counters do."""
import os
import random
import re
import socket
import struct
import time

import pytest

from harness import packets
from harness.netns import inside
from harness.packets import Advert, vrrp_frame
from harness.programs import program
from harness.routers import Group, Tandem
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

PEER4, PEER6 = "10.10.10.10", "fe80::10"
LINK_LOCAL = "fe80::5e00:205"


def good(**changes):
    return Advert(**{**dict(vrid=5, priority=254, addresses=[VIP4], source=PEER4, interval_ms=100), **changes})


def good6(**changes):
    return good(**{**dict(addresses=[LINK_LOCAL, VIP6], source=PEER6), **changes})


def patched(advert, offset, value, fix_checksum=True):
    """Returns a frame of the advert with the message bytes from `offset` replaced and the checksum corrected."""
    body = bytearray(advert.message())
    body[offset:offset + len(value)] = value
    if fix_checksum:
        body[6:8] = b"\0\0"
        group = packets.GROUP4 if advert.family == 4 else packets.GROUP6
        head = packets.pseudo_header(advert.source, group, len(body)) if advert.version == 3 else b""
        body[6:8] = struct.pack("!H", packets.checksum(head + bytes(body)))
    return vrrp_frame(advert.source, bytes(body), packets.virtual_mac(5, advert.family), advert.ttl)


CARP = bytes.fromhex("2105000700010000") + bytes(28)    # X1: 36 bytes, looks like version 2
# Name, frame, family, the counter in the group's JSON that must increase.
BAD_PACKETS = [
    ("ttl 254", good(ttl=254).frame(), 4, "ttl"), ("hop limit 1", good6(ttl=1).frame(), 6, "ttl"),
    ("checksum", good(checksum_form="bad").frame(), 4, "checksum"), ("checksum of IPv6", good6(checksum_form="bad").frame(), 6, "checksum"),
    ("version 2 for a version 3 group", good(version=2, interval_ms=1000).frame(), 4, "version"),
    ("version 4", patched(good(), 0, b"\x41"), 4, None), ("type 2", patched(good(), 0, b"\x32"), 4, "type"),
    ("count 2, one address", patched(good(), 3, b"\x02"), 4, "length"),
    ("count 0", patched(good(addresses=[]), 3, b"\x00"), 4, "addressCountZero"),
    ("interval 0", patched(good(), 4, b"\0\0"), 4, "intervalZero"),
    ("IPv6 without link-local address first", good6(addresses=[VIP6, LINK_LOCAL]).frame(), 6, "firstAddress"),
    ("our own source address", good(source="10.10.10.15").frame(), 4, None),    # Linux drops it as a martian
    ("CARP", vrrp_frame(PEER4, CARP, "00:00:5e:00:01:05"), 4, None),
    ("other VRID", good(vrid=77).frame(), 4, None),
    ("not to the group", vrrp_frame(PEER4, good().message(), "00:00:5e:00:01:05", destination="10.10.10.15"), 4, None),
    ("a header cut short", good().frame()[:34], 4, None), ("garbage of the right protocol", vrrp_frame(PEER4, b"\xff" * 64, "00:00:5e:00:01:05"), 4, None),
]


@pytest.fixture
def master(lan, routers):
    one = routers(Tandem, lan, "r1")
    one.start(Group(priority=100, interval_ms=100, ipv4=(VIP4,), ipv6=(VIP6,)))
    for family in (4, 6):
        one.wait_state("Master", family=family)
    return one


def unmoved(router, before):
    return [router.family(family=f)["stats"]["transitions"] for f in (4, 6)] == before and \
        {router.state(family=4), router.state(family=6)} == {"Master"}


def transitions(router):
    return [router.family(family=f)["stats"]["transitions"] for f in (4, 6)]


def test_each_bad_packet_is_counted_and_has_no_effect(lan, master):
    """Each packet would end the mastership if the router accepted it: priority 254 against 100."""
    for name, frame, family, counter in BAD_PACKETS:
        before, moves = master.family(family=family)["stats"]["errors"], transitions(master)
        lan.send("r2", frame, frame)
        if counter:
            wait_for(lambda: master.family(family=family)["stats"]["errors"][counter] == before[counter] + 2, 2,
                     lambda: f"{name}: {counter} is {master.family(family=family)['stats']['errors']}, was {before}")
        assert unmoved(master, moves), name


def test_the_good_packet_does_take_the_mastership(lan, master):
    """Without this check the test above would prove nothing. The router ignores reserved bits (R28) and padding (X4)."""
    lan.send("r2", good().frame() + bytes(14))
    master.wait_state("Backup")
    master.wait_state("Master")
    lan.send("r2", patched(good(), 4, b"\xf0\x0a"))
    master.wait_state("Backup")
    lan.send("r2", good6().frame())
    master.wait_state("Backup", family=6)


def test_truncated_packets_of_every_length(lan, master):
    moves = transitions(master)
    for advert in (good(addresses=[VIP4, "10.10.10.17"]), good6()):
        message = advert.message()
        for length in range(len(message)):
            lan.send("r2", vrrp_frame(advert.source, message[:length], packets.virtual_mac(5, advert.family)))
    wait_for(lambda: sum(sum(master.family(family=f)["stats"]["errors"].values()) for f in (4, 6)) > 0, 3, "nothing was counted")
    assert unmoved(master, moves)


def test_thousands_of_random_packets(lan, master):
    """The packets come from a seed. They must not flood the log either (R34)."""
    chance, moves, logged = random.Random(5798), transitions(master), master.log().count("\n")
    frames = []
    for _ in range(1500):
        body = chance.randbytes(chance.randrange(0, 60))
        frames.append(vrrp_frame(PEER4, body, "00:00:5e:00:01:05", chance.choice([255, 255, 1])))
        frames.append(vrrp_frame(PEER6, body, "00:00:5e:00:02:05"))
        damaged = bytearray(good().message())
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        frames.append(vrrp_frame(PEER4, bytes(damaged), "00:00:5e:00:01:05"))
    lan.send("r2", *frames)
    assert master.vtysh("show version").returncode == 0
    assert unmoved(master, moves)
    assert master.log().count("\n") - logged < 100, "a warning for each packet"


def test_a_flood_of_warnings_is_one_line_with_the_peer(lan, master):
    lan.send("r2", *[good(ttl=1).frame()] * 500)
    wait_for(lambda: master.family()["stats"]["errors"]["ttl"] >= 500, 3, "the packets were not counted")
    lines = [line for line in master.log().splitlines() if PEER4 in line]
    assert 1 <= len(lines) <= 10, lines


def test_made_up_senders_get_a_few_lines_and_a_summary(lan, master):
    """No host can fill the log. Afterwards the daemon logs new senders again."""
    before = len(master.log().splitlines())
    lan.send("r2", *[good(ttl=1, source=f"10.10.10.{20 + i}").frame() for i in range(200)])
    wait_for(lambda: master.family()["stats"]["errors"]["ttl"] >= 200, 3, "the packets were not counted")
    wait_for(lambda: "more messages about packets were left out" in master.log(), 15, "nothing is summed up")
    assert len(master.log().splitlines()) - before <= 10
    assert re.search(r"VRRP-060\] 19\d more messages .*: vrrp 5 on eth1 \(IPv4\): TTL or hop limit is not 255 \(19\d\)", master.log())
    lan.send("r2", good(ttl=1, source="10.10.10.250").frame())
    wait_for(lambda: "10.10.10.250" in master.log(), 3, "a trouble after the flood is not logged")


def test_what_goes_on_is_said_once_and_what_differs_is_named(lan, master):
    other = good(priority=1, addresses=[VIP4, "10.10.10.17", "10.10.10.18"], interval_ms=300)
    for _ in range(3):
        lan.send("r2", *[other.frame()] * 5)
    text = r"10\.10\.10\.10 advertises other addresses than those configured here: it has 10\.10\.10\.17 and 1 more besides"
    wait_for(lambda: re.search(text, master.log()), 3, "the addresses are not named")
    lan.send("r2", *[good(priority=1, addresses=["10.10.10.19"], interval_ms=300).frame()] * 5)
    wait_for(lambda: "it lacks 10.10.10.16, and has 10.10.10.19 besides" in master.log(), 3, "another list is no news")
    assert master.log().count("advertises other addresses") == 2
    assert master.log().count("advertises an interval of 300 ms") == 1


def connect(router):
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(5)
    client.connect(router.path("vrrpd.vty"))
    return client


def test_garbage_on_the_socket(master):
    chance, moves = random.Random(1), transitions(master)
    for blob in (b"", b"\0", b"\xff" * 4, b"\xff" * 100000, b"show vrrp\0", chance.randbytes(5000), b"\0\0\0\x10", b"\x00\x00\x00\x00" * 50):
        with connect(master) as client:
            try:
                client.sendall(blob)
                client.shutdown(socket.SHUT_WR)
                while client.recv(65536):
                    pass
            except OSError:
                pass    # the daemon may close the connection
        assert master.pids() and master.vtysh("show version").returncode == 0
    assert unmoved(master, moves)


def test_idle_and_many_clients_do_not_stop_it(master):
    idle = []
    try:
        for _ in range(300):
            try:
                idle.append(connect(master))
            except OSError:
                break
        moves = transitions_when_possible(master, idle)
        assert unmoved(master, moves)
    finally:
        for client in idle:
            client.close()


def transitions_when_possible(router, idle):
    """The daemon limits the number of sessions. After some sessions close, a new one must succeed."""
    for client in idle[20:]:    # clients in the queue take the place of a few
        client.close()
    return wait_for(lambda: router.vtysh("show vrrp json", check=False).returncode == 0 and transitions(router), 5, "no session is accepted any more")


def test_a_second_vrrpd_gives_up_with_one_line(master):
    argv = [program("vrrpd"), "-f", master.path("vrrpd.conf"), "-i", master.path("vrrpd.pid"), "--vty_socket", master.dir,
            "--state-dir", master.path("state")]
    process = master.spawn(argv, "second.log")
    assert process.wait(10) == 1
    lines = master.read("second.log").splitlines()
    assert len(lines) == 1 and "running" in lines[0], lines
    assert master.pids() and master.state() == "Master" and master.vtysh("show version").returncode == 0


def test_a_state_directory_is_of_one_vrrpd(master):
    """The second vrrpd does not undo the changes that the first one made and recorded."""
    sysctl = "/proc/sys/net/ipv4/conf/eth1/arp_ignore"
    os.makedirs(master.path("other"), exist_ok=True)
    process = master.spawn([program("vrrpd"), "-f", master.path("missing.conf"), "-i", master.path("other.pid"), "--vty_socket", master.path("other"),
                            "--state-dir", master.path("state")], "third.log")
    assert process.wait(10) == 1
    lines = master.read("third.log").splitlines()
    assert len(lines) == 1 and master.path("state") in lines[0] and "--state-dir" in lines[0], lines
    with inside(master.ns), open(sysctl, encoding="ascii") as file:
        assert file.read().strip() == "1", "the first needs it"
    assert master.state() == "Master"


def test_without_privileges_it_gives_up_with_one_line(lan, routers):
    one = routers(Tandem, lan, "r1")
    os.chmod(one.dir, 0o777)
    one.write("vrrpd.conf", "interface eth1\n vrrp 5 ip 10.10.10.16\n")
    os.makedirs(one.path("state"))
    os.chmod(one.path("state"), 0o777)
    process = one.launch(user="nobody", group="nogroup", extra_groups=[])
    assert process.wait(10) == 1
    lines = one.read("output.log").splitlines()
    assert len(lines) == 1 and any(word in lines[0] for word in ("root", "CAP_NET", "privilege")), lines


def test_it_drops_what_it_does_not_need(master):
    """After the start it has only CAP_NET_ADMIN (12) and CAP_NET_RAW (13), and cannot gain privileges."""
    with open(f"/proc/{master.worker()}/status", encoding="ascii") as file:
        status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 1 << 12 | 1 << 13
    assert status["NoNewPrivs"].strip() == "1"


def test_a_storm_of_valid_adverts_keeps_the_daemon_responsive(lan, master):
    """Priority-0 bursts (X14): each makes the Master advertise at once, but hosts keep their gateway."""
    burst = [good(priority=0).frame()] * 300
    began = time.monotonic()
    lan.send("r2", *burst)
    assert master.vtysh("show version").returncode == 0 and time.monotonic() - began < 3
    assert master.state() == "Master"
