# SPDX-License-Identifier: Apache-2.0
"""A host queries many addresses for any length of time and keeps only two figures: how long an address had no answer, and how long two routers
answered for it. It captures its own packets, and the answers at the ports of the switch."""
import collections
import ctypes
import ipaddress
import select
import socket
import struct
import threading
import time

from . import netns
from .capture import bind_to_all
from .packets import ethernet, mac_bytes
from .topology import HOST4

_SO_TIMESTAMPNS, _SO_RCVBUFFORCE, _SO_ATTACH_FILTER, _ETH_P_ARP = 35, 33, 26, 0x0806
# Classic BPF: accept ARP replies that come in at the port. (A bridge takes the frame before a socket for ARP alone would receive it.)
_REPLIES = [(0x28, 0, 0, 12), (0x15, 0, 5, _ETH_P_ARP),     # ldh the type; ARP, or to the end
            (0x28, 0, 0, 20), (0x15, 0, 3, 2),              # ldh the operation; reply, or to the end
            (0x28, 0, 0, 0xfffff004), (0x15, 1, 0, 4),      # ldh the kind of packet; outgoing: to the end
            (0x06, 0, 0, 128), (0x06, 0, 0, 0)]
_SHOWN_MS = 5    # shorter outages are the pauses between two queries

Outage = collections.namedtuple("Outage", "address milliseconds")
Double = collections.namedtuple("Double", "address milliseconds ports")


class _Address:
    """The time of the first unanswered query (0: none), and for each router its current series of answers, [first, last] in ns."""

    def __init__(self):
        self.asked, self.series = 0, {}


class Watcher:
    """Queries each of the IPv4 `addresses` every `interval_ms` while the block runs."""

    def __init__(self, lan, addresses, interval_ms=20):
        self.interval_ms = interval_ms
        self._addresses = {address: _Address() for address in addresses}
        self._lock, self._done = threading.Lock(), threading.Event()
        self._outage, self._double = Outage("", 0), Double("", 0, ())
        self._ports, self._in = set(lan.routers), self._listen(lan.switch)
        link = netns.links(lan.ns("h1"))["eth1"]["address"]
        head = bytes.fromhex("0001080006040001") + mac_bytes(link) + ipaddress.ip_address(HOST4).packed + bytes(6)
        self._questions = [ethernet("ff:ff:ff:ff:ff:ff", link, _ETH_P_ARP, head + ipaddress.ip_address(address).packed + bytes(18))
                           for address in addresses]
        with netns.inside(lan.ns("h1")):
            self._out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            self._out.bind(("eth1", 0))
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._ask, self._listen_on)]

    @staticmethod
    def _listen(namespace):
        with netns.inside(namespace):
            one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        one.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        one.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 16 << 20)
        program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in _REPLIES))
        one.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HL", len(_REPLIES), ctypes.addressof(program)))
        one.setblocking(False)
        bind_to_all(one)
        return one

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        for thread in self._threads:
            thread.join()
        self._out.close()
        self._in.close()

    def _ask(self):
        """Spreads the queries over the interval: no bursts."""
        step, due = self.interval_ms / 1000 / len(self._questions), time.monotonic()
        while not self._done.is_set():
            for known, question in zip(self._addresses.values(), self._questions):
                with self._lock:
                    known.asked = known.asked or time.time_ns()
                self._out.send(question)
                due += step
                left = due - time.monotonic()
                if left > 0.001:
                    time.sleep(left)
            due = max(due, time.monotonic() - 0.01)

    def _listen_on(self):
        while not self._done.is_set():
            if select.select([self._in], [], [], 0.1)[0]:
                self._take()

    def _take(self):
        for _ in range(256):
            try:
                data, ancillary, _flags, sender = self._in.recvmsg(128, 64)
            except BlockingIOError:
                return
            address, port = socket.inet_ntoa(data[28:32]), sender[0]
            if address in self._addresses and port in self._ports:
                seconds, nanoseconds = struct.unpack("qq", ancillary[0][2][:16])
                with self._lock:
                    self._answered(address, port, seconds * 1_000_000_000 + nanoseconds)

    def _answered(self, address, port, when):
        known = self._addresses[address]
        if known.asked:
            self._note_outage(address, (when - known.asked) / 1e6)
            known.asked = 0
        pause = 3 * self.interval_ms * 1_000_000
        series = known.series.setdefault(port, [when, when])
        if when - series[1] > pause:
            series[0] = when
        series[1] = when
        for other, (first, last) in known.series.items():
            if other != port and when - last <= pause:
                double = (min(last, when) - max(first, series[0])) / 1e6
                if double > self._double.milliseconds:
                    self._double = Double(address, double, tuple(sorted((port, other))))

    def _note_outage(self, address, pause):
        if pause > max(_SHOWN_MS, self._outage.milliseconds):
            self._outage = Outage(address, pause)

    def take(self):
        """Returns (the worst outage, the longest double answer) between the last call and now."""
        with self._lock:
            now = time.time_ns()
            for address, known in self._addresses.items():
                if known.asked:
                    self._note_outage(address, (now - known.asked) / 1e6)
            taken = self._outage, self._double
            self._outage, self._double = Outage("", 0), Double("", 0, ())
            return taken

    def masters(self):
        """Returns {address: the routers that have answered for it recently}."""
        recent = time.time_ns() - 5 * self.interval_ms * 1_000_000
        with self._lock:
            return {address: {port for port, (_first, last) in known.series.items() if last > recent}
                    for address, known in self._addresses.items()}
