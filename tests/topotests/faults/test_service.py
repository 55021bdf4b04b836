# SPDX-License-Identifier: Apache-2.0
"""As systemd runs it: a user without privileges but two capabilities, and a service manager that is told how things are."""
import contextlib
import os
import pwd
import signal
import socket
import subprocess

import pytest

from harness import netns
from harness.programs import program
from harness.routers import Group
from harness.routers.base import alive
from harness.routers.tandem import config_lines
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

UNIT = os.path.join(os.path.dirname(__file__), "..", "..", "..", "tools", "systemd", "vrrpd.service")
USER = "nobody"


@pytest.fixture
def manager(lan):
    """What systemd hears: a function that returns the messages until now."""
    path = f"/tmp/{lan.ns('notify')}"
    heard = []
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(path)
        os.chmod(path, 0o777)
        listening.setblocking(False)

        def messages():
            with contextlib.suppress(BlockingIOError):
                while True:
                    heard.append(listening.recv(4096).decode())
            return heard
        messages.path = path
        yield messages
    os.unlink(path)


def start(router, manager, *groups):
    """As the unit does: User, AmbientCapabilities, NoNewPrivileges, directories of the user's own."""
    account = pwd.getpwnam(USER)
    os.makedirs(router.path("state"), exist_ok=True)
    for folder in (router.dir, router.path("state")):
        os.chown(folder, account.pw_uid, account.pw_gid)
    os.chown(router.write("vrrpd.conf", config_lines(groups)), account.pw_uid, account.pw_gid)
    wanted = "+net_admin,+net_raw"
    router.spawn(["setpriv", f"--reuid={USER}", f"--regid={account.pw_gid}", "--clear-groups", f"--inh-caps={wanted}", f"--ambient-caps={wanted}",
                  "--no-new-privs", program("vrrpd"), "-f", router.path("vrrpd.conf"), "-i", router.path("vrrpd.pid"), "--vty_socket", router.dir,
                  "--state-dir", router.path("state"), "--log", "file:" + router.path("vrrpd.log")],
                 env={**os.environ, "NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "200000"})
    wait_for(lambda: any("READY=1" in m for m in manager()), 10, lambda: f"not ready: {router.output()}")


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def test_both_processes_have_two_capabilities_and_no_more(pair, manager):
    one, _ = pair
    start(one, manager, Group(interval_ms=100, ipv4=(VIP4,), ipv6=(VIP6,)))
    two_bits = f"{(1 << 12) | (1 << 13):016x}"    # CAP_NET_ADMIN, CAP_NET_RAW
    for pid in one.pids():
        status = status_of(pid)
        assert {status[name] for name in ("CapPrm", "CapEff")} == {two_bits} and status["NoNewPrivs"] == "1"
        assert set(status["Uid"].split()) == {str(pwd.getpwnam(USER).pw_uid)}


def test_it_works_and_survives_without_privileges(pair, manager):
    one, _ = pair
    start(one, manager, Group(interval_ms=100, ipv4=(VIP4,), ipv6=(VIP6,)))
    for family in (4, 6):
        one.wait_state("Master", family=family)
    one.configure("interface eth1", "vrrp 6 ip 10.10.10.17")
    victim = one.worker()
    os.kill(victim, signal.SIGKILL)
    one.wait_new_worker(victim)
    assert one.group(6) and one.state() == one.state(family=6) == "Master"
    wait_for(lambda: any(m.startswith(f"STATUS=worker {victim} was killed by signal 9") for m in manager()), 5, lambda: f"{manager()}")
    wait_for(lambda: manager().count("WATCHDOG=1") >= 3, 5, "the watchdog is not fed")
    assert one.vtysh("write memory").returncode == 0
    one.terminate()
    assert "STOPPING=1" in manager()[-3:]    # and the watchdog is fed until the end
    assert not os.path.exists(one.path("vrrpd.vty")) and not os.path.exists(one.path("vrrpd.pid"))
    for line in one.log().splitlines():
        if "real-time priority" in line:
            continue    # the unit's LimitRTPRIO allows it; here nobody may
        assert "cannot" not in line and "not permitted" not in line.lower(), line


def test_a_worker_of_another_user_resigns_without_its_supervisor(pair):
    """Started by root with -u: the change of the user must not cut the worker off from its supervisor's end."""
    one, _ = pair
    os.makedirs(one.path("state"))
    os.chown(one.path("state"), pwd.getpwnam(USER).pw_uid, -1)
    one.start(Group(interval_ms=100, ipv4=(VIP4,)), options=("-u", USER))
    one.wait_state("Master")
    supervisor, worker = one.pids()
    os.kill(supervisor, signal.SIGKILL)
    wait_for(lambda: not alive(worker), 5, "the worker goes on alone")
    assert not [name for name in netns.links(one.ns) if name.startswith("vrrp")]


def test_the_unit_is_sound():
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=30", UNIT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
