# SPDX-License-Identifier: Apache-2.0
"""Captures every frame at a set of interfaces of one namespace, with the kernel's time stamps.

The kernel queues the frames in a large receive buffer. The harness parses them when a test asks, so that a capture does not disturb a running
measurement. `write_pcap` writes them for tshark and tcpdump, which are independent judges.
"""
import ctypes
import os
import select
import socket
import struct
import time

from .netns import inside, run
from .packets import Frame

_SO_RCVBUFFORCE, _SO_TIMESTAMPNS, _PACKET_OUTGOING, _ETH_P_ALL = 33, 35, 4, 3
_SOL_PACKET, _PACKET_STATISTICS = 263, 6
_BUFFER = 64 << 20
_SO_ATTACH_FILTER = 26
# Classic BPF: load the packet type (SKF_AD_OFF + SKF_AD_PKTTYPE). Accept the whole packet if the type is incoming or outgoing, else nothing.
_NOT_OUTGOING = struct.pack("=" + "HBBI" * 4, 0x28, 0, 0, 0xfffff004, 0x15, 0, 1, _PACKET_OUTGOING, 0x06, 0, 0, 0, 0x06, 0, 0, 0xffffffff)
_ONLY_OUTGOING = struct.pack("=" + "HBBI" * 4, 0x28, 0, 0, 0xfffff004, 0x15, 1, 0, _PACKET_OUTGOING, 0x06, 0, 0, 0, 0x06, 0, 0, 0xffffffff)


def bind_to_all(one):
    """Binds a packet socket to all interfaces, later ones included. Python's bind() requires an interface name."""
    address = struct.pack("=HHiHBB8s", socket.AF_PACKET, socket.htons(_ETH_P_ALL), 0, 0, 0, 0, b"")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.bind(one.fileno(), address, len(address)):
        raise OSError(ctypes.get_errno(), "bind")


class Capture:
    """Frames at the switch's ports. `sent` is true for a frame that came from the router or host behind the port."""

    def __init__(self, namespace, ports, one_way=False, own=False):
        """`one_way`: the kernel queues only the frames that come from the router behind the single port; for floods. `own`: the namespace and the
        port belong to the router, so an outgoing frame counts as sent."""
        self._ports, self._own = set(ports), own
        with inside(namespace):
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.setblocking(False)
        if one_way:
            self._attach_filter()
            self._socket.bind((ports[0], _ETH_P_ALL))
        else:
            bind_to_all(self._socket)
        self._frames = []

    def _attach_filter(self):
        program = ctypes.create_string_buffer(_ONLY_OUTGOING if self._own else _NOT_OUTGOING)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HL", 4, ctypes.addressof(program)))

    def frames(self, port=None, sent=None, since=0):
        """Returns the frames captured so far, oldest first; `since` in ns of CLOCK_REALTIME."""
        self._drain()
        return [f for f in self._frames
                if (port is None or f.port == port) and (sent is None or f.sent == sent) and f.when >= since]

    def adverts(self, port=None, vrid=None, family=None, since=0):
        """Returns (when, port, Advert) of the routers' advertisements."""
        found = []
        for frame in self.frames(port, sent=True, since=since):
            advert = frame.advert()
            if advert and vrid in (None, advert.vrid) and family in (None, advert.family):
                found.append((frame.when, frame.port, advert))
        return found

    def wait_advert(self, timeout, what="an advertisement", **which):
        """Waits for a new advertisement that passes the filter `which` (port, vrid, family, priority) and returns it."""
        priority = which.pop("priority", None)
        which.setdefault("since", time.time_ns())
        return self.wait(lambda: next((a for a in self.adverts(**which) if priority in (None, a[2].priority)), None), timeout, what)

    def wait(self, test, timeout, what):
        """Waits until `test()` is true; calls it again for every new frame."""
        end = time.monotonic() + timeout
        while True:
            value = test()
            if value:
                return value
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not captured within {timeout:g} s: {what}")
            select.select([self._socket], [], [], min(left, 0.2))

    def _drain(self):
        """Reads the frames that have arrived before this call, and no later ones: on a busy machine frames may arrive faster than this loop reads
        them."""
        now = time.time_ns()
        while not self._frames or self._frames[-1].when < now:
            try:
                data, ancillary, _flags, address = self._socket.recvmsg(65536, 64)
            except BlockingIOError:
                return
            port = address[0]    # Python looks up the name in the namespace of the socket
            if port in self._ports:
                seconds, nanoseconds = struct.unpack("qq", ancillary[0][2][:16])
                self._frames.append(Frame(seconds * 1_000_000_000 + nanoseconds, port, (address[2] == _PACKET_OUTGOING) == self._own, data))

    def take_adverts(self):
        """Does the same as adverts(), and discards the captured frames."""
        found = self.adverts()
        self._frames.clear()
        return found

    def clear(self):
        self._drain()
        self._frames.clear()

    def dropped(self):
        """Returns how many frames the kernel could not queue since the last call. A capture that lost frames proves nothing."""
        return struct.unpack("II", self._socket.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))[1]

    def write_pcap(self, path, port=None, sent=None):
        with open(path, "wb") as file:
            file.write(struct.pack("=IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 1))
            for frame in self.frames(port, sent):
                seconds, nanoseconds = divmod(frame.when, 1_000_000_000)
                file.write(struct.pack("=IIII", seconds, nanoseconds, len(frame.data), len(frame.data)) + frame.data)
        return path

    def close(self):
        self._socket.close()


def tshark(pcap, display_filter, *fields):
    """Returns rows of `fields` of the frames that pass the filter, as tshark dissects them (checksums verified)."""
    argv = ["tshark", "-n", "-r", pcap, "-Y", display_filter, "-T", "fields", "-E", "separator=|",
            "-o", "ip.check_checksum:TRUE"]
    for field in fields:
        argv += ["-e", field]
    text = run(argv, env={**os.environ, "HOME": "/nonexistent"}).stdout
    return [tuple(line.split("|")) for line in text.splitlines()]


def tcpdump(pcap, *options):
    """Returns tcpdump's output lines for a capture file."""
    return run(["tcpdump", "-n", *options, "-r", pcap]).stdout.splitlines()
