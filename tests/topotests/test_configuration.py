# SPDX-License-Identifier: Apache-2.0
"""Configuration files and running-config: what the programs load, print, save and refuse."""
import json
import os
import re
import subprocess
import time

import pytest

from harness import netns
from harness.programs import program
from harness.routers import Tandem
from harness.topology import VIP4

FULL = """hostname r1
vrrp default priority 90
!
interface eth1
 description the LAN
 vrrp 5
 vrrp 5 description classic
 vrrp 5 priority 200
 no vrrp 5 preempt
 vrrp 5 advertisement-interval 2000
 vrrp 5 ip 10.10.10.16
 vrrp 5 ip 10.10.10.17
 vrrp 5 ip 10.10.10.200
 vrrp 5 ipv6 2001:db8::370:7334
 vrrp 9 version 2
 vrrp 9 ip 10.10.10.18
exit
!
end
"""


@pytest.fixture
def one(lan, routers):
    return routers(Tandem, lan, "r1")


def running(router):
    return router.vtysh("show running-config no-header").stdout


def test_running_config_has_frrs_text(one):
    one.start(text=FULL)
    text = one.vtysh("show running-config").stdout
    assert text.startswith("Building configuration...\n\nCurrent configuration:\n!\n")
    body = [line for line in text.splitlines() if line.startswith(("interface", " ", "exit"))]
    assert body == [line for line in FULL.splitlines() if line.startswith(("interface", " ", "exit"))]
    assert "hostname r1\n" in text and "vrrp default priority 90\n" in text and text.endswith("!\nend\n")


def test_running_config_is_a_file_as_it_is_shown(one):
    """A backup contains the output of `show running-config`, the comments that Oxidized and RANCID add, and the line ends of another system."""
    one.start(text=FULL)
    shown = one.vtysh("show running-config").stdout
    backup = one.path("backup")
    with open(backup, "w", encoding="utf-8", newline="\r\n") as file:
        file.write("!RANCID-CONTENT-TYPE: frr\n# vrrpd 0.1\n" + shown)
    for restore in (lambda: one.run_vtysh("-f", backup), lambda: one.vtysh(f"copy {backup} running-config"),
                    lambda: one.vtysh_input("configure terminal\n" + shown)):
        one.configure("no interface eth1")
        assert one.vtysh("show running-config").stdout != shown
        restore()
        assert one.vtysh("show running-config").stdout == shown
    assert netns.run([program("vrrpd"), "-C", "-f", backup]).returncode == 0
    one.terminate()
    one.start(text=shown)
    assert one.vtysh("show running-config").stdout == shown


def test_descriptions_are_as_long_as_frrs_and_tabs_are_blanks(one):
    one.start(text="")
    long = "ä" * 1000
    one.configure("interface eth1", f"description {long}", "vrrp 5 description\tof\tthe laboratory")
    assert running(one) == f"interface eth1\n description {long}\n vrrp 5\n vrrp 5 description of the laboratory\nexit\n!\nend\n"
    assert "1000" in one.configure("interface eth1", f"description {long}x", check=False).stdout


def test_what_was_printed_loads_to_the_same(one):
    one.start(text=FULL)
    text = running(one)
    one.terminate()
    one.start(text=text)
    assert running(one) == text


def test_write_memory_saves_what_is_running(one):
    one.start(text="interface eth1\n vrrp 5 ip 10.10.10.16\n")
    one.configure("interface eth1", "vrrp 5 priority 123")
    done = one.vtysh("write memory")
    assert one.path("vrrpd.conf") in done.stdout
    saved = one.read("vrrpd.conf")
    assert " vrrp 5 priority 123\n" in saved and "Building" not in saved
    assert os.stat(one.path("vrrpd.conf")).st_mode & 0o777 == 0o640
    assert "priority" not in one.read("vrrpd.conf.sav"), "the previous one is kept"
    before = running(one)
    one.terminate()
    one.launch()
    one.wait_ready()
    assert running(one) == before


def test_json_file_is_the_same_configuration(one):
    one.start(text=FULL)
    text = running(one)
    data = one.vtysh("show configuration running json").stdout
    json.loads(data)
    one.terminate()
    one.start(text=data)
    assert running(one) == text


def check(router, text, **options):
    path = router.write("check.conf", text)
    return path, netns.run([program("vrrpd"), "-C", "-f", path], router.ns, check=False, **options)


def test_check_accepts_a_good_file_and_touches_nothing(one):
    os.chmod(one.dir, 0o755)
    before = netns.links(one.ns)
    path, done = check(one, FULL, user="nobody", group="nogroup", extra_groups=[])
    assert (done.returncode, done.stderr) == (0, ""), "needs no privileges"
    assert netns.links(one.ns) == before and not one.pids()
    assert os.path.exists(path)


BAD = """interface eth1
 vrrp 7 priority 255
 vrrp 8 version 2
 vrrp 8 ipv6 2001:db8::1
 vrrp 9 advertisement-interval 15
 vrrp 10 ip 224.0.0.1
 vrrp 11 prioritty 7
"""


def test_check_names_every_error_with_its_line(one):
    """One run reports wrong words, wrong values, and violated rules between values."""
    path, done = check(one, BAD)
    assert done.returncode == 1
    found = dict(re.findall(rf"^{re.escape(path)}:(\d+): (.+)$", done.stdout + done.stderr, re.MULTILINE))
    assert {"2", "5", "6", "7"} <= set(found), found
    assert any("2001:db8::1" in text and "version 2" in text for text in found.values()), found


def test_a_bad_file_given_to_a_running_daemon_changes_nothing(one):
    one.start(text="interface eth1\n vrrp 5 ip 10.10.10.16\n")
    before = running(one)
    path = one.write("more.conf", BAD)
    done = netns.run([program("vtysh"), "--vty_socket", one.dir, "-f", path], one.ns, check=False)
    assert done.returncode == 1 and f"{path}:2: " in done.stdout + done.stderr
    assert running(one) == before


@pytest.mark.parametrize("options, both", [
    (("-b", "-w"), "-b and -w"), (("-f", "x.conf", "-b"), "-f and -b"), (("-f", "x.conf", "-c", "show version"), "-f and -c"),
    (("-C", "-c", "show version"), "-C and -c"), (("-b", "-m"), "-b and -m"), (("-w", "-c", "show version"), "-w and -c")])
def test_vtysh_does_one_thing_at_a_time(one, options, both):
    """Of two actions vtysh would carry out only one, without a message about the other."""
    done = one.run_vtysh(*options, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"vtysh: {both} cannot be combined; see vtysh --help\n")


def test_a_copy_is_written_where_its_name_leads(one):
    one.start(text="hostname r1\n")
    os.symlink("elsewhere.conf", one.path("link.conf"))
    one.write("link.conf.new", "precious\n")
    home = {**os.environ, "HOME": one.dir}
    one.vtysh(f"copy running-config {one.path('link.conf')}", "copy running-config ~/home.conf", env=home)
    assert os.path.islink(one.path("link.conf")) and one.read("elsewhere.conf").startswith("hostname r1\n")
    assert one.read("link.conf.new") == "precious\n" and one.read("home.conf").startswith("hostname r1\n")
    one.write("home.conf", "hostname r2\n")
    one.vtysh("copy ~/home.conf running-config", env=home)
    assert running(one).startswith("hostname r2\n")


def test_output_that_cannot_be_written_is_an_error(one):
    one.start(text="hostname r1\n")
    with open("/dev/full", "w", encoding="ascii") as full:
        done = one.vtysh("show running-config", check=False, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, "vtysh: the output could not be written\n")
    done = one.vtysh("output file /dev/full", "show running-config", check=False)
    assert (done.returncode, done.stdout) == (1, "% cannot write /dev/full: No space left on device\n")
    reading, writing = os.pipe()
    os.close(reading)    # the reader closes the pipe early
    with os.fdopen(writing, "w") as pipe:
        assert one.vtysh("show running-config", check=False, capture_output=False, stdout=pipe).returncode == 0


def test_a_bad_file_starts_nothing(one):
    one.write("vrrpd.conf", BAD)
    process = one.launch()
    assert process.wait(10) == 1
    assert re.search(r"vrrpd\.conf:2: ", one.read("output.log"))
    assert not [name for name in netns.links(one.ns) if name.startswith("vrrp")]


def test_an_unreadable_file_is_one_clear_line(one):
    process = one.launch(("-f", one.path("nosuch.conf")))
    assert process.wait(10) == 1
    lines = one.read("output.log").splitlines()
    assert len(lines) == 1 and "nosuch.conf" in lines[0] and "No such file" in lines[0]


def test_frr_files_load_unchanged(one):
    one.start(text="frr version 8.4.4\nfrr defaults traditional\nhostname lab\nlog syslog informational\n"
                   "service integrated-vtysh-config\n!\ninterface eth1\n vrrp 5 version 3\n vrrp 5 priority 210\n"
                   " vrrp 5 ip 10.10.10.16\nexit\n!\nline vty\nexit\n!\nend\n")
    assert one.group()["priority"] == 210
    text = running(one)
    assert " vrrp 5 version 3\n" in text and "hostname lab" in text


def test_300_groups_load_as_one_transaction(one, lan, figure):
    netns.ip("link add lan2 type veth peer name lan2-end", "link set lan2-end up", "addr add 10.40.0.1/16 dev lan2", "link set lan2 up", ns=one.ns)
    lines = ["interface eth1", *(f" vrrp {v} ip 10.30.0.{v}" for v in range(1, 256)), "exit",
             "interface lan2", *(f" vrrp {v} ip 10.40.1.{v}" for v in range(1, 46)), "exit"]
    one.start(text="\n".join(lines) + "\n")
    assert len(one.show()) == 300
    one.terminate()
    one.start(text="hostname r1\n")
    path = one.write("load.conf", "\n".join(lines) + "\n")
    began = time.monotonic()
    done = netns.run([program("vtysh"), "--vty_socket", one.dir, "-f", path], one.ns)
    figure(f"vtysh -f with 300 groups: {time.monotonic() - began:.2f} s")
    assert done.returncode == 0 and len(one.show()) == 300

    bad = one.write("bad.conf", "interface eth1\n no vrrp 1\n" + "".join(f" vrrp {v} priority 50\n" for v in range(2, 200))
                    + " vrrp 200 ip 224.0.0.9\n")
    before = running(one)
    done = netns.run([program("vtysh"), "--vty_socket", one.dir, "-f", bad], one.ns, check=False)
    assert done.returncode != 0 and "224.0.0.9" in done.stdout + done.stderr and running(one) == before, "whole or not at all"


READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
FULL_DISK = 'cp -a "$1/." "$1.keep" && mount -t tmpfs -o size=16k tmpfs "$1" && cp -a "$1.keep/." "$1" && ' \
            'dd if=/dev/zero of="$1/filler" bs=1k status=none 2>/dev/null; shift; exec "$@"'


@pytest.mark.parametrize("script, reason", [(READ_ONLY, "Read-only file system"), (FULL_DISK, "No space left on device")],
                         ids=["read-only", "full"])
def test_a_disk_that_cannot_be_written_is_said_and_changes_nothing(one, script, reason):
    """The test uses a mount namespace of its own, so that no other program is affected."""
    folder = one.path("etc")
    os.makedirs(folder)
    os.makedirs(folder + ".keep")
    conf = one.write("etc/vrrpd.conf", "interface eth1\n vrrp 5 advertisement-interval 100\n vrrp 5 ip 10.10.10.16\n")
    saved = one.read("etc/vrrpd.conf")
    os.makedirs(one.path("state"))
    one.spawn(["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", folder, program("vrrpd"), "-f", conf, "-i",
               one.path("vrrpd.pid"), "--vty_socket", one.dir, "--state-dir", one.path("state"), "--log", "file:" + one.path("vrrpd.log")])
    one.wait_ready()
    one.wait_state("Master")
    one.configure("interface eth1", "vrrp 5 priority 77")
    before = running(one)
    done = one.vtysh("write memory", check=False)
    assert done.returncode == 1 and done.stdout.startswith("%"), done.stdout
    assert "vrrpd.conf" in done.stdout and reason in done.stdout
    assert running(one) == before and one.state() == "Master"
    inside = subprocess.run(["nsenter", "--mount", "-t", str(one.pids()[0]), "sh", "-c", f"cat {conf}; ls {folder}"], capture_output=True,
                            text=True, check=True).stdout
    assert inside.startswith(saved) and set(inside[len(saved):].split()) <= {"vrrpd.conf", "filler"}, "no half-written file is left"


def test_candidate_values_are_seen_by_operators_at_once(one):
    """`configure terminal`: each line takes effect at once."""
    one.start(text=f"interface eth1\n vrrp 5 advertisement-interval 100\n vrrp 5 ip {VIP4}\n")
    one.wait_state("Master")
    one.configure("interface eth1", "vrrp 5 priority 42", "vrrp 5 advertisement-interval 200", "vrrp 5 description edge")
    group = one.group()
    assert (group["priority"], group["advertisementInterval"]) == (42, 200)
    assert one.state() == "Master"
