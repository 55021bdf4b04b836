# SPDX-License-Identifier: Apache-2.0
"""A host queries an address every few milliseconds. The harness determines which router answered: one, two at once, or none."""
import ipaddress
import socket
import threading
import time

from . import netns
from .packets import ethernet, mac_bytes


class Questions:
    """Sends ARP requests from h1 until close(). The capture contains the answers."""

    def __init__(self, lan, capture, address, interval_ms=5):
        self.capture, self.address, self.interval_ms = capture, address, interval_ms
        namespace = lan.ns("h1")
        link = netns.links(namespace)["eth1"]["address"]
        sender = ipaddress.ip_address("10.10.10.100").packed
        body = bytes.fromhex("0001080006040001") + mac_bytes(link) + sender + bytes(6) + ipaddress.ip_address(address).packed
        self._frame = ethernet("ff:ff:ff:ff:ff:ff", link, 0x0806, body + bytes(18))
        with netns.inside(namespace):
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            self._socket.bind(("eth1", 0))
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def _ask(self):
        while not self._done.wait(self.interval_ms / 1000):
            self._socket.send(self._frame)

    def close(self):
        self._done.set()
        self._thread.join()
        self._socket.close()

    def answers(self, since=0):
        """(when in ns, port) of every reply."""
        return [(f.when, f.port) for f in self.capture.frames(sent=True, since=since)
                if f.arp() and f.arp().operation == 2 and f.arp().sender == self.address]

    def longest_outage(self, since=0):
        """The longest time in ms from a query to the next answer. Time without queries does not count."""
        longest, asked = 0, None
        for frame in self.capture.frames(sent=True, since=since):
            arp = frame.arp()
            if arp and arp.operation == 1 and frame.port == "h1" and arp.target == self.address:
                asked = asked or frame.when
            elif arp and arp.operation == 2 and arp.sender == self.address and asked:
                longest, asked = max(longest, frame.when - asked), None
        return max(longest, time.time_ns() - asked if asked else 0) / 1e6

    def longest_double(self, since=0):
        """The longest time in ms during which more than one port answered: their series of answers overlap."""
        pause = 3 * self.interval_ms * 1_000_000
        series = []    # [port, first, last]
        for when, port in self.answers(since):
            current = next((s for s in reversed(series) if s[0] == port), None)
            if current and when - current[2] <= pause:
                current[2] = when
            else:
                series.append([port, when, when])
        overlaps = [min(a[2], b[2]) - max(a[1], b[1]) for a in series for b in series if a[0] < b[0]]
        return max([0, *overlaps]) / 1e6
