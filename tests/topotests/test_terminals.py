# SPDX-License-Identifier: Apache-2.0
"""Programs that drive the shell through a terminal: after the prompt they find text, and no dialogue that waits for a key. A person gets a richer
terminal instead (decision 0035)."""
import json
import os
import re

import pexpect
import pytest

from harness import netns
from harness.programs import program
from harness.routers import Group, Tandem
from harness.ssh import PORT, SshServer
from harness.topology import Topology, VIP4

CODES = re.compile(r"\x1b")
# The prompts that these programs expect.
NETMIKO_CISCO = r"[>#]\s*$"
ANSIBLE_FRR = r"[\r\n]?[\w\+\-\.:\/\[\]]+(?:\([^\)]+\)){0,3}(?:[>#]) ?$"


@pytest.fixture(scope="module")
def router():
    lan = Topology()
    one = Tandem(lan, "r1")
    try:
        one.start(Group(5, 210, 100, ipv4=(VIP4,)), Group(50, 100, 100, ipv4=("10.10.10.17",)))
        netns.ip("link set lo up", ns=one.ns)
        one.wait_state("Master")
        yield one
    finally:
        one.close()
        lan.close()


class Session:
    """A vtysh on a pseudo terminal. Its environment lacks the variables of this test that would affect it."""

    def __init__(self, router, terminal, size=(24, 80)):
        environment = {"PATH": os.environ["PATH"], "HOME": router.dir} | ({"TERM": terminal} if terminal else {})
        with netns.inside(router.ns):
            self.child = pexpect.spawn(program("vtysh"), ["--vty_socket", router.dir, "-H", "/dev/null"], encoding="utf-8", timeout=10,
                                       dimensions=size, env=environment)

    def until(self, prompt=r"r1[^\r\n]*# $"):
        self.child.expect(prompt)
        return self.child.before

    def ask(self, line, prompt=r"r1[^\r\n]*# $"):
        """Returns the output after the echo of the line."""
        self.child.sendline(line)
        return self.until(prompt).partition("\n")[2]

    def press(self, keys):
        """Types one key at a time, each after the shell has echoed the previous one."""
        for key in keys:
            self.child.send(key)
            self.child.expect_exact(key)


@pytest.fixture
def session(router):
    made = []

    def make(*arguments, **options):
        made.append(Session(router, *arguments, **options))
        return made[-1]
    yield make
    for one in made:
        one.child.close(force=True)


@pytest.mark.parametrize("terminal,size", [("vt100", (24, 80)), ("vt100", (1000, 511)), ("xterm-256color", (24, 80)), (None, (24, 80)),
                                           ("dumb", (24, 80))])
def test_a_program_that_writes_lines_finds_text(session, terminal, size):
    shell = session(terminal, size)
    assert not CODES.search(shell.until()), "greeting and prompt"
    summary = shell.ask("show vrrp summary")
    assert "Master" in summary and not CODES.search(summary)
    text = shell.ask("show vrrp json")
    assert len(text.splitlines()) > 24, "more than a screenful"
    assert json.loads(text)[0]["vrid"] == 5
    assert shell.ask("terminal length 0") == shell.ask("terminal width 511") == ""


@pytest.mark.parametrize("prompt", [NETMIKO_CISCO, ANSIBLE_FRR])
def test_prompts_are_those_that_programs_look_for(session, prompt):
    """The lines that netmiko (cisco_ios) and Ansible (frr.frr, with its facts) send."""
    shell = session("vt100", (24, 80))
    shell.until(prompt)
    for line in ("", "terminal length 0", "terminal width 511", "show version", "show running-config", "show interface", "show interface brief", "configure terminal", "interface eth1",
                 "description set by a program", "end", "show running-config | include description", "write memory"):
        said = shell.ask(line, prompt)
        assert not CODES.search(said) and "%" not in said, f"{line}: {said}"


def test_stock_taking_finds_the_interfaces(router):
    """The lines that Ansible's facts and LibreNMS send. The test compares the output with the kernel's data."""
    router.configure("interface eth1", "description the LAN")
    link, text = netns.links(router.ns)["eth1"], router.vtysh("show interface eth1").stdout
    assert text.startswith("Interface eth1 is up, line protocol is up\n")
    for line in ("vrf: default", "Description: the LAN", f"index {link['ifindex']} metric 0 mtu {link['mtu']}", f"HWaddr: {link['address']}",
                 "inet 10.10.10.15/24 broadcast 10.10.10.255", "inet6 fe80::15/64", "protodown: off"):
        assert f"\n  {line}\n" in text
    assert "\nInterface vrrp4-eth1-5 is up" in router.vtysh("show interface").stdout
    told = router.show("show interface json")["eth1"]
    assert (told["operationalStatus"], told["mtu"], told["description"]) == ("up", 1500, "the LAN")
    assert re.search(r"^eth1 +up +up +the LAN$", router.vtysh("show interface description").stdout, re.MULTILINE)
    missing = router.vtysh("show interface eth7", check=False)
    assert missing.returncode == 1 and missing.stdout == "% Can't find interface eth7\n"


def test_indented_lines_are_no_requests_for_help(session):
    """A program sends a part of a file unchanged: tabs before the first word are blanks, whether or not the terminal marks pastes."""
    shell = session("vt100")
    shell.until()
    shell.ask("configure terminal")
    shell.ask("interface eth1\n\tvrrp 50 priority 120\n\t\tvrrp 50 preempt delay 1\nexit", r"\(config\)# $")
    shell.ask("end")
    assert "preempt delay 1" in shell.ask("show running-config no-header")


def test_a_person_gets_colours_and_a_pager(session):
    shell = session("xterm-256color")
    shell.until()
    shell.press("show vrrp summary")
    shell.child.send("\r")
    shell.child.expect_exact("\x1b[32mMaster")
    shell.child.expect_exact("\x1b[?2004h")
    shell.until()
    shell.press("show vrrp detail")
    shell.child.send("\r")
    shell.child.expect(r":\x1b\[K$|:$|\(END\)")    # less waits for a key
    shell.child.send("q")
    shell.until()


def test_a_person_at_a_plain_terminal_gets_a_pager_only(session):
    shell = session("vt100")
    shell.until()
    shell.press("show vrrp detail")
    shell.child.send("\r")
    shell.child.expect(r":\x1b\[K$|:$|:\x1b\[K|\(END\)")
    assert "\x1b[32m" not in shell.child.before and "2004" not in shell.child.before
    shell.child.send("q")
    shell.until()


def test_the_pager_is_no_line_of_a_shell(router, tmp_path):
    """The environment's pager is a program with arguments. The shell executes it directly, without /bin/sh."""
    trap = tmp_path / "trap"
    with netns.inside(router.ns):
        child = pexpect.spawn(program("vtysh"), ["--vty_socket", router.dir, "-H", "/dev/null"], encoding="utf-8", timeout=10, dimensions=(24, 80),
                              env={"PATH": os.environ["PATH"], "HOME": router.dir, "TERM": "vt100", "PAGER": f"cat -n ; touch {trap}"})
    child.expect("# $")
    child.send("terminal length 10\r")
    child.expect("# $")
    child.send("show vrrp detail\r")
    child.expect(r"r1# $")
    assert not trap.exists()
    assert "cat: touch: No such file" in child.before, "the semicolon and what follows it are names of files"
    child.close(force=True)


@pytest.mark.parametrize("device", ["cisco_ios", "linux"])
def test_netmiko(router, device):
    """netmiko's own code, over SSH: vtysh is the login shell of a router, or a command on a Linux machine."""
    shell = f"{program('vtysh')} --vty_socket {router.dir}"
    server = SshServer(router, command=shell if device == "cisco_ios" else "env PS1='box# ' sh -i")
    script = """
import json, sys
from netmiko import ConnectHandler
device, key, port, shell = sys.argv[1:]
with ConnectHandler(device_type=device, host="127.0.0.1", port=int(port), username="root", use_keys=True, key_file=key, allow_agent=False) as c:
    wrap = (lambda line: line) if device == "cisco_ios" else (lambda line: f"{shell} -c '{line}'")
    groups = json.loads(c.send_command(wrap("show vrrp json")))
    if device == "cisco_ios":
        c.send_config_set(["interface eth1", "description by netmiko"])
    summary = c.send_command(wrap("show vrrp summary"))
    print(json.dumps({"vrids": [g["vrid"] for g in groups], "summary": summary, "running": c.send_command(wrap("show running-config"))}))
"""
    try:
        done = netns.run(["/usr/bin/python3", "-c", script, device, server.key, str(PORT), shell], router.ns, check=False, timeout=120)
    finally:
        server.close()
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["vrids"] == [5, 50] and "Master" in told["summary"] and not CODES.search(told["summary"])
    assert device == "linux" or "description by netmiko" in told["running"]
