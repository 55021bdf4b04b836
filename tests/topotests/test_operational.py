# SPDX-License-Identifier: Apache-2.0
"""The operators' output of a running pair: state with its reason, history, counters, instance data, the live screen."""
import json
import re
import subprocess
from datetime import datetime

import pytest

from harness import netns
from harness.programs import program
from harness.routers import Group, Tandem
from harness.topology import VIP4, Topology
from harness.waiting import wait_for


@pytest.fixture(scope="module")
def pair():
    """r2 was Master until r1 started, which has the higher priority."""
    lan = Topology()
    one, two = Tandem(lan, "r1"), Tandem(lan, "r2")
    try:
        two.start(Group(priority=100, interval_ms=100, ipv4=(VIP4,)))
        two.wait_state("Master")
        one.start(Group(priority=210, interval_ms=100, ipv4=(VIP4,)))
        one.wait_state("Master")
        two.wait_state("Backup")
        wait_for(lambda: two.family()["masterAddress"], 3, "r2 does not know its Master")
        yield one, two
    finally:
        one.close()
        two.close()
        lan.close()


def fits_a_terminal(text):
    return all(len(line.rstrip()) <= 80 for line in text.splitlines())


def test_detail_says_state_reason_and_since(pair):
    one, two = pair
    master, backup = (r.vtysh("show vrrp detail").stdout for r in pair)
    assert re.search(r"^ IPv4 Master: preempting a master of lower priority \(10\.10\.10\.10, priority 100\)$", master, re.MULTILINE)
    assert re.search(r"^ IPv4 Backup: 10\.10\.10\.15 has priority 210\n      since 20\d\d-\d\d-\d\dT", backup, re.MULTILINE)
    assert " IPv6 Initialize: no virtual addresses are configured\n" in backup
    assert all(row in backup for row in (" Virtual Router ID ", " Master Priority (v4) ", " Dropped: checksum is wrong "))
    assert fits_a_terminal(master) and fits_a_terminal(backup)
    assert two.vtysh("show vrrp detail 5 json", check=False).returncode == 1, "filters come before"
    assert two.show("show vrrp 5 interface eth1 detail json")[0]["v4"]["reason"] == "10.10.10.15 has priority 210"
    assert two.vtysh("show vrrp interface eth9 detail").stdout == "Note: there is no interface eth9\n"


def test_history_tells_every_transition_with_reason_and_peer(pair):
    _, two = pair
    told = [(t["from"], t["to"], t["reason"], t["peer"], t["peerPriority"]) for t in two.show("show vrrp history json")]
    assert told == [("Initialize", "Backup", "startup", "", 0), ("Backup", "Master", "master down interval expired", "", 0),
                    ("Master", "Backup", "higher priority advertisement received", "10.10.10.15", 210)]
    text = two.vtysh("show vrrp history 5").stdout
    assert re.match(r"20\d\d-\d\d-\d\dT[\d:.]+Z vrrp 5 on eth1 \(IPv4\): Initialize -> Backup\n    startup\n", text)
    assert fits_a_terminal(text)
    assert two.vtysh("show vrrp history 6").stdout == ""


def test_operational_data_is_what_is_shown(pair):
    _, two = pair
    path = "/tandem-interfaces:interfaces/interface[name='eth1']/tandem-vrrp:vrrp/group[vrid='5']/ipv4/state"
    data = json.loads(two.vtysh(f"show yang operational-data {path}").stdout)
    group = data["tandem-interfaces:interfaces"]["interface"][0]["tandem-vrrp:vrrp"]["group"][0]
    state, shown = group["ipv4"]["state"], two.show("show vrrp detail json")[0]["v4"]
    assert (state["status"], state["reason"]) == ("backup", shown["reason"])
    assert datetime.fromisoformat(state["since"]) == datetime.fromisoformat(shown["since"].replace("Z", "+00:00"))
    assert int(state["skew-time"]) == shown["skewTimeMicroseconds"] and state["virtual-address"] == shown["addresses"]
    assert [t["to"] for t in state["transition"]] == ["backup", "master", "backup"]
    assert set(state["statistics"]["errors"]) == {re.sub("[A-Z]", lambda m: "-" + m[0].lower(), key) for key in shown["stats"]["errors"]}


@pytest.mark.parametrize("path", ["/nonsense", "/frr-vrrpd:lib", "]["])
def test_a_bad_path_is_refused_in_words(pair, path):
    done = pair[0].vtysh(f"show yang operational-data {path}", check=False)
    assert done.returncode == 1 and done.stdout.startswith(f"% {path}: ") and len(done.stdout) > len(path) + 15


def test_the_live_screen_is_printed_once_without_a_terminal(pair):
    """A session knows the rate from its second query on."""
    _, two = pair
    first = two.vtysh("monitor vrrp").stdout.splitlines()
    assert re.fullmatch(r"20\S+Z  Virtual routers: 0 Master, 1 Backup, 0 Initialize", first[0])
    assert re.fullmatch(r"eth1 +5 v4 Backup +\d+m?\d*s +- 10\.10\.10\.15 higher priority", first[3])

    with netns.inside(two.ns):
        shell = subprocess.Popen([program("vtysh"), "--vty_socket", two.dir], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def rate():
        shell.stdin.write("monitor vrrp\n")
        shell.stdin.flush()
        line = next(line for line in shell.stdout if line.startswith("eth1 "))
        return line.split()[5]
    try:
        wait_for(lambda: rate() not in ("-", "0.0"), 5, "no rate", step=0.3)
        assert 5 < float(rate()) < 15, "10 adverts a second"
    finally:
        shell.communicate()


def test_logging_shows_destinations_levels_and_the_last_lines(pair):
    _, two = pair
    two.configure(f"log file {two.path('other.log')} warnings")
    try:
        text = two.vtysh("show logging").stdout
        assert f"  Option --log: level informational, file:{two.path('vrrpd.log')}\n" in text
        assert f"  File logging: level warnings, {two.path('other.log')}\n" in text and "  Syslog logging: disabled\n" in text
        last = text.split("messages:\n")[1]
        assert "[VRRP-003] vrrp 5 on eth1 (IPv4): Master -> Backup: higher priority" in last and last in two.log()
    finally:
        two.configure("no log file")


def test_a_message_of_the_log_is_explained(pair):
    one = pair[0]
    assert re.search(r"^VRRP-001 +notifications +vrrpd \.\.\. started", one.vtysh("show logging message").stdout, re.MULTILINE)
    explained = one.vtysh("show logging message vrrp-006").stdout
    assert explained.startswith("VRRP-006 (warnings)\n  Text:   ") and "\n  Advice: Configure the same virtual addresses" in explained
    assert fits_a_terminal(explained)
    unknown = one.vtysh("show logging message VRRP-000", check=False)
    assert "% There is no message VRRP-000" in unknown.stdout + unknown.stderr


def test_memory_counts_objects(pair):
    text = pair[0].vtysh("show memory").stdout
    numbers = dict(re.findall(r"^  (.+?): +(\d+)", text, re.MULTILINE))
    assert (numbers["Groups"], numbers["Virtual routers"], numbers["Management sessions"]) == ("1", "1", "1")
    assert 1000 < int(numbers["Heap in use"]) <= int(numbers["Total heap allocated"]) and int(numbers["Resident set"]) > 1000


def test_version_says_what_is_running_where(pair):
    assert re.match(r"Tandem vrrpd \d+\.\d+\.\d+ \(r1\) on Linux\(\S+\)\.\nBuilt with GCC 1\d", pair[0].vtysh("show version").stdout)


def test_the_configuration_in_all_its_forms(pair):
    _, two = pair
    running = two.vtysh("show running-config").stdout
    assert two.vtysh("write terminal").stdout == running
    body = running.split("Current configuration:\n!\n")[1]
    assert two.vtysh("show running-config no-header").stdout == body and body.endswith("end\n")
    assert two.vtysh("show configuration running").stdout + "end\n" == body
    complete = two.vtysh("show configuration running with-defaults").stdout
    assert all(f"{line}\n" in complete for line in (" vrrp 5 priority 100", " vrrp 5 preempt delay 0", "vrrp default preempt"))
    assert json.loads(two.vtysh("show configuration running json").stdout)["tandem-interfaces:interfaces"]["interface"][0]["name"] == "eth1"
    assert two.vtysh("show startup-config").stdout == two.read("vrrpd.conf")


FRR_FILE = """frr version 10.8.0-dev
frr defaults traditional
hostname r1
domainname example.net
log f {dir}/frr.log
log facility local0
log timestamp precision 6
log commands
no log unique-id
password zebra
enable password zebra
service integrated-vtysh-config
service password-encryption
no ip forwarding
debug vrrp zebra
banner motd line Authorised access only
!
interface eth1
 vrrp 5 version 3
 vrrp 5 ip 10.10.10.16
exit
!
line vty
 exec-timeout 5 0
exit
!
end
"""


def test_what_every_daemon_of_frr_understands_loads(pair):
    """It does not replace a meaningful command: `log f` is `log file`."""
    one, _ = pair
    one.write("frr.conf", FRR_FILE.format(dir=one.dir))
    done = netns.run([program("vrrpd"), "-C", "-f", one.path("frr.conf")], check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    before = one.vtysh("show running-config").stdout
    one.configure("debug vrrp zebra", "service password-encryption", "line vty")
    assert one.vtysh("show running-config").stdout == before
    assert "is on" not in one.vtysh("show debugging vrrp").stdout
