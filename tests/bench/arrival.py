#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The cost of a packet through the gateway for the router's kernel, to the real MAC address of its interface and to the virtual one, with and without
the rules of doc/decisions/0038. As root:

    TANDEM_BUILD=build/release tests/bench/arrival.py [--before BUILD]

Sends UDP datagrams from h1 to an address that r1 forwards to a dummy neighbour, in bunches of 64 (sendmmsg). A veth pair passes each datagram to the
router in the sender's context, so the duration of the call is that of the path through the router. Prints nanoseconds per packet, the minimum of all
bunches: on a busy machine the other bunches say little. `--before`: a build without the rules, to measure the virtual MAC address when packets arrive
by the macvlan.
"""
import argparse
import ctypes
import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "topotests"))
from harness import netns                                    # noqa: E402
from harness.packets import virtual_mac                      # noqa: E402
from harness.routers import Tandem                           # noqa: E402
from harness.topology import Topology                        # noqa: E402

BUNCH, ROUNDS = 64, 20_000
BEYOND = "10.40.0.1"


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class Message(ctypes.Structure):
    _fields_ = [("name", ctypes.c_void_p), ("name_size", ctypes.c_uint32), ("vector", ctypes.c_void_p), ("vectors", ctypes.c_size_t),
                ("control", ctypes.c_void_p), ("control_size", ctypes.c_size_t), ("flags", ctypes.c_int)]


class Entry(ctypes.Structure):
    _fields_ = [("message", Message), ("size", ctypes.c_uint32)]


def frame(target, source):
    payload = bytes(18)
    udp = struct.pack("!HHHH", 1000, 9, 8 + len(payload), 0) + payload
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, socket.inet_aton("10.10.10.100"), socket.inet_aton(BEYOND))
    total = sum(struct.unpack("!10H", head))
    total = (total & 0xffff) + (total >> 16)
    head = head[:10] + struct.pack("!H", ~(total + (total >> 16)) & 0xffff) + head[12:]
    return bytes.fromhex((target + source).replace(":", "")) + b"\x08\x00" + head + udp


def nanoseconds(lan, target):
    """Returns nanoseconds per packet, the minimum of all bunches."""
    libc = ctypes.CDLL(None, use_errno=True)
    source = netns.links(lan.ns("h1"))["eth1"]["address"]
    data = ctypes.create_string_buffer(frame(target, source))
    vector = Vector(ctypes.addressof(data), len(data) - 1)
    entries = (Entry * BUNCH)()
    for entry in entries:
        entry.message.vector, entry.message.vectors = ctypes.addressof(vector), 1
    with netns.inside(lan.ns("h1")), socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as out:
        out.bind(("eth1", 0))
        best = None
        for _ in range(ROUNDS):
            began = time.perf_counter_ns()
            libc.sendmmsg(out.fileno(), entries, BUNCH, 0)
            took = (time.perf_counter_ns() - began) / BUNCH
            best = took if best is None else min(best, took)
    return best


def run(build, groups, label, target_of):
    os.environ["TANDEM_BUILD"] = build
    os.environ["TANDEM_YANG_DIR"] = os.path.join(build, "..", "..", "yang")
    lan = Topology(server=True)
    router = Tandem(lan, "r1")
    try:
        # A direct cable: the measurement would include a bridge between both.
        netns.ip("link del r1", ns=lan.switch, force=True)
        netns.ip("link del eth1", ns=lan.ns("h1"))
        netns.ip(f"link add eth1 netns {lan.ns('r1')} type veth peer name eth1 netns {lan.ns('h1')}")
        for node, last in (("r1", 15), ("h1", 100)):
            netns.ip("link set eth1 up", f"addr add 10.10.10.{last}/24 dev eth1", ns=lan.ns(node))
        netns.ip("link add sink type veth peer name drain", "link set sink up", "addr add 10.41.0.1/24 dev sink",
                 "neigh add 10.41.0.2 lladdr 02:00:00:00:00:99 dev sink", f"route add {BEYOND} via 10.41.0.2 dev sink", ns=lan.ns("r1"))
        netns.ip("link set drain up", ns=lan.ns("r1"))
        if groups:
            router.start(text="interface eth1\n" + "".join(f" vrrp {v} advertisement-interval 1000\n vrrp {v} ip 10.10.10.{v}\n"
                                                           for v in range(16, 16 + groups)))
            for vrid in (16, 15 + groups):
                router.wait_state("Master", vrid=vrid)
            time.sleep(1)
        print(f"{nanoseconds(lan, target_of(lan)):8.0f}  {label}", flush=True)
    finally:
        router.close()
        lan.close()


def real(lan):
    return netns.links(lan.ns("r1"))["eth1"]["address"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--before")
    options = parser.parse_args()
    build = os.environ.get("TANDEM_BUILD", "build/release")
    print("ns for each packet")
    run(build, 0, "real MAC address, no daemon", real)
    run(build, 1, "real MAC address, Master of one group", real)
    run(build, 1, "virtual MAC address, Master of one group", lambda lan: virtual_mac(16, 4))
    run(build, 200, "real MAC address, Master of 200 groups", real)
    run(build, 200, "virtual MAC address, Master of 200 groups", lambda lan: virtual_mac(16, 4))
    if options.before:
        run(options.before, 1, "real MAC address, Master of one group, before", real)
        run(options.before, 1, "virtual MAC address, Master of one group, before", lambda lan: virtual_mac(16, 4))


main()
