# SPDX-License-Identifier: Apache-2.0
"""A VRRPv3/IPv4 router that accepts only one form of the checksum, as some products do (R13 in doc/rfc/9568.md). It takes part in elections and
resigns, but answers for no address. The harness runs this file as a program in the router's namespace:

    speaker.py DEVICE VRID PRIORITY INTERVAL_MS SOURCE ADDRESS FORM      FORM: "message" (RFC 9568) or "pseudo" (RFC 5798)
"""
import ipaddress
import os
import select
import signal
import socket
import struct
import sys
import time

if __package__:
    from .base import Router, alive
    from ..waiting import wait_for
else:
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from harness.packets import Advert, Frame, VRRP, checksum, pseudo_header, GROUP4    # noqa: E402

if __package__:
    class Speaker(Router):
        """`form`: the checksum form that it sends and demands."""
        form = "message"
        source = ""

        def start(self, group):
            source = self.source or {"r1": "10.10.10.15", "r2": "10.10.10.10"}[self.name]
            self.spawn(["/usr/bin/python3", os.path.abspath(__file__), group.interface, str(group.vrid), str(group.priority),
                        str(group.interval_ms), source, group.ipv4[0], self.form])
            wait_for(lambda: self.state(), 10, lambda: f"the speaker says nothing: {self.read('output.log')}")
            return self

        def pids(self):
            return [child.pid for child in self._children if alive(child.pid)]

        def state(self, vrid=5, family=4):
            words = self.read("output.log").split()
            return words[-1] if words else ""


class Machine:
    """The state machine of RFC 9568 §6.4, without Initialize."""

    def __init__(self, device, mine, interval):
        self.mine, self.interval = mine, interval
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        self.socket.bind((device, 0x0800))
        self.master, self.peer_interval = False, interval
        self.say("Backup")
        self.deadline = time.monotonic() + self.down_interval()

    @staticmethod
    def say(state):
        print(state, flush=True)

    def skew(self):
        return (256 - self.mine.priority) * self.peer_interval / 256

    def down_interval(self):
        return 3 * self.peer_interval + self.skew()

    def send(self, priority=None):
        advert = Advert(**{**self.mine.__dict__, "priority": self.mine.priority if priority is None else priority})
        self.socket.send(advert.frame())

    def due(self):
        if not self.master:
            self.master = True
            self.say("Master")
        self.send()
        self.deadline = time.monotonic() + self.interval

    def heard(self, advert):
        now = time.monotonic()
        if self.master:
            higher = (advert.priority, ipaddress.ip_address(advert.source)) > (self.mine.priority, ipaddress.ip_address(self.mine.source))
            if not higher:
                self.send()
                return
            self.master = False
            self.say("Backup")
        if advert.priority == 0:
            self.deadline = now + self.skew()
        elif advert.priority >= self.mine.priority:
            self.peer_interval = advert.interval_ms / 1000
            self.deadline = now + self.down_interval()

    def accepts(self, data):
        """Returns the advert in a frame, if it is an advert of this group from another router with the required form of the checksum."""
        frame = Frame(0, "", True, data)
        packet, advert = frame.ip(), frame.advert()
        if not advert or packet[2] != VRRP or advert.vrid != self.mine.vrid or advert.source == self.mine.source:
            return None
        head = pseudo_header(packet[0], GROUP4, len(packet[4])) if self.mine.checksum_form == "pseudo" else b""
        return advert if checksum(head + packet[4]) == 0 and advert.version == 3 else None

    def turn(self):
        left = self.deadline - time.monotonic()
        if select.select([self.socket], [], [], min(max(0, left), 0.02))[0]:    # 0.02: Python resumes the wait after a signal
            data, address = self.socket.recvfrom(2048)
            advert = self.accepts(data) if address[2] != 4 else None    # 4: our own
            if advert:
                self.heard(advert)
        if time.monotonic() >= self.deadline:
            self.due()


def join(device):
    """Joins the multicast group on the device. The socket stays open until the process ends."""
    index = socket.if_nametoindex(device)
    member = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("4s4si", socket.inet_aton(GROUP4), bytes(4), index))
    return member


def main(device, vrid, priority, interval_ms, source, address, form):
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    member = join(device)
    mine = Advert(int(vrid), int(priority), [address], source, 3, int(interval_ms), checksum_form=form)
    machine = Machine(device, mine, int(interval_ms) / 1000)
    while not stopped:
        machine.turn()
    if machine.master:
        machine.send(priority=0)
    member.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
