# SPDX-License-Identifier: Apache-2.0
"""Management sessions cost nobody else anything, and who may not configure does not."""
import os
import re
import struct
import subprocess
import sys
import time

import pytest

from harness import netns
from harness.routers import Group, Tandem
from harness.topology import VIP4
from harness.waiting import wait_for

# What a client can do wrong, as bytes: nothing at all, a long message that never ends, no message, a flood of questions whose
# answers it does not read.
CLIENTS = r"""
import os, socket, struct, sys
os.setgid(65534); os.setuid(65534)
path, count = sys.argv[1], int(sys.argv[2])
def field(number, data): return bytes([number << 3 | 2, len(data)]) + data
def frame(message): return struct.pack(">I", len(message)) + message
hello = frame(b"\x08\x01" + field(2, b"\x08\x02" + field(2, b"mute")))
show = frame(b"\x08\x02" + field(3, field(1, b"view") + field(2, b"show vrrp detail json")))
kinds = [b"", hello + b"\x00\x00\x40", b"GET / HTTP/1.0\r\n\r\n", hello + show * 2000]
kept = []
for n in range(count):
    one = socket.socket(socket.AF_UNIX)
    one.settimeout(5)
    try:
        one.connect(path)
        one.setblocking(False)
        one.send(kinds[n % 4])
    except OSError:
        pass
    if n % 5:
        kept.append(one)
print("all connected", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def open_router(pair):
    """A Master whose socket everybody may connect to, as an administrator who wants viewers sets it up."""
    one, _ = pair
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    os.chmod(one.dir, 0o755)
    os.chmod(f"{one.dir}/vrrpd.vty", 0o777)
    return one


def test_a_hundred_bad_clients_disturb_nobody(open_router, figure):
    """Connecting, stalling, flooding, vanishing: vtysh is served meanwhile, adverts go on, and the log says who was closed and why."""
    one = open_router
    with netns.inside(one.ns):
        clients = subprocess.Popen([sys.executable, "-c", CLIENTS, f"{one.dir}/vrrpd.vty", "100"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
    try:
        slowest, end = 0.0, time.monotonic() + 60
        sent = one.family()["stats"]["adverTx"]
        while not re.search(r"nobody.* closed: no greeting within 10 s", one.log()):
            begin = time.monotonic()
            assert one.vtysh("show vrrp summary").stdout.count("Master") == 1
            slowest = max(slowest, time.monotonic() - begin)
            assert begin < end, one.log()
        figure(f"slowest vtysh beside 100 bad clients: {slowest * 1000:.0f} ms")
        assert slowest < 1.0, f"a normal shell waited {slowest:.3f} s"
        assert clients.stdout.readline() == "all connected\n"
        assert one.family()["stats"]["adverTx"] >= sent + 50 and one.family()["stats"]["transitions"] == 2
        wait_for(lambda: "half a message for 10 s" in one.log(), 20, one.log)
        for why in (r"refused: 32 sessions of nobody are open already \(\d+ more like this\)|refused: 32 sessions of nobody",
                    r"nobody \(process \d+\) closed: a message of \d+ bytes, more than the limit of 65536"):
            assert re.search(why, one.log()), one.log()
        assert one.log().count("refused:") < 10, "the log is not flooded"
    finally:
        clients.communicate()


def test_who_may_not_configure_looks_and_is_refused(open_router):
    one = open_router
    nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    assert "Master" in one.vtysh("show vrrp", **nobody).stdout
    assert "eth1" in one.vtysh("monitor vrrp", **nobody).stdout
    for commands in (("configure terminal", "interface eth1", "vrrp 5 priority 1"), ("clear vrrp statistics",), ("show running-config",)):
        done = one.vtysh(*commands, check=False, **nobody)
        assert done.returncode == 1 and done.stdout.startswith("% "), (commands, done.stdout)
    assert one.group()["priority"] == 210
    assert re.search(r'nobody \(uid \d+, pid \d+\) may not configure: refused "configure terminal"', one.log()), one.log()
    path = one.write("large.conf", "! a comment\n" * 10_000)
    os.chmod(path, 0o644)
    done = one.run_vtysh("-f", path, check=False, **nobody)
    assert done.returncode == 1 and done.stderr == "% You are not allowed to do that: only root and members of group tandem may configure\n"


def test_a_refused_change_is_in_the_log_with_the_user(open_router):
    """Also of a client that does not ask whether it may."""
    one = open_router
    hello = b"\x08\x01\x12\x0a\x08\x02\x12\x06forged"
    line = b"vrrp 5 priority 1"
    execute = b"\x08\x02\x1a" + bytes([len(line) + 13]) + b"\x0a\x09config-if\x12" + bytes([len(line)]) + line
    script = ("import os,socket,sys;os.setgid(65534);os.setuid(65534);s=socket.socket(socket.AF_UNIX);s.connect(sys.argv[1]);"
              "s.sendall(bytes.fromhex(sys.argv[2]));s.shutdown(1);"
              "\nwhile s.recv(65536): pass")
    data = b"".join(struct.pack(">I", len(m)) + m for m in (hello, *[execute] * 200))
    netns.run([sys.executable, "-c", script, f"{one.dir}/vrrpd.vty", data.hex()], one.ns)
    wait_for(lambda: re.search(r'nobody \(uid 65534, pid \d+\) may not configure: refused "vrrp 5 priority 1"', one.log()), 3, one.log)
    assert one.log().count("may not configure") < 20, "a client in a loop does not fill the disk"
    assert one.group()["priority"] == 210
