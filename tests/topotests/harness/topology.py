# SPDX-License-Identifier: Apache-2.0
"""The networks of the tests. They consist of namespaces, veth pairs, and one bridge per LAN.

    sw   the switch: br0 with ports r1, r2, h1 (the LAN), br1 with ports r1w, r2w, s1 (the far side)
    r1   eth1 10.10.10.15/24  fe80::15  2001:db8:10::15/64    eth2 10.20.0.1/24   2001:db8:20::1/64
    r2   eth1 10.10.10.10/24  fe80::10  2001:db8:10::10/64    eth2 10.20.0.2/24   2001:db8:20::2/64
    r3   eth1 10.10.10.12/24  fe80::12  2001:db8:10::12/64    eth2 10.20.0.3/24   2001:db8:20::3/64     (if requested)
    h1   eth1 10.10.10.100/24 2001:db8:10::100/64, default routes through the virtual addresses
    s1   eth1 10.20.0.100/24  2001:db8:20::100/64             replies go directly to h1 through eth9, so that a ping
                                                              measures the gateway in one direction only

All namespaces have the prefix tt<pid>- (or TANDEM_TOPO_PREFIX). close() removes them; it also runs at exit.
"""
import atexit
import itertools
import os
import socket

from . import netns
from .capture import Capture

VIP4, VIP6 = "10.10.10.16", "2001:db8:10::16"
HOST4, HOST6 = "10.10.10.100", "2001:db8:10::100"
SERVER4, SERVER6 = "10.20.0.100", "2001:db8:20::100"
_LAN = {"r1": 0x15, "r2": 0x10, "r3": 0x12}    # the last part of a router's addresses: 10.10.10.15 is fe80::15
_count = itertools.count(1)


class Topology:
    """`hub`: the LAN floods each frame to all ports. `server`: with the far side. `routers`: 2 or 3."""

    def __init__(self, hub=False, server=False, routers=2):
        self._prefix = os.environ.get("TANDEM_TOPO_PREFIX", f"tt{os.getpid()}-") + f"{next(_count)}-"
        self._captures = []
        self.routers = list(_LAN)[:routers]
        self._nodes = ["sw", *self.routers, "h1"] + (["s1"] if server else [])
        self._open = True
        atexit.register(self.close)
        netns.ip(*(f"netns add {self.ns(node)}" for node in self._nodes))
        self._switch("br0", "ageing_time 0" if hub else "ageing_time 30000")
        for node in self._nodes[1:]:
            netns.ip("link set lo up", ns=self.ns(node))
        for router in self.routers:
            self._router(router)
        self._host()
        if server:
            self._far_side()

    def ns(self, node):
        return self._prefix + node

    @property
    def switch(self):
        return self.ns("sw")

    def _switch(self, bridge, options):
        for name in ("default", "all"):    # the switch itself must not send
            netns.write_sysctl(self.switch, f"ipv6/conf/{name}/disable_ipv6", 1)
        netns.ip(f"link add {bridge} type bridge mcast_snooping 0 stp_state 0 forward_delay 0 {options}", f"link set {bridge} up",
                 ns=self.switch)

    def _wire(self, node, device, port, bridge, *addresses):
        """Creates a link from a node to the switch. IPv6 runs without duplicate address detection, so that a test need not wait for it."""
        netns.ip(f"link add {device} netns {self.ns(node)} type veth peer name {port} netns {self.switch}")
        netns.ip(f"link set {port} master {bridge} up", ns=self.switch)
        netns.ip(f"link set {device} addrgenmode none", f"link set {device} up",
                 *(f"addr add {a} dev {device}" + (" nodad" if ":" in a else "") for a in addresses), ns=self.ns(node))

    def _router(self, router):
        netns.write_sysctl(self.ns(router), "ipv4/ip_forward", 1)
        netns.write_sysctl(self.ns(router), "ipv6/conf/all/forwarding", 1)
        self.rewire(router)

    def rewire(self, router):
        """Creates a router's LAN interface again after a deletion."""
        last = _LAN[router]
        self._wire(router, "eth1", router, "br0", f"10.10.10.{last:x}/24", f"fe80::{last:x}/64", f"2001:db8:10::{last:x}/64")

    def _host(self):
        self._wire("h1", "eth1", "h1", "br0", f"{HOST4}/24", "fe80::100/64", f"{HOST6}/64")
        netns.ip(f"route add default via {VIP4}", f"route add ::/0 via {VIP6}", ns=self.ns("h1"))

    def _far_side(self):
        self._switch("br1", "")
        for number, router in enumerate(self.routers, 1):
            self._wire(router, "eth2", f"{router}w", "br1", f"10.20.0.{number}/24", f"fe80::{number}/64", f"2001:db8:20::{number}/64")
        self._wire("s1", "eth1", "s1", "br1", f"{SERVER4}/24", "fe80::100/64", f"{SERVER6}/64")
        host, server = self.ns("h1"), self.ns("s1")
        netns.ip(f"link add eth9 netns {host} type veth peer name eth9 netns {server}")
        for space in (host, server):
            netns.ip("link set eth9 up", ns=space)
            for name in ("all", "eth9"):
                netns.write_sysctl(space, f"ipv4/conf/{name}/rp_filter", 0)
        mac = netns.links(host)["eth9"]["address"]
        netns.ip(f"route add {HOST4}/32 dev eth9", f"neigh add {HOST4} lladdr {mac} dev eth9",
                 f"route add {HOST6}/128 dev eth9", f"neigh add {HOST6} lladdr {mac} dev eth9", ns=server)

    def capture(self):
        """Captures all frames that pass the LAN's ports from now on."""
        capture = Capture(self.switch, [*self.routers, "h1"])
        self._captures.append(capture)
        return capture

    def set_link(self, router, state):
        """Sets the router's LAN link: "down" removes the carrier, "up" restores it."""
        netns.ip(f"link set {router} {state}", ns=self.switch)

    def run(self, node, *argv, **options):
        return netns.run(list(argv), self.ns(node), **options)

    def send(self, node, *frames, device="eth1"):
        """Sends frames unchanged from a node's interface."""
        with netns.inside(self.ns(node)), socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as out:
            out.bind((device, 0))
            for frame in frames:
                out.send(frame)

    def close(self):
        if not self._open:
            return
        self._open = False
        atexit.unregister(self.close)
        for capture in self._captures:
            capture.close()
        existing = set(os.listdir("/run/netns"))
        netns.ip(*(f"netns del {self.ns(node)}" for node in self._nodes if self.ns(node) in existing), force=True)
