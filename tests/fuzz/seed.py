#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the seeds of the fuzzers from real data: captured frames, a kernel's netlink, a session of vtysh with vrrpd, the configurations and command
lines of our tests and pages. Adds to tests/fuzz/corpus. Run it when a format has changed.

Usage: sudo TANDEM_BUILD=build/release tests/fuzz/seed.py
"""
import hashlib
import os
import re
import socket
import struct
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "golden"))
sys.path.insert(0, os.path.join(ROOT, "tests", "topotests"))
import checkpoint                           # noqa: E402
from harness import netns                   # noqa: E402
from harness.programs import program        # noqa: E402
from harness.routers import Tandem          # noqa: E402
from harness.topology import Topology       # noqa: E402

CAPTURES = os.path.join(ROOT, "tests", "captures")
FULL = """hostname r1
log syslog informational
vrrp default priority 90
vrrp startup-delay 30 after-boot
!
interface eth1
 description the LAN
 vrrp 5
 vrrp 5 description classic
 vrrp 5 priority 200
 no vrrp 5 preempt
 vrrp 5 advertisement-interval 2000
 no vrrp 5 checksum-with-ipv4-pseudoheader
 vrrp 5 ip 10.10.10.16
 vrrp 5 ip 10.10.10.200/24
 vrrp 5 ipv6 fe80::5
 vrrp 5 ipv6 2001:db8::370:7334
 vrrp 6 preempt
 vrrp 6 preempt delay 20
 vrrp 6 ip 10.10.10.17
 vrrp 6 shutdown
 vrrp 9 version 2
 vrrp 9 ip 10.10.10.18
exit
!
end
"""
CLIENT_COMMANDS = ("show vrrp", "show vrrp json", "show running-config", "configure terminal", "interface eth1", "vrrp 5 priority 17",
                   "vrrp 5 priority 300", "no vrrp 6", "end", "show configuration running json")


def seed(name, data):
    """Writes one file, named by its content, so that the same seed is the same file."""
    folder = os.path.join(HERE, "corpus", name)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "seed-" + hashlib.sha1(data).hexdigest()[:12]), "wb") as file:
        file.write(data)


def frames(path):
    """Yields the frames of a pcap file of either byte order."""
    with open(path, "rb") as file:
        data = file.read()
    order, at = "<" if data[:1] in (b"\xd4", b"\x4d") else ">", 24
    while at < len(data):
        size = struct.unpack_from(order + "I", data, at + 8)[0]
        yield data[at + 16:at + 16 + size]
        at += 16 + size


def seed_advertisements():
    for frame in set(frames(os.path.join(CAPTURES, "vrrp.pcap"))):
        packet = frame[14:]
        if frame[12] == 0x08:
            seed("advertisement", b"\0" + packet)
        else:
            seed("advertisement", b"\x01" + packet[23:24] + packet[7:8] + packet[40:])
    carp = bytes.fromhex("2105000700010000") + bytes(28)
    head = bytes.fromhex("45c00038000000 00ff700000 0a0a0a0a e0000012".replace(" ", ""))
    seed("advertisement", b"\0" + head + carp)


def seed_frames():
    for first in range(16):    # parameters, not a format: all bytes are valid
        seed("frame", bytes((first * 37 + i * (first + 1)) & 255 for i in range(16 + 24 * first)))


def seed_answers():
    host, router = bytes.fromhex("020000000099"), bytes.fromhex("00005e000105")
    for operation in (1, 2):
        arp = b"\x00\x01\x08\x00\x06\x04" + bytes((0, operation)) + router + bytes((10, 10, 10, 16)) + host + bytes((10, 10, 10, 99))
        seed("answer", host + router + b"\x08\x06" + arp)
    link_local, gateway = bytes.fromhex("fe80") + bytes(13) + b"\x99", bytes.fromhex("fe80") + bytes(13) + b"\x16"
    for kind in (135, 136):
        message = bytes((kind, 0, 0, 0, 0xe0, 0, 0, 0)) + gateway + b"\x02\x01" + router
        packet = b"\x60\0\0\0" + len(message).to_bytes(2, "big") + b"\x3a\xff" + gateway + link_local + message
        seed("answer", host + router + b"\x86\xdd" + packet)


def messages(datagram):
    """Yields the messages of a datagram, with their types."""
    at = 0
    while at + 16 <= len(datagram):
        size, kind = struct.unpack_from("=IH", datagram, at)
        yield kind, datagram[at:at + size]
        at += (size + 3) & ~3


def netlink(namespace, kind, flags, family=0):
    """Yields the datagrams that answer a request."""
    with netns.inside(namespace), socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as link:
        link.bind((0, 0))
        body = struct.pack("=BxHiII", family, 0, 0, 0, 0)
        link.send(struct.pack("=IHHII", 16 + len(body), kind, flags, 7, 0) + body)
        ended = False
        while not ended:
            datagram = link.recv(8192)
            yield datagram
            ended = any(kind in (2, 3) for kind, _message in messages(datagram))    # NLMSG_ERROR, NLMSG_DONE


def seed_netlink(namespace):
    dump, acknowledge = 0x301, 0x5
    for request in ((18, dump), (22, dump, 2), (22, dump, 10), (17, acknowledge)):    # RTM_GETLINK, RTM_GETADDR, RTM_DELLINK without an interface
        for datagram in netlink(namespace, *request):
            seed("netlink", datagram)
            for _kind, message in messages(datagram):
                seed("netlink", message)


class Recorder:
    """A proxy between vtysh and vrrpd that records the messages of both."""

    def __init__(self, router):
        self.folder = router.path("recorder")
        os.mkdir(self.folder)
        self._target = router.path("vrrpd.vty")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(os.path.join(self.folder, "vrrpd.vty"))
        self._listener.listen(8)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self._listener.accept()
            server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            server.connect(self._target)
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._copy, args=(source, target), daemon=True).start()

    @staticmethod
    def _copy(source, target):
        stream = b""
        while True:
            piece = source.recv(65536)
            if not piece:
                break
            stream += piece
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
        for message in split(stream):
            seed("ipc", b"\x2a" + message)
        seed("ipc", b"\0" + stream[:16000])


def split(stream):
    """Yields the frames of a stream. Omits frames that are too large for a fuzzer, such as the grammar."""
    while len(stream) >= 4:
        size = 4 + struct.unpack("!I", stream[:4])[0]
        if size <= 2000:
            yield stream[:size]
        stream = stream[size:]


def seed_session(router):
    recorder = Recorder(router)
    argv = [program("vtysh"), "--vty_socket", recorder.folder]
    for command in CLIENT_COMMANDS:
        argv += ["-c", command]
    subprocess.run(argv, check=False, stdout=subprocess.DEVNULL, timeout=30)
    for command in CLIENT_COMMANDS:    # an error ends a session, so each command also gets one of its own
        subprocess.run(argv[:3] + ["-c", command], check=False, capture_output=True, timeout=30)


def texts_of_the_repository():
    for folder in ("tests/topotests", "doc", "."):
        for name in sorted(os.listdir(os.path.join(ROOT, folder))):
            if name.endswith((".py", ".md")):
                with open(os.path.join(ROOT, folder, name), encoding="utf-8") as file:
                    yield file.read()


def command_lines():
    lines = set(FULL.splitlines())
    for text in texts_of_the_repository():
        lines |= set(re.findall(r'["`](?:IN_\w+, ")?((?:no |default )?(?:vrrp|interface|log|debug|hostname|description) [^"`{}\\]+)["`]', text))
    return sorted(line.strip() for line in lines if len(line) < 100)


def seed_commands():
    for line in command_lines():
        seed("command", f"{line}\n{line}".encode())
    with open(os.path.join(ROOT, "vrrpd", "mgmt", "commands.cpp"), encoding="utf-8") as file:
        syntaxes = re.findall(r'\{Access::\w+, "([^"]+)"', file.read())
    for syntax in syntaxes:
        line = re.sub(r"[][{}<>]|\|\S*", " ", syntax)
        seed("syntax", f"{syntax}\n\n{line}\n{line[:7]}".encode())
    seed("syntax", ("\n".join(syntaxes[:6]) + "\n\nshow vrrp 5 interface eth1 json\nsh v s j\nshow vrrp ").encode())
    seed("syntax", b"vrrp (1-255) ip A.B.C.D[/M]\nvrrp (1-255) ipv6 X:X::X:X\nx LINE...\n\nvrrp 5 ip 10.0.0.1/24\nv 5 ipv6 fe80::1\nx a  b")


def seed_configurations(router):
    configurations = [FULL] + re.findall(r'text="(interface[^"]+)"', "".join(texts_of_the_repository()))
    for text in configurations:
        text = text.replace("\\n", "\n")
        seed("config_text", text.encode())
        router.terminate()
        router.write("vrrpd.conf", text)
        router.launch()
        try:
            router.wait_ready()
        except AssertionError:
            continue    # a test expects its refusal
        for command in ("show configuration running json", "show configuration running json with-defaults"):
            seed("config_json", router.vtysh(command).stdout.encode())


def pieces(areas):
    """Yields the content of a checkpoint as checkpoint_fuzz.cpp reads it: kind, place, size, bytes."""
    configuration, text, slot, frame, header = range(5)

    def piece(kind, data, place=0):
        return struct.pack("=HHH", kind, place, len(data)) + data

    yield piece(configuration, checkpoint.published(areas[checkpoint.CONFIGURED][0]))
    yield piece(text, checkpoint.published(areas[checkpoint.TEXT][0]))
    records = filter(None, map(checkpoint.published, areas[checkpoint.SLOTS]))
    for place, record in enumerate(records):
        yield piece(slot, record, place)
    for place, memory in enumerate(areas[checkpoint.FRAMES][:16]):
        interface, size = struct.unpack_from("=II", memory)
        if interface:
            yield piece(frame, memory[16:16 + size], place)
    yield piece(header, areas[checkpoint.HEADER][0])


def seed_checkpoints():
    """Makes seeds of a whole checkpoint, of each piece with its configuration, and of the table of another version."""
    whole = []
    for text in (checkpoint.CONFIGURATION, FULL):
        found = list(pieces(checkpoint.areas_of(checkpoint.left(text))))
        seed("checkpoint", b"".join(found))
        for each in found:
            seed("checkpoint", found[0] + each)
        whole = found
    packed = checkpoint.pack(checkpoint.left())
    table, anywhere, end = packed[:checkpoint.PAGE], 6, 7
    areas = table[checkpoint.HEAD.size:][:5 * checkpoint.AREA.size]
    head = struct.pack("=HHH", anywhere, checkpoint.HEAD.size // 8, len(areas)) + areas
    seed("checkpoint", head + b"".join(whole))
    seed("checkpoint", head + b"".join(whole) + struct.pack("=HHH", end, -(-len(packed) // checkpoint.PAGE), 0))


def main():
    seed_checkpoints()
    seed_advertisements()
    seed_frames()
    seed_answers()
    seed_commands()
    topology = Topology()
    router = Tandem(topology, "r1")
    try:
        router.start(text=FULL)
        seed_netlink(topology.ns("r1"))
        seed_session(router)
        seed_configurations(router)
    finally:
        router.close()
        topology.close()


if __name__ == "__main__":
    main()
