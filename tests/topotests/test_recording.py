# SPDX-License-Identifier: Apache-2.0
"""`debug vrrp record FILE`: tools/replay replays the recording of a running daemon."""
import os
import subprocess

from harness.programs import program
from harness.routers import Group, Tandem
from harness.topology import VIP4, VIP6

COMMON = {"ipv4": (VIP4,), "ipv6": (VIP6,), "interval_ms": 100}


def replay(path, *options):
    return subprocess.run([program("tandem-replay"), *options, path], capture_output=True, text=True, check=False)


def test_recording_of_a_failover_is_replayed(networks, routers):
    lan = networks()
    high, low = routers(Tandem, lan, "r1"), routers(Tandem, lan, "r2")
    high.start(Group(priority=210, **COMMON))
    low.start(Group(priority=200, **COMMON))
    high.wait_state("Master")
    low.wait_state("Backup")

    path = low.path("failover.rec")
    low.vtysh(f"debug vrrp record {path}")  # it is a Backup that follows a Master, so the recording does not begin at the start
    assert f"recording to {path} is on" in low.vtysh("show debugging").stdout
    lan.set_link("r1", "down")
    low.wait_state("Master")
    low.configure("interface eth1", "vrrp 5 priority 205")
    lan.set_link("r1", "up")
    low.wait_state("Backup")
    high.terminate()
    low.wait_state("Master")
    low.configure("interface eth1", "no vrrp 5")
    low.vtysh("no debug vrrp record")
    assert "recording" not in low.vtysh("show debugging").stdout

    checked = replay(path, "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    timeline = replay(path).stdout
    for event in ("vrrp 5 on eth1 (IPv4): resume", "Backup -> Master: master down interval expired", "priority=205",
                  "Master -> Backup: higher priority advertisement received", "Backup -> Master: master resigned",
                  "vrrp 5 on eth1 (IPv6): remove"):
        assert event in timeline, f"{event}\n{timeline}"


def test_recording_lasts_until_the_daemon_ends(networks, routers):
    lan = networks()
    router = routers(Tandem, lan, "r1").start(Group(priority=210, **COMMON))
    path = router.path("end.rec")
    router.vtysh(f"debug vrrp record {path}")
    router.wait_state("Master")
    router.terminate()
    checked = replay(path, "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "Master -> Initialize: vrrpd is stopping" in replay(path).stdout


def test_recording_overwrites_nothing_and_there_is_one(networks, routers):
    lan = networks()
    router = routers(Tandem, lan, "r1").start(Group(priority=210, **COMMON))
    path = router.path("one.rec")
    router.vtysh(f"debug vrrp record {path}")
    second = router.vtysh(f"debug vrrp record {path}2", check=False)
    assert f"a recording to {path} is going on" in second.stdout + second.stderr
    assert not os.path.exists(path + "2")
    router.vtysh("no debug vrrp record")
    again = router.vtysh(f"debug vrrp record {path}", check=False)
    assert "File exists" in again.stdout + again.stderr
    none = router.vtysh("no debug vrrp record", check=False)
    assert "nothing is being recorded" in none.stdout + none.stderr
