# SPDX-License-Identifier: Apache-2.0
"""Start, stop, crash: after SIGTERM nothing is left, and the daemon adopts what a crash left."""
import os
import signal
import time

import pytest

from harness import election, netns
from harness.netns import addresses, links
from harness.programs import program
from harness.routers import Group
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

GROUPS = {"interval_ms": 100, "ipv4": (VIP4,), "ipv6": (VIP6,)}
# The kernel changes these by itself or at each read.
VOLATILE = ("stable_secret", "mc_forwarding")


def snapshot(router):
    """Returns the state of the router's namespace that Tandem could leave changed."""
    return {"links": {name: (link["flags"], link.get("address")) for name, link in links(router.ns).items()},
            "addresses": {name: sorted(found) for name, found in addresses(router.ns).items()},
            "sysctls": netns.all_sysctls(router.ns, VOLATILE),
            "rules": netns.run(["ip", "rule"], router.ns).stdout,
            "routes": sorted(netns.run(["ip", "route", "show", "table", "all"], router.ns).stdout.splitlines())}


def differences(before, after):
    found = {}
    for part, old in before.items():
        new = after[part]
        if isinstance(old, dict):
            changed = {key: (old.get(key), new.get(key)) for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
            found.update({part: changed} if changed else {})
        elif old != new:
            found[part] = (old, new)
    return found


def wait_master(router):
    for family in (4, 6):
        router.wait_state("Master", family=family)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_after_the_end(lan, pair, end):
    one, _ = pair
    before, files = snapshot(one), set(os.listdir(one.dir))
    one.start(Group(priority=210, **GROUPS), Group(6, priority=90, ipv4=("10.10.10.17",)))
    wait_master(one)
    assert differences(before, snapshot(one)), "it changed nothing while running, so this shows nothing"
    process = one._children[0]
    os.kill(process.pid, end)
    assert process.wait(10) == 0
    assert differences(before, snapshot(one)) == {}
    left = set(os.listdir(one.dir)) - files - {"vrrpd.conf", "vrrpd.log", "output.log", "state"}
    assert left == set(), "pid file, socket and locks go, too"


def test_a_backup_leaves_nothing_either(lan, pair):
    one, two = pair
    one.start(Group(priority=210, **GROUPS))
    wait_master(one)
    before = snapshot(two)
    two.start(Group(priority=200, **GROUPS))
    for family in (4, 6):
        two.wait_state("Backup", family=family)
    two.terminate()
    assert differences(before, snapshot(two)) == {}


def test_sigterm_resigns(lan, pair):
    one, _ = pair
    one.start(Group(priority=210, **GROUPS))
    wait_master(one)
    capture = lan.capture()
    one.terminate()
    last = {family: capture.adverts("r1", family=family)[-1][2].priority for family in (4, 6)}
    assert last == {4: 0, 6: 0}


def test_a_restart_after_sigkill_adopts_what_it_left(lan, pair, prober):
    one, _ = pair
    before = snapshot(one)
    one.start(Group(priority=210, **GROUPS))
    wait_master(one)
    indexes = {family: links(one.ns)[one.macvlan(family=family)]["ifindex"] for family in (4, 6)}
    one.kill()
    one.launch()
    one.wait_ready()
    wait_master(one)
    assert {family: links(one.ns)[one.macvlan(family=family)]["ifindex"] for family in (4, 6)} == indexes, "adopted, not made anew"
    prober(lan.ns("h1"), VIP4).wait_ready()
    one.terminate()
    assert differences(before, snapshot(one)) == {}, "also what the killed one had changed is restored"


def test_a_restart_as_backup_takes_the_addresses_off(lan, pair):
    one, two = pair
    one.start(Group(priority=210, **GROUPS))
    wait_master(one)
    one.kill()
    two.start(Group(priority=200, **GROUPS))
    wait_master(two)
    one.write("vrrpd.conf", one.read("vrrpd.conf").replace("priority 210", "priority 100"))
    one.launch()
    one.wait_ready()
    for family in (4, 6):
        one.wait_state("Backup", family=family)
        device = one.macvlan(family=family)
        wait_for(lambda d=device: not addresses(one.ns, d).get(d), 3, f"{device} still has {addresses(one.ns, device)}")


def test_a_group_that_was_removed_while_it_was_dead_is_cleaned_up(lan, pair):
    one, _ = pair
    before = snapshot(one)
    one.start(Group(priority=210, **GROUPS), Group(6, interval_ms=100, ipv4=("10.10.10.17",)))
    wait_master(one)
    one.wait_state("Master", vrid=6)
    orphan = one.macvlan(6)
    one.kill()
    one.write("vrrpd.conf", "interface eth1\n vrrp 5 ip 10.10.10.16\n")
    one.launch()
    one.wait_ready()
    wait_for(lambda: orphan not in links(one.ns), 5, f"{orphan} of the dead one is still there")
    one.terminate()
    assert differences(before, snapshot(one)) == {}


def test_a_macvlan_made_by_the_operator_is_adopted_and_given_back(lan, pair):
    """FRR's users make macvlans in this way: the right MAC, the right parent, any name, the address on it."""
    one, _ = pair
    netns.ip("link add mine link eth1 address 00:00:5e:00:01:05 type macvlan mode bridge", "addr add 10.10.10.16/24 dev mine",
             "link set mine up", ns=one.ns)
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    assert one.family()["interface"] == "mine"
    assert not [name for name in links(one.ns) if name.startswith("vrrp4-")]
    wait_for(lambda: lan.run("h1", "ping", "-c", "1", "-W", "1", VIP4, check=False).returncode == 0, 5, "the address is dead")
    one.terminate()
    link = links(one.ns)["mine"]
    assert "UP" not in link["flags"], "left down: an address that is up would be a second gateway"
    assert link["linkinfo"]["info_data"]["mode"] == "bridge" and "10.10.10.16/24" in addresses(one.ns)["mine"]


def test_sighup_reads_the_file_again(lan, pair):
    one, _ = pair
    one.start(text="interface eth1\n vrrp 5 priority 210\n vrrp 5 advertisement-interval 100\n vrrp 5 ip 10.10.10.16\n")
    one.wait_state("Master")
    transitions = one.family()["stats"]["transitions"]
    one.write("vrrpd.conf", "interface eth1\n vrrp 5 priority 150\n vrrp 5 advertisement-interval 100\n vrrp 5 ip 10.10.10.16\n"
                            " vrrp 6 ip 10.10.10.17\n")
    os.kill(one.pids()[0], signal.SIGHUP)
    wait_for(lambda: len(one.show()) == 2, 5, "the second group has not come")
    assert one.group()["priority"] == 150
    assert one.family()["stats"]["transitions"] == transitions, "the group stays Master"


def test_sighup_with_a_bad_file_changes_nothing(lan, pair):
    one, _ = pair
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    running = one.vtysh("show running-config").stdout
    one.write("vrrpd.conf", "interface eth1\n vrrp 5 priority 300\n")
    os.kill(one.pids()[0], signal.SIGHUP)
    wait_for(lambda: "vrrpd.conf:2" in one.log() + one.read("output.log"), 5, "the error is not in the log")
    assert one.vtysh("show running-config").stdout == running and one.state() == "Master"


def test_every_error_of_a_bad_file_is_a_line_of_the_log(lan, pair):
    one, _ = pair
    one.start(text="hostname r1\n")
    one.write("vrrpd.conf", "nonsense\n" * 30)
    os.kill(one.pids()[0], signal.SIGHUP)
    wait_for(lambda: "10 more errors" in one.log(), 5, one.log)
    refused = [line for line in one.log().splitlines() if "reload refused" in line]
    assert len(refused) == 21, "as many as a log should take"
    assert all(f"vrrpd.conf:{number}: Unknown command: nonsense" in line for number, line in enumerate(refused[:20], 1)), refused


def test_relative_names_hold_in_the_background(lan, pair):
    one, _ = pair
    one.write("vrrpd.conf", "hostname first\n")
    os.makedirs(one.path("state"))
    done = netns.run([program("vrrpd"), "-d", "-f", "vrrpd.conf", "-i", "vrrpd.pid", "--vty_socket", one.dir, "--state-dir", "state",
                      "--log", "file:vrrpd.log"], one.ns, cwd=one.dir)
    daemon = int(one.read("vrrpd.pid"))
    try:
        assert (done.stdout, done.stderr) == ("", "")
        one.write("vrrpd.conf", "hostname second\n")
        os.kill(daemon, signal.SIGHUP)
        wait_for(lambda: "hostname second\n" in one.vtysh("show running-config").stdout, 5, one.log)
        assert "refused" not in one.log(), one.log()
    finally:
        os.kill(daemon, signal.SIGTERM)
        wait_for(lambda: not os.path.exists(one.path("vrrpd.pid")), 10, one.log)


def test_changing_one_group_does_not_disturb_another(lan, pair):
    one, two = pair
    groups = (Group(5, 210, 100, ipv4=(VIP4,)), Group(6, 210, 100, ipv4=("10.10.10.17",)))
    one.start(*groups)
    two.start(Group(5, 200, 100, ipv4=(VIP4,)), Group(6, 200, 100, ipv4=("10.10.10.17",)))
    for vrid in (5, 6):
        one.wait_state("Master", vrid)
    capture, began = lan.capture(), time.time_ns()
    one.configure("interface eth1", "vrrp 6 priority 150", "vrrp 6 ip 10.10.10.18", "no vrrp 6 ip 10.10.10.18", "no vrrp 6",
                  "vrrp 7 ip 10.10.10.19", "no vrrp 7")
    capture.wait(lambda: len(capture.adverts("r1", vrid=5)) > 10, 5, "ten adverts of group 5")
    found = election.reigns(capture.adverts(vrid=5, since=began), 100)
    assert [(r.port, r.resigned) for r in found] == [("r1", False)]


def as_nobody(one):
    """Starts the daemon with -u nobody. All users can read its configuration; its own user owns the state directory."""
    state = one.path("mine")
    one.start(text=f"interface eth1\n vrrp 5 priority 210\n vrrp 5 advertisement-interval 100\n vrrp 5 ip {VIP4}\n", wait=False,
              options=("-u", "nobody", "--state-dir", state))
    one.wait_ready()
    return state


def failures(one):
    """Returns the log's lines about failed actions, except that this user may not save the configuration, which is expected here."""
    return [line for line in one.log().splitlines() if "cannot" in line and "[VRRP-110]" not in line]


def test_another_user_keeps_the_history_and_what_a_crash_needs(lan, pair):
    one, _ = pair
    before = snapshot(one)
    netns.ip("link add mine link eth1 address 00:00:5e:00:01:05 type macvlan mode bridge", "addr add 10.10.10.16/24 dev mine",
             "link set mine up", ns=one.ns)
    state = as_nobody(one)
    one.wait_state("Master")
    one.configure("interface eth1", "vrrp 5 description first")
    assert len(os.listdir(state + "/commits")) == 2 and not failures(one)
    one.kill()
    one.launch(("-u", "nobody", "--state-dir", state))
    one.wait_ready()
    assert "vrrp 5 description first" in one.vtysh("show configuration commits").stdout
    one.configure("interface eth1", "vrrp 5 description second")
    one.terminate()
    assert f"{VIP4}/24" in addresses(one.ns)["mine"], "what was found before the crash"
    assert not failures(one)
    netns.ip("link del mine", ns=one.ns)
    assert differences(before, snapshot(one)) == {}
    one.launch(("--state-dir", state))    # as root, then as the other user again
    one.wait_ready()
    one.configure("interface eth1", "vrrp 5 description third")
    one.terminate()


def test_a_state_directory_that_the_other_user_cannot_write_is_said(lan, pair):
    one, _ = pair
    one.write("vrrpd.conf", "hostname r1\n")
    process = one.launch(("-u", "nobody"))    # the harness made the file as root
    assert process.wait(10) == 1
    assert one.read("output.log") == f"vrrpd: user 'nobody' cannot write to {one.path('state')}: give it to that user, or name another: " \
                                     "Permission denied\n"
