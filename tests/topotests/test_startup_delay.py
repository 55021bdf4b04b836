# SPDX-License-Identifier: Apache-2.0
"""`vrrp startup-delay`: a switch port that forwards only some time after its link has come up, and a machine that has just booted."""
import datetime
import os
import signal

import pytest

from harness import netns
from harness.programs import program
from harness.answers import Questions
from harness.topology import VIP4
from harness.waiting import stays, wait_for

INTERVAL_MS = 100
DOWN_S = 0.4    # Master_Down_Interval, rounded up
LONG_S = 300    # long enough that no test waits for its end


def start(router, priority, delay="", **options):
    """`delay`: the rest of the command `vrrp startup-delay`."""
    text = f"vrrp startup-delay {delay}\n" if delay else ""
    text += f"interface eth1\n vrrp 5 priority {priority}\n vrrp 5 advertisement-interval {INTERVAL_MS}\n vrrp 5 ip {VIP4}\nexit\n"
    return router.start(text=text, **options)


def left(router):
    """Returns the seconds for which the delay still holds the router back; 0: no delay."""
    return router.family()["startupDelayRemaining"]


def reason(router):
    return router.show("show vrrp detail json")[0]["v4"]["reason"]


def history(router):
    """Returns (seconds since 1970, state, reason) of each transition, oldest first."""
    return [(datetime.datetime.fromisoformat(entry["time"].replace("Z", "+00:00")).timestamp(), entry["to"], entry["reason"])
            for entry in router.show("show vrrp history json")]


def entered(router, state):
    """Returns when the router last entered the state."""
    return [when for when, to, _reason in history(router) if to == state][-1]


class Port:
    """A router's port at the switch. After its link has come up it forwards nothing until forward(): until then it is no port of the bridge."""

    def __init__(self, lan, router):
        self.lan, self.router = lan, router

    def pull(self):
        netns.ip(f"link set {self.router} down", f"link set {self.router} nomaster", ns=self.lan.switch)

    def put_back(self):
        netns.ip(f"link set {self.router} up", ns=self.lan.switch)

    def forward(self):
        netns.ip(f"link set {self.router} master br0", ns=self.lan.switch)


@pytest.mark.parametrize("delay", ["", LONG_S], ids=["without", "with"])
def test_a_port_that_does_not_forward_at_once(pair, lan, delay):
    """Without the delay the router whose cable is plugged in again becomes a second Master, and hosts get two answers. With the delay they never
    do."""
    one, two = pair
    start(one, 210)
    one.wait_state("Master")
    start(two, 200, delay)
    port = Port(lan, "r2")
    wait_for(lambda: two.state() == "Backup", 5, "router 2 is not Backup")
    port.pull()
    two.wait_state("Initialize")
    port.put_back()
    two.wait_state("Backup")
    if delay:
        assert 0 < left(two) <= LONG_S
        assert "no Master has been heard yet, the startup delay ends in" in reason(two)
        stays(lambda: two.state() == "Backup", 4 * DOWN_S, "router 2 did not wait")
    else:
        two.wait_state("Master")
    capture = lan.capture()
    questions = Questions(lan, capture, VIP4)
    try:
        port.forward()
        wait_for(lambda: "10.10.10.15" in reason(two), 10, "router 2 does not follow router 1")
        wait_for(lambda: len(questions.answers()) > 20, 10, "no router answers")
    finally:
        questions.close()
    answering = {port for _when, port in questions.answers()}
    if delay:
        assert answering == {"r1"}
        assert not capture.adverts("r2"), "router 2 has sent an advert"
        assert [to for _when, to, _reason in history(two)][-2:] == ["Initialize", "Backup"]
    else:
        assert [to for _when, to, _reason in history(two)][-2:] == ["Master", "Backup"]


@pytest.mark.parametrize("end", ["resigns", "dies"])
def test_takes_over_in_the_delay_from_a_master_that_it_has_heard(pair, lan, end):
    one, two = pair
    start(one, 100)
    one.wait_state("Master")
    start(two, 200, LONG_S)
    wait_for(lambda: "10.10.10.15" in reason(two), 5, "router 2 does not follow router 1")
    assert "10.10.10.15 has priority 100, the startup delay ends in" in reason(two), "it must not preempt"
    stays(lambda: two.state() == "Backup", 2 * DOWN_S, "router 2 preempts")
    if end == "resigns":
        one.terminate()
    else:
        one.kill()
    two.wait_state("Master", timeout=3)
    assert left(two) == 0
    log = two.log()
    assert log.count("[VRRP-108]") == 1


def test_waits_when_it_hears_nothing(pair):
    """A router on its own becomes Master when the delay has ended and it has then listened for a Master_Down_Interval. Preemption waits, too."""
    one, _two = pair
    delay = 3
    start(one, 210, delay)
    one.wait_state("Backup")
    detail = one.vtysh("show vrrp detail").stdout
    assert "Startup Delay Left (s) (v4)" in detail
    one.wait_state("Master", timeout=30)
    assert entered(one, "Master") - entered(one, "Backup") > delay - 1    # the delay counts from the start of vrrpd, not from Backup
    assert left(one) == 0
    assert "[VRRP-108] vrrp 5 on eth1 (IPv4): the startup delay holds it back for 3 s" in one.log()
    assert "[VRRP-109] vrrp 5 on eth1 (IPv4): the startup delay is over" in one.log()


def test_does_not_preempt_before_it_has_ended(pair):
    one, two = pair
    start(two, 100)
    two.wait_state("Master")
    start(one, 210, 3)
    one.wait_state("Master", timeout=30)
    held = [line for line in one.log().splitlines() if "[VRRP-109]" in line]
    assert held, "the delay has not ended by itself"
    assert history(one)[-1][2] == "preempting a master of lower priority"


def worker_dies(router):
    before = router.worker()
    os.kill(before, signal.SIGKILL)
    router.wait_new_worker(before)


def worker_is_replaced(router):
    before = router.worker()
    done = netns.run([program("vrrpd"), "--restart", "-i", router.path("vrrpd.pid")], router.ns, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    router.wait_new_worker(before)


@pytest.mark.parametrize("hand_over", [worker_is_replaced, worker_dies])
def test_a_hand_over_neither_begins_nor_ends_it(pair, hand_over):
    one, two = pair
    start(one, 210, LONG_S)
    one.wait_state("Backup")
    wait_for(lambda: left(one) <= LONG_S - 2, 10, "the delay does not run")    # so that the test would see a restart of the delay
    before = left(one)
    hand_over(one)
    assert one.state() == "Backup"
    assert 0 < left(one) <= before
    # A Master that took over during the delay stays Master.
    start(two, 100)
    one.configure("no vrrp startup-delay")
    one.wait_state("Master")
    one.configure(f"vrrp startup-delay {LONG_S}")
    hand_over(one)
    assert one.state() == "Master"
    assert history(one)[-1:] == [] or history(one)[-1][1] == "Master"


def machine(seconds):
    """Returns a command that runs another in a time namespace in which the machine booted `seconds` ago."""
    with open("/proc/uptime", encoding="ascii") as file:
        uptime = float(file.read().split()[0])
    return ("unshare", "--time", f"--boottime={int(seconds - uptime)}", "--fork", "--kill-child=SIGKILL")


def test_after_boot_holds_on_a_machine_that_was_booted_lately(pair):
    one, _two = pair
    one.wrapper = machine(100)
    start(one, 210, f"{LONG_S} after-boot")
    one.wait_state("Backup")
    assert LONG_S - 100 - 60 < left(one) <= LONG_S - 100 + 1
    assert f"vrrp startup-delay {LONG_S} after-boot" in one.vtysh("show running-config").stdout.splitlines()


def test_after_boot_does_not_hold_later_whatever_the_link_does(pair, lan):
    one, _two = pair
    one.wrapper = machine(LONG_S + 10)
    start(one, 210, f"{LONG_S} after-boot")
    one.wait_state("Master")
    lan.set_link("r1", "down")
    one.wait_state("Initialize")
    lan.set_link("r1", "up")
    one.wait_state("Master")
    assert "[VRRP-108]" not in one.log()


def test_the_owner_waits_as_backup(pair):
    one, two = pair
    netns.ip(f"addr add {VIP4}/24 dev eth1", ns=one.ns)
    start(two, 100)
    two.wait_state("Master")
    start(one, 210, 3)
    assert one.family()["effectivePriority"] == 255
    wait_for(lambda: history(one)[0][1] == "Backup", 5, "the owner was Master at once")
    one.wait_state("Master", timeout=30)
    assert [to for _when, to, _reason in history(one)] == ["Backup", "Master"]
    assert "[VRRP-109]" in one.log()


def test_what_is_configured_is_printed_and_read_back(pair):
    one, _two = pair
    start(one, 210)
    for line in ("vrrp startup-delay 30", "vrrp startup-delay 30 after-boot", "vrrp startup-delay 0"):
        one.configure(line)
        printed = one.vtysh("show running-config no-header").stdout
        assert line in printed.splitlines()
        one.configure("no vrrp startup-delay")
        assert "startup-delay" not in one.vtysh("show running-config").stdout
        one.write("printed.conf", printed)
        one.vtysh(f"copy {one.path('printed.conf')} running-config")
        assert line in one.vtysh("show running-config").stdout.splitlines()
    refused = one.configure("vrrp startup-delay 3601", check=False)
    assert refused.returncode == 1 and "3601" in refused.stdout
