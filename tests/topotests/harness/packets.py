# SPDX-License-Identifier: Apache-2.0
"""Conversions between frames and bytes: the packets that tests check (VRRP, ARP, neighbour discovery, ICMP echo) and send.

This module is written from the RFCs and is independent of Tandem's own codec, so that each can judge the other.
"""
import dataclasses
import functools
import ipaddress
import struct

GROUP4, GROUP6 = "224.0.0.18", "ff02::12"
GROUP_MAC = {4: "01:00:5e:00:00:12", 6: "33:33:00:00:00:12"}
VRRP, ICMP, ICMP6 = 112, 1, 58
NS, NA = 135, 136


def virtual_mac(vrid, family):
    return f"00:00:5e:00:{1 if family == 4 else 2:02x}:{vrid:02x}"


def mac_text(raw):
    return ":".join(f"{b:02x}" for b in raw)


def mac_bytes(text):
    return bytes.fromhex(text.replace(":", ""))


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def pseudo_header(source, destination, length, protocol=VRRP):
    source, destination = ipaddress.ip_address(source), ipaddress.ip_address(destination)
    if source.version == 4:
        return source.packed + destination.packed + struct.pack("!BBH", 0, protocol, length)
    return source.packed + destination.packed + struct.pack("!IHBB", length, 0, 0, protocol)


@dataclasses.dataclass
class Advert:
    """A VRRP advertisement as it is on the wire."""
    vrid: int
    priority: int
    addresses: list
    source: str
    version: int = 3
    interval_ms: int = 1000
    mac: str = ""
    ttl: int = 255
    checksum_form: str = "pseudo"   # "pseudo", "message" (RFC 9568, IPv4), or "bad"

    @property
    def family(self):
        return ipaddress.ip_address(self.source).version

    def message(self):
        """The VRRP message with its checksum."""
        listed = b"".join(ipaddress.ip_address(a).packed for a in self.addresses)
        first = bytes([self.version << 4 | 1, self.vrid, self.priority, len(self.addresses)])
        if self.version == 2:
            second, tail = bytes([0, self.interval_ms // 1000]), bytes(8)
        else:
            second, tail = struct.pack("!H", self.interval_ms // 10), b""
        body = first + second + b"\0\0" + listed + tail
        head = b""
        if self.version == 3 and (self.family == 6 or self.checksum_form == "pseudo"):
            head = pseudo_header(self.source, GROUP4 if self.family == 4 else GROUP6, len(body))
        total = checksum(head + body) ^ (0x5555 if self.checksum_form == "bad" else 0)
        return body[:6] + struct.pack("!H", total) + body[8:]

    def frame(self):
        mac = self.mac or virtual_mac(self.vrid, self.family)
        return vrrp_frame(self.source, self.message(), mac, self.ttl)


def ip_packet(source, destination, protocol, payload, ttl=255):
    source, destination = ipaddress.ip_address(source), ipaddress.ip_address(destination)
    if source.version == 6:
        return struct.pack("!IHBB", 6 << 28, len(payload), protocol, ttl) + source.packed + destination.packed + payload
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0xc0, 20 + len(payload), 0, 0, ttl, protocol, 0, source.packed, destination.packed)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ethernet(destination, source, kind, payload):
    return mac_bytes(destination) + mac_bytes(source) + struct.pack("!H", kind) + payload


def vrrp_frame(source, message, mac, ttl=255, destination=None):
    family = ipaddress.ip_address(source).version
    destination = destination or (GROUP4 if family == 4 else GROUP6)
    packet = ip_packet(source, destination, VRRP, message, ttl)
    return ethernet(GROUP_MAC[family], mac, 0x0800 if family == 4 else 0x86dd, packet)


@dataclasses.dataclass
class Arp:
    operation: int   # 1 request, 2 reply
    sender_mac: str
    sender: str
    target_mac: str
    target: str

    @property
    def gratuitous(self):
        return self.sender == self.target


@dataclasses.dataclass
class Neighbour:
    kind: int        # NS or NA
    target: str
    flags: int = 0   # of an NA: 0x80 router, 0x40 solicited, 0x20 override
    link_layer: str = ""

    @property
    def router(self):
        return bool(self.flags & 0x80)

    @property
    def solicited(self):
        return bool(self.flags & 0x40)


@dataclasses.dataclass
class Frame:
    """One captured frame: when (ns, CLOCK_REALTIME), at which switch port, and whether the router behind the port sent it."""
    when: int
    port: str
    sent: bool
    data: bytes

    @property
    def source_mac(self):
        return mac_text(self.data[6:12])

    @property
    def destination_mac(self):
        return mac_text(self.data[:6])

    @property
    def kind(self):
        return struct.unpack_from("!H", self.data, 12)[0]

    def ip(self):
        """Returns (source, destination, protocol, ttl, payload) or None."""
        data = self.data
        if self.kind == 0x0800 and len(data) >= 34:
            start = 14 + (data[14] & 15) * 4
            end = 14 + struct.unpack_from("!H", data, 16)[0]
            return (*(str(ipaddress.ip_address(data[i:i + 4])) for i in (26, 30)), data[23], data[22], data[start:end])
        if self.kind == 0x86dd and len(data) >= 54:
            end = 54 + struct.unpack_from("!H", data, 18)[0]
            return (*(str(ipaddress.ip_address(data[i:i + 16])) for i in (22, 38)), data[20], data[21], data[54:end])
        return None

    def advert(self):
        return self._advert

    @functools.cached_property
    def _advert(self):    # a wait for adverts decodes the same frames again and again
        packet = self.ip()
        if not packet or packet[2] != VRRP or len(packet[4]) < 8:
            return None
        source, _destination, _protocol, ttl, body = packet
        version = body[0] >> 4
        interval = body[5] * 1000 if version == 2 else ((body[4] & 15) << 8 | body[5]) * 10
        size = 4 if self.kind == 0x0800 else 16
        listed = [str(ipaddress.ip_address(body[at:at + size])) for at in range(8, 8 + size * body[3], size)
                  if len(body) >= at + size]
        return Advert(body[1], body[2], listed, source, version, interval, self.source_mac, ttl)

    def arp(self):
        d = self.data
        if self.kind != 0x0806 or len(d) < 42:
            return None
        texts = [str(ipaddress.ip_address(d[i:i + 4])) for i in (28, 38)]
        return Arp(struct.unpack_from("!H", d, 20)[0], mac_text(d[22:28]), texts[0], mac_text(d[32:38]), texts[1])

    def neighbour(self):
        packet = self.ip()
        if not packet or self.kind != 0x86dd or packet[2] != ICMP6 or packet[4][:1] not in (bytes([NS]), bytes([NA])):
            return None
        body = packet[4]
        option = mac_text(body[26:32]) if len(body) >= 32 and body[24] in (1, 2) else ""
        return Neighbour(body[0], str(ipaddress.ip_address(body[8:24])), body[4], option)

    def echo(self):
        """Returns (type, identifier, sequence) of an ICMP echo request or reply, or None."""
        packet = self.ip()
        if not packet or packet[2] not in (ICMP, ICMP6) or len(packet[4]) < 8:
            return None
        if packet[4][0] not in ((8, 0) if packet[2] == ICMP else (128, 129)):
            return None
        return packet[4][0], *struct.unpack_from("!HH", packet[4], 4)
