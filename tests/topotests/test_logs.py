# SPDX-License-Identifier: Apache-2.0
"""The log: one line for each transition with its reason and peer; sinks; rotation."""
import os
import re
import signal

from harness import netns
from harness.programs import program
from harness.routers import Group
from harness.topology import VIP4
from harness.waiting import wait_for


def transition_lines(router, old, new):
    return [line for line in router.log().splitlines() if re.search(rf"{old}\s*(->|→|to)\s*{new}", line)]


def test_every_transition_is_one_line_with_reason_and_peer(lan, pair):
    one, two = pair
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    two.start(Group(priority=220, interval_ms=100, ipv4=(VIP4,)))
    two.wait_state("Master")
    one.wait_state("Backup")
    assert len(transition_lines(one, "Initialize", "Backup")) == 1
    assert len(transition_lines(one, "Backup", "Master")) == 1
    lost = transition_lines(one, "Master", "Backup")
    assert len(lost) == 1 and "10.10.10.10" in lost[0] and "220" in lost[0] and "eth1" in lost[0] and "5" in lost[0]
    lan.set_link("r1", "down")
    one.wait_state("Initialize")
    assert any("eth1" in line and "down" in line for line in transition_lines(one, "Backup", "Initialize"))


def test_a_router_that_flaps_is_summed_up(lan, pair):
    """The log shows that the router flaps and how often, and does not fill up. The history remains complete."""
    one, _ = pair
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    for _ in range(15):
        for state, shown in (("down", "Initialize"), ("up", "Backup")):
            lan.set_link("r1", state)
            wait_for(lambda: one.state() in (shown, "Master" if state == "up" else shown), 3, f"not {shown}")
    one.wait_state("Master")
    made = one.family()["stats"]["transitions"]
    summed = wait_for(lambda: re.findall(r"vrrp 5 on eth1 \(IPv4\): (\d+) more transitions in the last \d+ s, now Master", one.log()), 15,
                      one.log)
    lines = [line for line in one.log().splitlines() if "(IPv4)" in line and "->" in line]
    assert len(lines) == 10 and made == len(lines) + int(summed[0]) > 30
    assert len(one.show("show vrrp history json")) > 10


def test_the_log_goes_to_standard_output_too(pair):
    one, _ = pair
    one.write("vrrpd.conf", "interface eth1\n vrrp 5 advertisement-interval 100\n vrrp 5 ip 10.10.10.16\n")
    os.makedirs(one.path("state"))
    one.spawn([program("vrrpd"), "-f", one.path("vrrpd.conf"), "-i", one.path("vrrpd.pid"), "--vty_socket", one.dir,
               "--state-dir", one.path("state"), "--log", "stdout"])
    one.wait_ready()
    one.wait_state("Master")
    assert re.search("Backup.*Master", one.read("output.log"))


def test_debug_lines_appear_and_stop(pair):
    one, _ = pair
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)), options=("--log-level", "debugging"))
    one.wait_state("Master")
    quiet = one.log().count("\n")
    one.vtysh("debug vrrp packets")
    wait_for(lambda: one.log().count("\n") > quiet + 3, 3, "no debug lines for packets")
    one.vtysh("no debug vrrp packets")
    assert one.vtysh("show debugging").returncode == 0


def test_logrotate_reopens_the_file(pair):
    """SIGUSR1 reopens the file, as in FRR."""
    one, _ = pair
    one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
    one.wait_state("Master")
    os.rename(one.path("vrrpd.log"), one.path("vrrpd.log.1"))
    os.kill(one.pids()[0], signal.SIGUSR1)
    one.configure("interface eth1", "vrrp 5 shutdown")
    wait_for(lambda: "Initialize" in one.log(), 3, "nothing is logged to the new file")


def test_each_reason_of_initialize_is_logged_once(lan, pair):
    """Also for groups that have been in Initialize since the start. The text includes the details that only the kernel side knows."""
    one, _ = pair
    netns.ip("addr flush dev eth1", "link property add dev eth1 altname enp3s0", ns=one.ns)
    netns.ip("addr add fe80::15/64 dev eth1 nodad", ns=lan.ns("h1"))
    one.start(text="interface eth1\n vrrp 5 ip 10.10.10.16\n vrrp 5 ipv6 2001:db8:10::16\ninterface enp3s0\n vrrp 6 ip 10.10.10.17\n"
                   "interface eth9\n vrrp 7 ip 10.10.10.18\n vrrp 8 ip 10.10.10.19\n vrrp 8 shutdown\n")
    netns.ip("addr add fe80::15/64 dev eth1", ns=one.ns)    # with duplicate address detection: h1 has the address
    expected = {"vrrp 5 on eth1 (IPv4)": "interface eth1 has no address to send from",
                "vrrp 5 on eth1 (IPv6)": "the link-local address fe80::15 of interface eth1 is a duplicate: another host on the link has it",
                "vrrp 6 on enp3s0 (IPv4)": "interface enp3s0 does not exist: it is another name of eth1, configure that",
                "vrrp 7 on eth9 (IPv4)": "interface eth9 does not exist", "vrrp 8 on eth9 (IPv4)": "shutdown is configured"}

    def said():
        return [line.split("[VRRP-095] ")[1] for line in one.log().splitlines() if "[VRRP-095]" in line]
    lines = wait_for(lambda: len(said()) >= len(expected) and said(), 20, one.log)
    assert sorted(lines) == sorted(f"{name}: Initialize: {reason}" for name, reason in expected.items())
    assert one.family(family=6)["initializeReason"] == expected["vrrp 5 on eth1 (IPv6)"]
    netns.ip("addr add 10.10.10.15/24 dev eth1", ns=one.ns)
    one.wait_state("Master")
    lan.set_link("r1", "down")
    one.wait_state("Initialize")
    lan.set_link("r1", "up")
    one.wait_state("Master")
    assert not [line for line in said()[len(lines):] if "vrrp 5 on eth1 (IPv4)" in line], "the line of the transition says it"
