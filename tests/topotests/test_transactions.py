# SPDX-License-Identifier: Apache-2.0
"""Candidates, locks, conflicts, confirmed commits and history, as operators use them in the real shell."""
import os
import re
import signal
import subprocess

import pytest

from harness import netns
from harness.programs import program
from harness.routers import Tandem
from harness.topology import VIP4
from harness.waiting import wait_for

STARTUP = f"interface eth1\n vrrp 5 priority 100\n vrrp 5 ip {VIP4}\n"


@pytest.fixture
def one(lan, routers):
    return routers(Tandem, lan, "r1").start(text=STARTUP)


def running(router):
    return router.vtysh("show running-config no-header").stdout.removesuffix("end\n")


class Operator:
    """A shell that stays open and gets one line at a time. Like a person, and unlike a script, it continues after an error."""

    def __init__(self, router, *lines):
        argv = ["ip", "netns", "exec", router.ns, program("vtysh"), "-n", "--vty_socket", router.dir]
        self.shell = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)
        for line in lines:
            self.type(line)

    def type(self, line):
        """Returns the output of one line: the text before the answer to a second command whose answer is known."""
        self.shell.stdin.write(line + "\ndo show debugging\n")
        output = []
        for got in iter(self.shell.stdout.readline, ""):
            if got == "VRRP debugging status:\n":
                break
            output.append(got)
        return "".join(output)

    def leave(self):
        self.shell.stdin.close()
        self.shell.wait(timeout=10)


@pytest.fixture
def operator():
    shells = []

    def make(router, *lines):
        shells.append(Operator(router, *lines))
        return shells[-1]
    yield make
    for shell in shells:
        if shell.shell.poll() is None:
            shell.shell.kill()
            shell.shell.wait()


def test_a_candidate_takes_effect_at_commit_and_not_before(one):
    done = one.vtysh("configure private", "interface eth1", "vrrp 5 priority 210", "vrrp 6 ip 10.10.10.17", "show configuration diff",
                     "do show running-config no-header", "commit check", "commit comment raise it", "show configuration diff")
    diff = " interface eth1\n- vrrp 5 priority 100\n+ vrrp 5 priority 210\n+ vrrp 6\n+ vrrp 6 ip 10.10.10.17\n exit\n"
    assert done.stdout.startswith(diff + "interface eth1\n vrrp 5\n vrrp 5 priority 100\n"), done.stdout
    assert "The candidate can be committed.\nCommit 2 takes effect.\n" in done.stdout
    assert one.group()["priority"] == 210 and len(one.show()) == 2
    commits = one.vtysh("show configuration commits").stdout.splitlines()
    assert re.match(r" +0 +2 +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +root +configure private: raise it$", commits[1])
    assert re.search(r"CONF-001\] commit 2 by root \(pid \d+\): configure private, comment: raise it", one.log())


def test_each_line_of_configure_terminal_is_a_commit_of_its_own(one):
    one.configure("interface eth1", "vrrp 5 priority 150", "vrrp 5 priority 160")
    done = one.vtysh("configure terminal", "commit", check=False)
    assert done.returncode == 1 and "each line takes effect at once" in done.stdout
    assert re.search(r"commit 3 by root \(pid \d+\): interface eth1 / vrrp 5 priority 160", one.log())
    commits = one.vtysh("show configuration commits").stdout.splitlines()
    assert commits[1].endswith("interface eth1 / vrrp 5 priority 160") and len(commits[1]) <= 80, "fits a terminal"
    one.vtysh("configure private", "rollback 2", "commit")
    assert running(one) == one.vtysh("show configuration rollback 0").stdout and one.group()["priority"] == 100


def test_exclusive_locks_out_everybody_else(one, operator):
    first = operator(one, "configure exclusive", "interface eth1", "vrrp 5 priority 210")
    locked = r"configuration is locked by root \(\d+\) since \d{4}-"
    for lines in (["configure terminal", "hostname x"], ["configure exclusive"], ["configure private", "hostname x", "commit"]):
        done = one.vtysh(*lines, check=False)
        assert done.returncode == 1 and re.search("^% " + locked, done.stdout, re.MULTILINE), done.stdout
    one.write("vrrpd.conf", "hostname other\n")
    os.kill(one.pids()[0], signal.SIGHUP)
    wait_for(lambda: re.search("reload refused, nothing changed: .*" + locked, one.log()), 5, "SIGHUP is refused, too")
    assert first.type("commit") == "Commit 2 takes effect.\n"
    first.leave()
    one.configure("hostname x")


def test_private_changes_are_merged_and_contradictions_named(one, operator):
    first = operator(one, "configure private", "interface eth1", "vrrp 5 description upstairs")
    second = operator(one, "configure private", "interface eth1", "vrrp 5 priority 210")
    one.configure("interface eth1", "vrrp 5 priority 150")
    assert first.type("commit") == "Commit 3 takes effect.\n"
    assert " vrrp 5 description upstairs\n vrrp 5 priority 150\n" in running(one)
    refused = second.type("commit")
    assert "% vrrp 5 on eth1: priority changed here, changed by root in commit 2\n" in refused, refused
    assert one.group()["priority"] == 150


def test_update_takes_the_changes_of_others_over(one, operator):
    first = operator(one, "configure private", "interface eth1", "vrrp 5 priority 150", "vrrp 6 ip 10.10.10.17")
    second = operator(one, "configure private", "interface eth1", "vrrp 5 priority 210", "vrrp 5 description mine")
    assert first.type("commit") == "Commit 2 takes effect.\n"
    conflict = "vrrp 5 on eth1: priority changed here, changed by root in commit 2"
    assert f"Conflict: {conflict}\n" in second.type("show configuration diff")
    refused = second.type("commit")
    assert f"% {conflict}\n" in refused and "`update` takes the changes of others over" in refused
    updated = second.type("update")
    assert updated == f"Not kept: {conflict}\n", updated
    assert second.type("show configuration diff") == " interface eth1\n+ vrrp 5 description mine\n exit\n", "theirs is no change any more"
    assert second.type("commit") == "Commit 3 takes effect.\n"
    assert one.group()["priority"] == 150 and " vrrp 5 description mine\n" in running(one) and " vrrp 6 ip 10.10.10.17\n" in running(one)
    second.type("vrrp 5 priority 210")
    assert second.type("commit") == "Commit 4 takes effect.\n" and one.group()["priority"] == 210


def test_what_is_not_confirmed_before_a_crash_is_rolled_back_at_the_next_start(one):
    before = running(one)
    done = one.vtysh("configure private", "no interface eth1", "hostname gone", "commit confirmed 10 comment risky", "do write", check=False)
    assert re.search(r"^Commit 2 takes effect; it is rolled back at .*Z, unless", done.stdout)
    assert done.returncode == 1 and "% Configuration not saved: commit 2 of root waits for its confirmation" in done.stdout
    assert one.vtysh("configure terminal", "hostname x", check=False).returncode == 1, "nothing else while it waits"
    assert running(one) == "hostname gone\n!\n"
    one.kill()
    one.write("vrrpd.conf", "hostname from-the-file\n")
    one.launch()
    one.wait_ready()
    assert running(one) == before
    assert "rolled back commit 2 of root, which was not confirmed before the daemon ended" in one.log()
    one.terminate()
    one.launch()
    one.wait_ready()
    assert running(one) == "hostname from-the-file\n!\n", "once"


def test_any_operator_confirms(one):
    one.vtysh("configure private", "hostname kept", "commit confirmed 10")
    assert one.vtysh("commit confirm").stdout == "Commit 2 is confirmed.\n"
    one.vtysh("write")
    one.kill()
    one.launch()
    one.wait_ready()
    assert running(one).startswith("hostname kept\n")


def test_what_cannot_be_done_is_refused_and_undone(one, lan):
    """A log file cannot be opened: the daemon detects this only when it applies the configuration."""
    before = running(one)
    done = one.vtysh("configure private", "log file /nonexistent/x.log", "interface eth1", "vrrp 5 priority 7", "commit", check=False)
    assert done.returncode == 1 and "/nonexistent/x.log" in done.stdout, done.stdout
    assert running(one) == before and one.group()["priority"] == 100
    assert "commit 2" not in one.log()


FRR = """frr version 8.4.4
frr defaults traditional
hostname edge1
log syslog informational
service integrated-vtysh-config
!
ip route 10.99.0.0/16 10.10.10.254
!
vrf red
 vni 100
exit-vrf
!
interface eth1
 ip address 10.10.10.1/24
 ip ospf area 0
 vrrp 5 version 3
 vrrp 5 priority 200
 vrrp 5 ip 10.10.10.16
exit
!
router bgp 65000
 neighbor 192.0.2.1 remote-as 65001
 !
 address-family ipv4 unicast
  network 10.10.10.0/24
 exit-address-family
exit
!
router ospf
 ospf router-id 10.10.10.1
exit
!
route-map OUT permit 10
 match ip address prefix-list LAN
exit
!
line vty
!
"""


def line_of(beginning):
    return next(number for number, line in enumerate(FRR.splitlines(), 1) if line.startswith(beginning))


def test_the_file_of_a_frr_router_is_loaded_with_lenient(lan, routers):
    one = routers(Tandem, lan, "r1")
    path = one.write("vrrpd.conf", FRR)
    strict = netns.run([program("vrrpd"), "-C", "-f", path], one.ns, check=False)
    assert strict.returncode == 1 and f"{path}:{line_of('router bgp')}: Unknown command: router bgp 65000" in strict.stderr
    lenient = netns.run([program("vrrpd"), "-C", "--lenient", "-f", path], one.ns, check=False)
    assert lenient.returncode == 0 and f"{path}:{line_of('router bgp')}: skipped: router bgp 65000 (with a block of " in lenient.stderr, lenient.stderr
    one.start(text=FRR, options=["--lenient"])
    assert " vrrp 5 version 3\n vrrp 5 priority 200\n vrrp 5 ip 10.10.10.16\n" in running(one)
    assert "skipped: router ospf (with a block of 1 line)" in one.log()


def test_vtysh_loads_the_file_of_a_frr_router_with_lenient(one):
    path = one.write("frr.conf", FRR)
    argv = [program("vtysh"), "--vty_socket", one.dir, "-f", path]
    before = running(one)
    strict = netns.run(argv, one.ns, check=False)
    assert strict.returncode == 1 and f"{path}:{line_of('router bgp')}: Unknown command: router bgp 65000" in strict.stderr
    assert running(one) == before, "nothing is applied"
    assert strict.stderr.endswith("--lenient skips their lines.\n"), "what to do about it"
    lenient = netns.run([*argv, "--lenient"], one.ns, check=False)
    assert lenient.returncode == 0, lenient.stderr
    for beginning in ("router bgp 65000", "router ospf", "ip route", "route-map OUT", "vrf red"):
        assert f"{path}:{line_of(beginning)}: skipped: {beginning}" in lenient.stderr, lenient.stderr
    assert "hostname edge1\n" in running(one) and " vrrp 5 version 3\n vrrp 5 priority 200\n vrrp 5 ip 10.10.10.16\n" in running(one)


def test_lenient_is_not_careless(lan, routers):
    one = routers(Tandem, lan, "r1")
    path = one.write("vrrpd.conf", FRR.replace("priority 200", "priority 255"))
    done = netns.run([program("vrrpd"), "-C", "--lenient", "-f", path], one.ns, check=False)
    assert done.returncode == 1 and f"{path}:{line_of(' vrrp 5 priority')}: Unknown command: vrrp 5 priority 255 (at '255', expected: (1-254))" in done.stderr
