# SPDX-License-Identifier: Apache-2.0
"""A conformance tester in place of router 2: sends VRRP with scapy and reports the answers of one router.

scapy builds and dissects each packet of this module, so that neither Tandem's codec nor the harness's codec judges itself.
"""
import contextlib
import logging
import threading
import time

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)    # "No IPv4 address found on lo"
from scapy.layers.inet import IP                              # noqa: E402
from scapy.layers.inet6 import IPv6                           # noqa: E402
from scapy.layers.l2 import Ether                             # noqa: E402
from scapy.layers.vrrp import VRRP, VRRPv3                    # noqa: E402

from .packets import GROUP4, GROUP6, GROUP_MAC, virtual_mac   # noqa: E402
from .topology import VIP4, VIP6                              # noqa: E402

LINK_LOCAL = "fe80::5e00:205"    # Tandem generates this address for VRID 5
PEER = {4: "10.10.10.10", 6: "fe80::10"}
LISTED = {4: [VIP4], 6: [LINK_LOCAL, VIP6]}


def ip_layer(family, source=None, **changes):
    source = source or PEER[family]
    if family == 4:
        return IP(**{"src": source, "dst": GROUP4, "ttl": 255, "proto": 112, "tos": 0xc0, **changes})
    return IPv6(**{"src": source, "dst": GROUP6, "hlim": 255, "nh": 112, **changes})


def vrrp_layer(family, version, priority, interval_ms, **changes):
    fields = {"vrid": 5, "priority": priority, "addrlist": LISTED[family], **changes}
    fields.setdefault("ipcount", len(fields["addrlist"]))
    if version == 2:
        return VRRP(version=2, adv=interval_ms // 1000, auth1=0, auth2=0, **fields)
    return VRRPv3(version=3, adv=interval_ms // 10, **fields)


def packet(family=4, version=3, priority=200, interval_ms=100, ip=None, **changes):
    """Returns a frame as scapy would send it. `ip`: changed fields of IP; `changes`: changed fields of VRRP."""
    vrid = changes.get("vrid", 5)
    return bytes(Ether(src=virtual_mac(vrid, family), dst=GROUP_MAC[family]) / ip_layer(family, **(ip or {})) /
                 vrrp_layer(family, version, priority, interval_ms, **changes))


def dissect(frame):
    """Returns (Ethernet, IP, VRRP) of a captured frame."""
    seen = Ether(frame.data)
    network = seen[IP] if seen.haslayer(IP) else seen[IPv6]
    layer = VRRPv3 if seen.haslayer(VRRPv3) else VRRP
    return seen, network, seen[layer]


@contextlib.contextmanager
def repeating(lan, *frames, interval_ms=100, device="eth1"):
    """Sends the frames from router 2 repeatedly while the block runs."""
    ended = threading.Event()

    def run():
        while not ended.is_set():
            lan.send("r2", *frames, device=device)
            ended.wait(interval_ms / 1000)
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def adverts_of_router(capture, since=0, family=None):
    return capture.adverts("r1", since=since, family=family)


def sent_last(capture, family=None):
    """Returns the time at which the tester's last advert passed the switch."""
    return capture.wait(lambda: capture.adverts("r2", family=family), 2, "an advert of the tester")[-1][0]


def silent_for(capture, nanoseconds, family=None):
    """Checks that the router sends nothing for this time. The tester sends frames meanwhile; their time stamps measure it."""
    began = time.time_ns()
    capture.wait(lambda: [a for a in capture.adverts("r2", family=family) if a[0] - began > nanoseconds], nanoseconds / 1e9 + 5,
                 "adverts of the tester")
    return not adverts_of_router(capture, began, family)
