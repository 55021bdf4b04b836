# SPDX-License-Identifier: Apache-2.0
"""Another version is installed and takes over, and no host on the LAN notices. `vrrpd-next` (tests/upgrade) has fields in the checkpoint that this
version does not know, lacks some of this version's fields, and has other sizes in the shared memory."""
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time

import pytest

from harness import netns
from harness.programs import ROOT, YANG, program
from harness.routers import Group, Tandem
from harness.routers.base import alive
from harness.topology import SERVER4, VIP4, VIP6
from harness.waiting import wait_for

pytestmark = pytest.mark.alone
INTERVAL_MS = 100
NEXT = "9.9.9"
VRIDS = range(5, 45)


def groups(priority):
    return [Group(vrid, priority=priority, interval_ms=INTERVAL_MS, ipv4=(VIP4 if vrid == 5 else f"10.10.11.{vrid}",),
                  ipv6=(VIP6,) if vrid == 5 else (), extra=(f"vrrp {vrid} description number {vrid}",)) for vrid in VRIDS]


def states(router):
    return {group["v4"]["status"] for group in router.show()}


def version(router):
    return router.show("show version json")["version"]


def ours():
    return subprocess.run([program("vrrpd"), "--version"], capture_output=True, text=True, check=True).stdout.split()[1]


class Installed:
    """A router whose program is a file that the test can replace, as a package does."""

    def __init__(self, router, folder, yang=YANG):
        self.router = router
        self.path, self.pid_file = os.path.join(folder, "vrrpd"), os.path.join(folder, "vrrpd.pid")
        self.options = ("-i", self.pid_file)
        router.environment = {**os.environ, "TANDEM_YANG_DIR": yang}
        router.wrapper = ("sh", "-c", f'exec "{self.path}" "$@"')    # $0 is the program that the router would have executed
        self.install("vrrpd")

    def install(self, name):
        shutil.copy2(program(name), self.path + ".new")
        os.replace(self.path + ".new", self.path)

    def restart(self):
        before = self.router.worker()
        done = netns.run([self.path, "--restart", "-i", self.pid_file], self.router.ns, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        self.router.wait_new_worker(before)


@pytest.fixture
def installed(networks, routers):
    """Two routers with a host; installed(…) is the Master's program."""
    lan = networks(server=True)
    one, two = routers(Tandem, lan, "r1"), routers(Tandem, lan, "r2")
    with contextlib.ExitStack() as stack:
        def make(mine, theirs, **options):
            folder = tempfile.mkdtemp(prefix=f"tandem-{os.getpid()}-", dir="/dev/shm")    # in memory, as /run is
            stack.callback(shutil.rmtree, folder)
            program_of_one = Installed(one, folder, **options)
            one.start(*mine, options=program_of_one.options)
            wait_for(lambda: states(one) == {"Master"}, 15, "router 1 is not Master of all")
            two.start(*theirs)
            wait_for(lambda: states(two) == {"Backup"}, 15, "router 2 is not Backup of all")
            return lan, program_of_one
        yield make
        one.terminate()


def what_people_see(router):
    """Returns the running and the saved configuration, and the counters that both versions have."""
    counters = {g["vrid"]: g["v4"]["stats"]["adverTx"] for g in router.show()}
    return router.vtysh("show running-config").stdout, counters


def check_goes_on(before, router):
    running, counters = what_people_see(router)
    assert running == before[0], "the running configuration is another one"
    gone_back = {vrid: (before[1][vrid], count) for vrid, count in counters.items() if count < before[1][vrid]}
    assert not gone_back, f"counters began anew: {gone_back}"


def test_nobody_notices_an_upgrade_nor_the_way_back(installed, prober, figure):
    lan, mine = installed(groups(210), groups(200))
    one = mine.router
    one.configure("interface eth1", "vrrp 7 priority 211", "vrrp 7 description not saved")
    capture = lan.capture()
    capture.wait(lambda: len(capture.adverts("r1")) >= 100, 10, "adverts, to be counted")
    supervisor = one.pids()[0]
    for name, wanted in (("vrrpd-next", NEXT), ("vrrpd", ours())):
        before = what_people_see(one)
        pinger = prober(lan.ns("h1"), SERVER4, interval_ms=1).wait_ready()
        mine.install(name)
        mine.restart()
        assert version(one) == wanted and one.pids()[0] == supervisor
        after = time.time_ns()
        capture.wait(lambda: len(capture.adverts("r1", vrid=VRIDS[-1], since=after)) >= 3, 10, "adverts after the restart")    # pylint: disable=cell-var-from-loop
        outage = pinger.outage()
        figure(f"upgrade to {wanted}: {outage.lost} pings of 1 ms lost, the longest pause {outage.milliseconds:.1f} ms")
        assert outage.lost == 0
        assert not capture.adverts("r2") and all(advert.priority for _w, _p, advert in capture.adverts("r1")), "no transition anywhere"
        assert states(one) == {"Master"}
        check_goes_on(before, one)
        assert one.group(7)["priority"] == 211
        assert "clean start" not in one.read("output.log")


def test_a_version_goes_on_with_what_another_one_left_when_it_was_killed(installed):
    """The package was replaced, then all processes were killed: the other version starts next."""
    lan, mine = installed(groups(210)[:3], groups(200)[:3])
    one = mine.router
    one.configure("interface eth1", "vrrp 7 priority 211")
    for name, wanted in (("vrrpd-next", NEXT), ("vrrpd", ours())):
        capture = lan.capture()
        before = what_people_see(one)
        mine.install(name)
        one.kill()
        one.launch(mine.options)
        one.wait_ready()
        assert version(one) == wanted
        after = time.time_ns()
        capture.wait(lambda: len(capture.adverts("r1", vrid=7, since=after)) >= 3, 10, "adverts after the start")    # pylint: disable=cell-var-from-loop
        assert not capture.adverts("r2"), "the Backup took over"
        check_goes_on(before, one)


def test_lines_that_a_version_does_not_know_are_left_out_and_told(installed):
    """The newer version has one more command, and the downgrade goes to a version without it."""
    with tempfile.TemporaryDirectory() as scratch:
        yang = os.path.join(scratch, "yang")
        for folder in ("yang", "vrrpd/core"):    # the directories that the patch changes
            shutil.copytree(os.path.join(ROOT, folder), os.path.join(scratch, folder))
        subprocess.run(["patch", "-p1", "-d", scratch, "-i", os.path.join(ROOT, "doc", "adding-a-leaf.patch")], check=True, capture_output=True)
        lan, mine = installed(groups(210)[:3], groups(200)[:3], yang=yang)
        one = mine.router
        one.configure("interface eth1", "vrrp 7 answer-priority 60", "vrrp 7 priority 211")
        assert "vrrp 7 answer-priority 60" in one.vtysh("show running-config").stdout
        before = what_people_see(one)
        capture = lan.capture()
        for name in os.listdir(YANG):
            if name.endswith(".yang"):
                shutil.copy2(os.path.join(YANG, name), yang)
        mine.install("vrrpd-next")
        mine.restart()
        after = time.time_ns()
        capture.wait(lambda: len(capture.adverts("r1", vrid=7, since=after)) >= 3, 10, "adverts after the restart")
        assert not capture.adverts("r2") and all(advert.priority for _w, _p, advert in capture.adverts("r1")), "no transition anywhere"
        lines = [line for line in one.log().splitlines() if "[VRRP-100]" in line]
        assert len(lines) == 1 and "answer-priority" in lines[0], one.log()
        running = one.vtysh("show running-config").stdout
        assert running == before[0].replace(" vrrp 7 answer-priority 60\n", "") != before[0]
        one.terminate()


@pytest.mark.parametrize("before, after", [("vrrpd", "vrrpd-next"), ("vrrpd-next", "vrrpd")])
def test_a_worker_that_another_version_has_left_is_ended(pair, before, after):
    """Its supervisor was killed. The worker is stopped, and would resign for the next daemon when it continues."""
    one, _two = pair
    group = Group(priority=210, interval_ms=INTERVAL_MS, ipv4=(VIP4,))
    one.program = program(before)
    one.start(group)
    one.wait_state("Master")
    supervisor, worker = one.pids()
    os.kill(worker, signal.SIGSTOP)
    os.kill(supervisor, signal.SIGKILL)
    one.program = program(after)
    one.start(group)
    one.wait_state("Master")
    assert not alive(worker)
