#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes tests/golden/checkpoint-N.bin: what a vrrpd that was killed has left, packed into areas of just the size that is needed. Later versions
have to read it (vrrpd/daemon/golden_test.cpp). Run it only for another format, with another N: the old file stays what it is.

Usage: sudo TANDEM_BUILD=build/release tests/golden/checkpoint.py N
"""
import os
import shutil
import struct
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "topotests"))
from harness.routers import Tandem          # noqa: E402
from harness.topology import Topology       # noqa: E402

CONFIGURATION = """hostname r1
interface eth1
 description the LAN
 vrrp 5 priority 210
 vrrp 5 advertisement-interval 100
 vrrp 5 description golden
 vrrp 5 ip 10.10.10.16
 vrrp 5 ip 10.10.10.200/24
 vrrp 5 ipv6 fe80::5
 vrrp 5 ipv6 2001:db8:10::5
 vrrp 7 version 2
 vrrp 7 priority 90
 no vrrp 7 preempt
 vrrp 7 ip 10.10.10.17
 vrrp 7 shutdown
exit
"""
HEAD, AREA, PAGE = struct.Struct("=128xQQ"), struct.Struct("=IIQQ"), 4096    # lib/supervisor/layout.h
BLOB = struct.Struct("=I4xQQQQ")                                             # Blob::Head
HEADER, CONFIGURED, TEXT, SLOTS, FRAMES = range(1, 6)


def rounded(size, unit):
    return -(-size // unit) * unit


def packed_blob(memory, capacity):
    """With areas of this capacity instead of theirs."""
    theirs = (len(memory) - BLOB.size) // 2
    areas = [memory[BLOB.size + which * theirs:BLOB.size + which * theirs + capacity] for which in (0, 1)]
    return memory[:BLOB.size] + b"".join(area.ljust(capacity, b"\0") for area in areas)


def need(memory):
    return rounded(max(BLOB.unpack_from(memory)[1:3]), 8)


def areas_of(data):
    """The elements of each area."""
    _network, used = HEAD.unpack_from(data)
    found = {}
    for number in range(used):
        kind, count, offset, stride = AREA.unpack_from(data, HEAD.size + number * AREA.size)
        found[kind] = [data[at:at + stride] for at in range(offset, offset + count * stride, stride)]
    return found


def pack(data):
    areas = areas_of(data)
    used = [slot for slot in areas[SLOTS] if need(slot)]
    room = max(map(need, used))
    new = {HEADER: areas[HEADER], SLOTS: [packed_blob(slot, room) for slot in used], FRAMES: areas[FRAMES][:2 * len(used)]}
    for kind in (CONFIGURED, TEXT):
        new[kind] = [packed_blob(areas[kind][0], need(areas[kind][0]))]
    table, body = data[:64] + bytes(64) + struct.pack("=QQ", 0, len(new)), b""
    for kind, elements in new.items():
        table += AREA.pack(kind, len(elements), PAGE + len(body), len(elements[0]))
        body += b"".join(elements)
    return table.ljust(PAGE, b"\0") + body


def published(memory):
    """The value of a blob that is current."""
    current, *sizes = BLOB.unpack_from(memory)[:3]
    begin = BLOB.size + (current & 1) * ((len(memory) - BLOB.size) // 2)
    return memory[begin:begin + sizes[current & 1]]


def leave(folder, configuration=CONFIGURATION):
    """The file of a router that was Master, and was killed."""
    topology = Topology()
    router = Tandem(topology, "r1")
    try:
        router.start(text=configuration, options=("-i", os.path.join(folder, "vrrpd.pid")))
        for family in (4, 6):
            router.wait_state("Master", family=family)
        router.kill()
        with open(os.path.join(folder, "vrrpd.checkpoint"), "rb") as file:
            return file.read()
    finally:
        router.close()
        topology.close()


def left(configuration=CONFIGURATION):
    """The same, in a folder in memory that goes afterwards."""
    folder = tempfile.mkdtemp(prefix="tandem-golden-", dir="/dev/shm")
    try:
        return leave(folder, configuration)
    finally:
        shutil.rmtree(folder)


def main(number):
    data = pack(left())
    with open(os.path.join(HERE, f"checkpoint-{number}.bin"), "xb") as file:
        file.write(data)


if __name__ == "__main__":
    main(int(sys.argv[1]))
