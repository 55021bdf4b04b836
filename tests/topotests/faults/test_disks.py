# SPDX-License-Identifier: Apache-2.0
"""Disks that are full, read-only or return wrong data. The test mounts them in the daemon's mount namespace, so that no other program is affected."""
import os
import signal
import subprocess
import time

import pytest

from harness import netns
from harness.waiting import wait_for

# $1: the directory; the remaining arguments are the daemon's command.
READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
IN_MEMORY = 'mount -t tmpfs -o size={size} tmpfs "$1" && shift && exec "$@"'
FILL = 'dd if=/dev/zero of="$0/filler" bs=1k status=none 2>/dev/null; true'


def mounted(script, folder):
    """For `prepare` of a pair: the script mounts the router's directory of that name before the daemon starts."""
    def prepare(router):
        router.wrapper = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", router.path(folder)]
        os.makedirs(router.path(folder), exist_ok=True)
    return prepare


def inside(router, script, folder):
    """Runs a script in the daemon's mount namespace; $0 is the directory."""
    argv = ["nsenter", "--mount", "-t", str(router.pids()[0]), "sh", "-c", script, router.path(folder)]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


def crash_worker(router):
    worker = router.worker()
    os.kill(worker, signal.SIGKILL)
    router.wait_new_worker(worker)


def try_all(g):
    """Tries a commit, a crash, a change of mastership, and a second commit, which reverts the first."""
    g.one.configure("interface eth1", "vrrp 7 ip 10.10.10.77")
    g.one.wait_state("Master", vrid=7)
    crash_worker(g.one)
    assert "vrrp 7 ip 10.10.10.77" in g.one.vtysh("show running-config").stdout, "an acknowledged commit is lost"
    assert not g.adverts("r2", vrid=5), "the crash was noticed"
    g.lan.set_link("r1", "down")
    g.wait("Master", g.two)
    g.lan.set_link("r1", "up")
    g.settle()
    g.one.configure("interface eth1", "no vrrp 7")
    g.judge(time.time_ns())


def test_a_state_directory_that_is_read_only(gateways):
    g = gateways(prepare=mounted(READ_ONLY, "state"))
    try_all(g)
    assert "Read-only file system" in g.one.log() + g.one.read("output.log")


def test_a_state_directory_that_is_full(gateways):
    g = gateways(prepare=mounted(IN_MEMORY.format(size="64k"), "state"))
    inside(g.one, FILL, "state")
    try_all(g)
    assert "No space left on device" in g.one.log()


def test_a_runtime_directory_that_is_full_has_no_room_for_the_checkpoint(gateways):
    """/run is full: the daemon must not end, and must not lose what it has committed."""
    g = gateways(prepare=mounted(IN_MEMORY.format(size="1m"), "run"), options=lambda router: ("-i", router.path("run/vrrpd.pid")))
    inside(g.one, FILL, "run")
    worker = g.one.worker()
    g.one.configure("interface eth1", *(f"vrrp {vrid} ip 10.10.11.{vrid}" for vrid in range(20, 220)))
    g.one.wait_state("Master", vrid=219)
    assert g.one.worker() == worker, "it died of the full disk"
    assert "no memory for what the next worker would need" in g.one.log()
    crash_worker(g.one)
    assert g.one.vtysh("show running-config").stdout.count("vrrp 219 ip") == 1, "an acknowledged commit is lost"
    g.one.configure("interface eth1", *(f"no vrrp {vrid}" for vrid in range(20, 220)))
    g.judge(time.time_ns())


@pytest.mark.parametrize("what", ["noise", "nothing"])
def test_damaged_records_cost_nothing_but_the_past(gateways, what):
    """Damages each file of the state directory while both processes are dead."""
    g = gateways()
    g.one.configure("interface eth1", "vrrp 5 description kept")
    g.one.vtysh("write memory")
    g.one.vtysh("configure private", "interface eth1", "vrrp 5 description on probation", "commit confirmed 5")
    g.one.kill()
    found = [os.path.join(folder, name) for folder, _, names in os.walk(g.one.path("state")) for name in names]
    assert len(found) >= 4, found
    for path in found:
        with open(path, "r+b") as file:
            size = os.path.getsize(path)
            file.truncate(0)
            file.write(os.urandom(size) if what == "noise" else b"")
    g.one.launch()
    g.one.wait_ready()
    g.began = time.time_ns()    # while both processes are dead, the addresses answer until their lease ends
    assert "vrrp 5 description kept" in g.one.vtysh("show running-config").stdout
    g.one.configure("interface eth1", "no vrrp 5 description")
    g.judge(time.time_ns())
    assert g.one.vtysh("show configuration commit list", check=False).returncode in (0, 1)


def test_a_damaged_startup_file_is_refused_and_the_addresses_go(gateways):
    """The daemon does not start with half a configuration. The addresses of the dead daemon end with their lease."""
    g = gateways()
    g.one.configure("vrrp address-lease 3")
    g.one.vtysh("write memory")
    g.one.kill()
    whole = g.one.read("vrrpd.conf")
    g.one.write("vrrpd.conf", whole.replace("priority", "pri\0rity"))
    process = g.one.launch()
    assert process.wait(10) == 1
    wait_for(lambda: not [a for name, listed in netns.addresses(g.one.ns).items() if name.startswith("vrrp4") for a in listed], 10,
             "the addresses of the dead one stay")
    g.wait("Master", g.two)
    g.one.write("vrrpd.conf", whole.replace("vrrp address-lease 3\n", ""))
    g.one.launch()
    g.one.wait_ready()
    g.settle()
