# SPDX-License-Identifier: Apache-2.0
"""A real systemd installs and runs the unit (harness/machine.py). A Backup beside it would notice a failure."""
import re
import time

import pytest

from harness import netns
from harness.machine import Machine
from harness.routers import Group, Tandem
from harness.routers.tandem import config_lines
from harness.topology import VIP4, VIP6
from harness.waiting import wait_for

pytestmark = pytest.mark.alone
INTERVAL_MS = 1000    # a restart by systemd takes some 120 ms, longer on a busy machine; the peer waits three seconds
GROUP = {"ipv4": (VIP4,), "ipv6": ("fe80::5e00:205", VIP6), "interval_ms": INTERVAL_MS}
CONFIG = "/etc/tandem/vrrpd.conf"
CAPABILITIES = "0000000000003000"    # CAP_NET_ADMIN, CAP_NET_RAW


@pytest.fixture
def machine(lan):
    machine = Machine(lan.ns("r1"))
    # If a call is missing in SystemCallFilter=, the kernel kills the process instead of returning an error.
    machine.write("/etc/systemd/system/vrrpd.service.d/strict.conf", "[Service]\nSystemCallErrorNumber=kill\n")
    yield machine
    print(machine.journal()[-6000:])
    machine.close()


def states(machine):
    return re.findall(r"(?:Master|Backup|Initialize)", machine.vtysh("show vrrp summary", check=False).stdout.split("---")[-1])


def start(machine, mask=0o022):
    """Makes router 1 Master in both families without delay: its priority is the highest that a router other than the owner may have."""
    machine.write(CONFIG, "hostname r1\n" + config_lines([Group(priority=254, **GROUP)]), mask)
    machine.systemctl("start")
    wait_master(machine)


def wait_master(machine):
    wait_for(lambda: states(machine) == ["Master", "Master"], 10, lambda: f"{states(machine)}", step=0.05)


def macvlans(lan):
    return [name for name in netns.links(lan.ns("r1")) if name.startswith("vrrp")]


def assert_sound(machine):
    """Checks that neither filter refused a system call, and that the journal shows no error."""
    journal = machine.journal()
    assert "VRRP-048" not in journal and "VRRP-049" not in journal and "signal 31" not in journal
    for line in journal.splitlines():
        assert "real-time priority" in line or "not permitted" not in line.lower(), line    # some containers do not allow the priority


def test_a_fresh_installation_becomes_a_gateway(lan, machine):
    """Follows the README. Root owns the file, and no other user can read it."""
    start(machine, mask=0o077)
    assert (machine.property("ActiveState"), machine.property("StatusText")) == ("active", "Running")
    for pid in (machine.supervisor(), machine.worker()):
        status = dict(line.split(":\t", 1) for line in machine.shell(f"cat /proc/{pid}/status").splitlines() if ":\t" in line)
        uid = machine.shell("id -u tandem").strip()
        assert set(status["Uid"].split()) == {uid} != {"0"}
        assert {status[name] for name in ("CapPrm", "CapEff", "CapBnd")} == {CAPABILITIES} and status["CapAmb"] == status["CapInh"] == "0" * 16
        assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    modes = machine.shell(f"stat -c '%n %a %U %G' /etc/tandem {CONFIG} /run/tandem /run/tandem/vrrpd.vty /var/lib/tandem /var/log/tandem")
    assert modes.splitlines() == [
        "/etc/tandem 770 root tandem", f"{CONFIG} 640 tandem tandem", "/run/tandem 755 tandem tandem", "/run/tandem/vrrpd.vty 770 tandem tandem",
        "/var/lib/tandem 750 tandem tandem", "/var/log/tandem 750 tandem tandem"]
    assert "r1" in machine.vtysh("show running-config").stdout
    assert_sound(machine)


def test_an_operator_can_do_his_work(lan, machine):
    start(machine)
    machine.shell("useradd --groups tandem oper; useradd guest")
    machine.run("runuser", "-u", "oper", "--", "vtysh", "-c", "configure terminal", "-c", "interface eth1", "-c", "vrrp 6 ip 10.10.10.66", "-c",
                "exit", "-c", "vrrp address-lease 3", "-c", "log file /var/log/tandem/vrrpd.log", "-c", "log syslog", "-c", "end", "-c", "write")
    assert "vrrp 6 ip 10.10.10.66" in machine.shell(f"cat {CONFIG}") and "hostname r1" in machine.shell(f"cat {CONFIG}.sav")
    refused = machine.run("runuser", "-u", "guest", "--", "vtysh", "-c", "show vrrp", check=False)
    assert refused.returncode != 0 and "members of group tandem" in refused.stderr
    machine.vtysh("debug vrrp record /var/lib/tandem/a.rec")
    machine.vtysh("configure terminal", "interface eth1", "vrrp 7 version 2", "vrrp 7 ip 10.10.10.77", "no vrrp 7 accept-mode")
    machine.vtysh("no debug vrrp record")
    assert "tandem-recording" in machine.shell("head -1 /var/lib/tandem/a.rec") and "vrrp 7" in machine.shell("cat /var/log/tandem/vrrpd.log")
    hidden = machine.vtysh("debug vrrp record /tmp/a.rec", check=False)
    assert hidden.returncode != 0 and "not below /var/log/tandem or /var/lib/tandem" in hidden.stdout + hidden.stderr
    machine.vtysh("copy running-config /etc/tandem/copy.conf")
    assert machine.property("NRestarts") == "0" and "replaced" not in machine.vtysh("show version").stdout
    assert_sound(machine)


def test_everybody_may_look_for_good_if_the_administrator_wants(lan, machine):
    """Follows vrrpd(8)."""
    machine.write("/etc/systemd/system/vrrpd.service.d/viewers.conf", "[Service]\nExecStartPost=chmod o+rw /run/tandem/vrrpd.vty\n")
    machine.run("systemctl", "daemon-reload")
    start(machine)
    machine.shell("useradd guest")
    as_guest = ("runuser", "-u", "guest", "--", "vtysh", "-c")
    for verb in ("restart", "reload"):
        machine.systemctl(verb)
        wait_master(machine)
        assert "Master" in machine.run(*as_guest, "show vrrp summary").stdout
    assert machine.run(*as_guest, "configure terminal", check=False).returncode == 1
    assert re.search(r'guest \(uid \d+, pid \d+\) may not configure: refused "configure terminal"', machine.journal())
    assert_sound(machine)


def test_a_reload_takes_the_file_and_the_program_of_now(lan, machine, routers):
    start(machine)
    backup = routers(Tandem, lan, "r2").start(Group(priority=100, **GROUP))
    capture = lan.capture()
    supervisor, worker = machine.supervisor(), machine.worker()
    machine.vtysh("configure terminal", "interface eth1", "vrrp 6 ip 10.10.10.66")
    for verb in ("reload", "reload-or-restart"):
        machine.systemctl(verb)
        wait_for(lambda: "vrrp 6" not in machine.vtysh("show running-config").stdout, 5, "the file was not read")
        assert machine.supervisor() == supervisor and machine.worker() not in (0, worker)
        worker = machine.worker()
    machine.run("vrrpd", "--restart")
    machine.shell(f"printf 'interface eth1\\n vrrp 5 priority 99\\n vrrp 5 nonsense\\n' >> {CONFIG}")
    worker = machine.worker()
    assert machine.systemctl("reload", check=False).returncode != 0
    assert "nonsense" in machine.journal() and (machine.property("ActiveState"), machine.supervisor()) == ("active", supervisor)
    assert machine.worker() == worker and "priority 254" in machine.vtysh("show running-config").stdout
    assert not capture.adverts("r2") and all(advert.priority for _when, _port, advert in capture.adverts("r1", vrid=5))
    assert machine.property("NRestarts") == "0" and backup.state() == "Backup"
    assert_sound(machine)


def test_a_death_is_mended_and_no_neighbour_notices(lan, machine, routers, figure):
    start(machine)
    backup = routers(Tandem, lan, "r2").start(Group(priority=100, **GROUP))
    capture = lan.capture()
    worker = machine.worker()
    machine.shell(f"kill -KILL {worker}")
    wait_for(lambda: machine.property("StatusText") == f"Running; before: worker {worker} was killed by signal 9", 5, machine.journal)
    assert machine.property("NRestarts") == "0"
    for restart in (1, 2):
        supervisor, since = machine.supervisor(), time.time_ns()
        machine.shell(f"kill -KILL {supervisor}")
        wait_for(lambda n=restart: machine.property("NRestarts") == str(n) and machine.property("SubState") == "running", 5, machine.journal)
        assert states(machine) == ["Master", "Master"], machine.journal()
        assert machine.property("StatusText") == "Running; before: ended without cleaning up"
        capture.wait_advert(5, port="r1", family=4, since=since + 10**9)
    times = [when for when, _port, _advert in capture.adverts("r1", family=4)]
    figure(f"supervisor killed under systemd: longest pause between adverts {max(b - a for a, b in zip(times, times[1:])) / 1e6:.0f} ms of {INTERVAL_MS}")
    assert not capture.adverts("r2") and all(advert.priority for _when, _port, advert in capture.adverts("r1"))
    assert backup.state() == "Backup" and machine.journal().count("VRRP-050") == 2
    assert_sound(machine)


def test_the_watchdog_ends_a_supervisor_that_hangs(machine):
    machine.write("/etc/systemd/system/vrrpd.service.d/hasty.conf", "[Service]\nWatchdogSec=2\n")
    start(machine)
    machine.shell(f"kill -STOP {machine.supervisor()}")
    wait_for(lambda: "Failed with result 'watchdog'" in machine.journal(), 10, machine.journal)
    wait_for(lambda: machine.property("NRestarts") == "1" and machine.property("SubState") == "running", 10, machine.journal)
    wait_master(machine)


def test_crashes_are_said_and_a_stop_leaves_nothing(lan, machine):
    start(machine)
    for _crash in range(5):
        worker = wait_for(machine.worker, 5, machine.journal)
        machine.shell(f"kill -KILL {worker}")
        wait_for(lambda w=worker: machine.worker() != w, 5, machine.journal)
    said = f"worker {worker} was killed by signal 9; its virtual routers have resigned"
    wait_for(lambda: said in machine.property("StatusText"), 5, machine.journal)
    assert machine.property("ActiveState") == "active"
    wait_master(machine)
    capture = lan.capture()
    machine.systemctl("stop")
    assert capture.adverts("r1", family=4)[-1][2].priority == capture.adverts("r1", family=6)[-1][2].priority == 0
    assert machine.property("ActiveState") == "inactive" and machine.property("Result") == "success"
    assert not macvlans(lan) and machine.run("ls", "/run/tandem", check=False).returncode != 0
    machine.systemctl("start")
    assert machine.property("StatusText") == "Running"
    assert_sound(machine)


def test_a_wrong_file_is_a_failed_start(lan, machine):
    machine.write(CONFIG, "interface eth1\n vrrp 5 nonsense\n")
    assert machine.systemctl("start", check=False).returncode != 0
    wait_for(lambda: machine.property("ActiveState") == "failed", 10, machine.journal)
    assert f"{CONFIG}:2" in machine.journal() and not macvlans(lan)
