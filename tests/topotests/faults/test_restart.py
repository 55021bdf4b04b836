# SPDX-License-Identifier: Apache-2.0
"""`vrrpd --restart`: another program continues the work of this one, and no host on the LAN notices. For another version: test_upgrade.py."""
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from harness import lateness, netns
from harness.programs import program
from harness.routers import Group, Tandem
from harness.topology import SERVER4, VIP4
from harness.waiting import wait_for

pytestmark = pytest.mark.alone
INTERVAL_MS = 100
VRIDS = range(1, 256)


def restart(router, *options):
    return netns.run([program("vrrpd"), "--restart", "-i", router.path("vrrpd.pid"), *options], router.ns, check=False)


# A shell that always has a next query. It reports when the daemon has begun to answer.
EAGER = r"""
import os, socket, struct, sys
def field(number, data): return bytes([number << 3 | 2, len(data)]) + data
def frame(message): return struct.pack(">I", len(message)) + message
show = frame(b"\x08\x02" + field(3, field(1, b"view") + field(2, b"show vrrp detail json")))
one = socket.socket(socket.AF_UNIX)
one.connect(sys.argv[1])
one.sendall(frame(b"\x08\x01" + field(2, b"\x08\x02" + field(2, b"eager"))) + show * 900)
seen = 0
while data := one.recv(1 << 20):
    seen += len(data)
    if seen > 200_000:
        print("answered", flush=True)
        seen = -1 << 40
"""


def groups(priority):
    return [Group(vrid, priority=priority, interval_ms=INTERVAL_MS, ipv4=(VIP4 if vrid == 5 else f"10.10.11.{vrid}",)) for vrid in VRIDS]


def states(router):
    return {group["v4"]["status"] for group in router.show()}


def test_nobody_notices_a_restart_with_255_groups(networks, routers, prober, figure):
    lan = networks(server=True)
    one, two = routers(Tandem, lan, "r1"), routers(Tandem, lan, "r2")
    one.start(*groups(210))
    wait_for(lambda: states(one) == {"Master"}, 15, "router 1 is not Master of all")
    two.start(*groups(200))
    wait_for(lambda: states(two) == {"Backup"}, 15, "router 2 is not Backup of all")
    one.configure("interface eth1", "vrrp 7 priority 211")    # not saved
    pinger = prober(lan.ns("h1"), SERVER4, interval_ms=1).wait_ready()
    capture = lan.capture()
    supervisor, worker = one.pids()
    done = restart(one)
    assert done.returncode == 0, done.stdout + done.stderr
    assert one.wait_new_worker(worker) != worker and one.pids()[0] == supervisor
    after = time.time_ns()
    capture.wait(lambda: len(capture.adverts("r1", vrid=255, since=after)) >= 3, 10, "adverts after the restart")
    adverts = capture.adverts("r1")
    late = lateness.of(adverts, INTERVAL_MS * 1_000_000)
    outage = pinger.outage()
    figure(f"restart with 255 groups: adverts late by {late[-1] / 1000:.1f} ms at most, {outage.lost} pings of 1 ms lost")
    assert not capture.adverts("r2") and all(advert.priority for _w, _p, advert in adverts), "no transition anywhere"
    assert lateness.missed(adverts, INTERVAL_MS * 1_000_000) == 0 and late[-1] <= 50_000
    assert outage.lost == 0
    assert one.group(7)["priority"] == 211
    assert one.vtysh("show version").stdout.count("replaced") == 0, "that was no incident"


def test_a_checkpoint_of_another_format_means_a_clean_start(pair):
    """The daemon reports it, resigns, and starts with the startup file."""
    one, two = pair
    folder = f"/dev/shm/{one.ns}-restart"
    os.mkdir(folder)
    try:
        pid_file = os.path.join(folder, "vrrpd.pid")
        one.start(Group(priority=210, interval_ms=INTERVAL_MS, ipv4=(VIP4,)), options=("-i", pid_file))
        one.wait_state("Master")
        two.start(Group(priority=200, interval_ms=INTERVAL_MS, ipv4=(VIP4,)))
        two.wait_state("Backup")
        supervisor, worker = one.pids()
        with open(os.path.join(folder, "vrrpd.checkpoint"), "r+b") as file:
            file.write(b"tandem-checkpoint 999 of the future")
        capture = one.topology.capture()
        assert restart(one, "-i", pid_file).returncode == 0
        one.wait_new_worker(worker)
        assert one.pids()[0] == supervisor
        one.wait_state("Master")
        assert "this version cannot read the checkpoint: a clean start" in one.read("output.log")
        assert any(advert.priority == 0 for _w, _p, advert in capture.adverts("r1")), "it has abdicated"
        one.terminate()
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("text, reason", [("not a program\n", "Exec format error"), ("#!/bin/sh\necho broken >&2\nexit 127\n", "broken"),
                                          ("#!/bin/sh\nexec false\n", "exit status 1")])
@pytest.mark.parametrize("by_signal", [False, True])
def test_a_program_that_cannot_run_is_not_executed(pair, text, reason, by_signal):
    """The installed program is not vrrpd: nothing changes, and the command reports the reason."""
    one, _two = pair
    own = one.path("vrrpd")
    os.link(program("vrrpd"), own) if os.stat(program("vrrpd")).st_dev == os.stat(one.dir).st_dev else shutil.copy(program("vrrpd"), own)
    one.program = own
    one.start(Group(priority=210, interval_ms=INTERVAL_MS, ipv4=(VIP4,)))
    one.wait_state("Master")
    pids = one.pids()
    os.unlink(own)
    one.write("vrrpd", text)
    os.chmod(own, 0o755)
    capture = one.topology.capture()
    if by_signal:
        os.kill(pids[0], signal.SIGUSR2)
        wait_for(lambda: "going on as before" in one.read("output.log"), 10, one.output)
        said = one.read("output.log")
    else:
        done = restart(one)
        assert done.returncode == 1
        said = done.stderr
    assert reason in said and own in said
    since = time.time_ns()
    capture.wait(lambda: len(capture.adverts("r1", since=since)) >= 3, 10, "adverts go on")
    assert one.pids() == pids and all(advert.priority for _w, _p, advert in capture.adverts("r1"))


def test_a_restart_of_nothing_says_so(pair):
    done = restart(pair[0])
    assert done.returncode == 1 and "nothing to restart" in done.stdout + done.stderr
    assert pair[0].path("vrrpd.pid") in done.stdout + done.stderr


def test_a_worker_with_questions_to_answer_makes_room_at_once(pair):
    """Otherwise the worker would take the next query, which needs the protocol's loop, until the supervisor kills it."""
    one, _two = pair
    one.start(Group(priority=210, interval_ms=INTERVAL_MS, ipv4=(VIP4,)))
    one.wait_state("Master")
    shells = [subprocess.Popen([sys.executable, "-c", EAGER, one.path("vrrpd.vty")], stdout=subprocess.PIPE) for _shell in range(4)]
    try:
        for shell in shells:
            assert shell.stdout.readline() == b"answered\n"
        worker = one.worker()
        assert restart(one).returncode == 0
        one.wait_new_worker(worker)
    finally:
        for shell in shells:
            shell.kill()
            shell.wait()
            shell.stdout.close()
    assert "did not exit in time" not in one.read("output.log")
