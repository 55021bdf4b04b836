# SPDX-License-Identifier: Apache-2.0
"""Management sessions do not slow each other down, and a viewer cannot configure."""
import os
import re
import select
import struct
import subprocess
import sys
import time

import pytest

from harness import netns
from harness.programs import program
from harness.routers import Group, Tandem
from harness.topology import VIP4
from harness.waiting import wait_for

# Client errors, as bytes: no data, a long message that never ends, no valid message, a flood of queries whose answers the client does not read.
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
    """A Master whose socket all users may connect to, as an administrator who wants viewers configures it."""
    one, _ = pair
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    os.chmod(one.dir, 0o755)
    os.chmod(f"{one.dir}/vrrpd.vty", 0o777)
    return one


def test_a_hundred_bad_clients_disturb_nobody(open_router, figure):
    """Clients connect, stall, flood and vanish. Meanwhile vtysh gets answers, adverts continue, and the log names each closed client and the
    reason."""
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
    """Also for a client that does not ask for permission first."""
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


# Runs as the user of argv[1]: says hello, sends each query of argv[3:] in mode `argv[2]`, prints the result of each.
VIEWER = r"""
import os, socket, struct, sys
os.setgroups([]); os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[1]))
def number(n):
    return bytes([n & 127 | 128]) + number(n >> 7) if n > 127 else bytes([n])
def field(key, data): return number(key << 3 | 2) + number(len(data)) + data
def frame(message): return struct.pack(">I", len(message)) + message
def receive(s, size):
    data = b""
    while len(data) < size:
        piece = s.recv(size - len(data))
        if not piece: sys.exit("closed")
        data += piece
    return data
def answer(s):
    while True:
        message = receive(s, struct.unpack(">I", receive(s, 4))[0])
        if message[2] != 0x1a: return message      # no Output
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[3])
s.sendall(frame(b"\x08\x01" + field(2, b"\x08\x02" + field(2, b"test"))))
if answer(s)[:1] != b"\x08": sys.exit("refused")      # answers no request
for line in sys.argv[4:]:
    s.sendall(frame(b"\x08\x02" + field(3, field(1, sys.argv[2].encode()) + field(2, os.fsencode(line)))))
    print(ascii(answer(s)), flush=True)
if not sys.argv[4:]:
    print("open", flush=True)
    sys.stdin.read()
"""


def viewer(router, uid, mode, *lines, **options):
    with netns.inside(router.ns):
        return subprocess.Popen([sys.executable, "-c", VIEWER, str(uid), mode, f"{router.dir}/vrrpd.vty", *lines],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


def test_no_path_of_a_viewer_is_evaluated(open_router):
    """XPath expressions that divided by zero in the worker, dereferenced a null pointer, or never ended."""
    worker = open_router.worker()
    paths = ["1 mod 0", "deref(//vrid)", "1 mod count(//nosuch)", "//*[count(//*[count(//*[. = 'x']) = 1]) = 1]", "//*" * 200]
    asked = viewer(open_router, 65534, "view", *[f"show yang operational-data {path}" for path in paths], "show version")
    answers = asked.communicate(timeout=30)[0].splitlines()
    assert len(answers) == len(paths) + 1 and all("at character" in answer for answer in answers[:-1]), answers
    assert open_router.worker() == worker and open_router.state() == "Master"


def test_viewers_leave_slots_for_administrators(open_router):
    clients = []
    try:
        for uid in (65534, 2, 3):
            for _ in range(33):
                clients.append(viewer(open_router, uid, "view", stdin=subprocess.PIPE))
        said = [client.stdout.readline() for client in clients]
        assert said.count("open\n") == 64, said
        assert open_router.vtysh("show version").returncode == 0
        assert re.search(r"refused: 64 sessions of users who may only look are open already", open_router.log()), open_router.log()
    finally:
        for client in clients:
            client.communicate()


def test_what_a_viewer_types_is_short_and_harmless_where_others_read_it(open_router):
    """The text appears in the log, on a monitor, and in `show logging`. (The daemon logs one user's attempts once a second, so each line comes from
    another user.)"""
    one, users = open_router, iter(range(1000, 2000))
    hostile = "\x1b]0;owned\x07\x1b[2J\udc9b31m\nfake line"
    with netns.inside(one.ns):
        monitor = subprocess.Popen([program("vtysh"), "--vty_socket", one.dir, "-c", "terminal monitor"], stdout=subprocess.PIPE)
    try:
        def is_monitored():
            assert "not allowed" in viewer(one, next(users), "enable", hostile).communicate(timeout=10)[0]
            return select.select([monitor.stdout], [], [], 0.1)[0]
        wait_for(is_monitored, 10, "the monitor says so")
        shown = os.read(monitor.stdout.fileno(), 65536).decode()
    finally:
        monitor.terminate()
        monitor.communicate()
    escaped = r'refused "\x1b]0;owned\x07\x1b[2J\x9b31m\x0afake line"'
    for text in (shown, one.log(), one.vtysh("show logging").stdout):
        assert escaped in text and "\x1b" not in text, text
    before = len(one.log())
    assert "not allowed" in viewer(one, next(users), "enable", "A" * 60000).communicate(timeout=10)[0]
    wait_for(lambda: "AAA" in one.log()[before:], 3, one.log)
    assert len(one.log()) - before < 600, one.log()[before:]
