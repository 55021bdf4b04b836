# SPDX-License-Identifier: Apache-2.0
"""Queries of a host to an address, and their answers: ARP and neighbour discovery, ping, TCP."""
import socket
import time

from .netns import inside
from .packets import NA


def answers(lan, capture, address):
    """Sends one query, by ARP or ND as a host would. Returns the answering (port, source MAC, link-layer address in the answer, router flag)."""
    since = time.time_ns()
    if ":" in address:
        lan.run("h1", "ndisc6", "-m", "-n", "-r", "1", "-w", "300", address, "eth1", check=False)
        return [(f.port, f.source_mac, f.neighbour().link_layer, f.neighbour().router) for f in capture.frames(sent=True, since=since)
                if f.neighbour() and f.neighbour().kind == NA and f.neighbour().target == address and f.neighbour().solicited]
    lan.run("h1", "arping", "-b", "-c", "1", "-w", "1", "-I", "eth1", address, check=False)
    return [(f.port, f.source_mac, f.arp().sender_mac, True) for f in capture.frames(sent=True, since=since)
            if f.arp() and f.arp().operation == 2 and f.arp().sender == address]


def pings(lan, address, node="h1", *options):
    """Returns whether the address answers an echo request of a node. A link-local address is reached by eth1."""
    zone = "%eth1" if address.startswith("fe80:") and "%" not in address else ""
    return lan.run(node, "ping", "-c", "1", "-W", "1", *options, address + zone, check=False).returncode == 0


def tcp_answers(lan, address, node="h1", port=9):
    """Returns whether a TCP segment to the address gets an answer; a refusal counts."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with inside(lan.ns(node)), socket.socket(family) as connection:
        connection.settimeout(1)
        try:
            connection.connect((address, port))
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
        return True
