#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes tests/captures/vrrp.pcap: adverts of FRR, keepalived and Tandem as they are on the wire of our topology, a few of each kind. Run it again
when another version of a peer is to be understood; the tests that read the file say what has to be in it.

Usage: sudo TANDEM_BUILD=build/release tests/captures/make.py
"""
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "topotests"))
from harness.routers import Frr, Group, Keepalived, Tandem    # noqa: E402
from harness.topology import Topology                         # noqa: E402

ADVERTS = 8    # of each virtual router
FIVE = ("fe80::5", *(f"2001:db8:10::{last}" for last in range(1, 5)))


def group(vrid, version, ipv4=(), ipv6=(), **more):
    return Group(vrid, priority=200, interval_ms=1000 if version == 2 else 200, version=version, ipv4=ipv4, ipv6=ipv6, **more)


# The number of a virtual router says whose it is, and what: pcap_test.cpp.
ROUTERS = (
    (Frr, [group(11, 2, ("10.10.10.11",)), group(12, 3, ("10.10.10.12", "10.10.10.112")), group(13, 3, ipv6=FIVE)]),
    (Keepalived, [group(21, 2, ("10.10.10.21",)), group(22, 3, ("10.10.10.22", "10.10.10.122")), group(23, 3, ipv6=FIVE),
                  group(24, 2, ("10.10.10.24",), extra=("authentication {", "  auth_type PASS", "  auth_pass secret", "}"))]),
    (Tandem, [group(31, 2, ("10.10.10.31",)), group(32, 3, ("10.10.10.32", "10.10.10.132")), group(33, 3, ipv6=FIVE),
              group(34, 3, ("10.10.10.34",), extra=("no vrrp 34 checksum-with-ipv4-pseudoheader",))]),
)


def adverts(make, groups):
    """The frames with them, in the order in which they came."""
    topology = Topology()
    router = make(topology, "r1")
    try:
        capture = topology.capture()
        router.start(*groups)
        for each in groups:
            capture.wait(lambda: len(capture.adverts("r1", vrid=each.vrid)) >= ADVERTS, 30, f"adverts of group {each.vrid}")    # pylint: disable=cell-var-from-loop
        wanted = {each.vrid: ADVERTS for each in groups}
        for frame in capture.frames("r1", sent=True):
            advert = frame.advert()
            if advert and wanted[advert.vrid] > 0:
                wanted[advert.vrid] -= 1
                yield frame
    finally:
        router.close()
        topology.close()


def main():
    frames = [frame for make, groups in ROUTERS for frame in adverts(make, groups)]
    with open(os.path.join(HERE, "vrrp.pcap"), "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for frame in frames:
            seconds, nanoseconds = divmod(frame.when, 1_000_000_000)
            file.write(struct.pack("<IIII", seconds, nanoseconds // 1000, len(frame.data), len(frame.data)) + frame.data)
    print(f"{len(frames)} adverts")


if __name__ == "__main__":
    main()
