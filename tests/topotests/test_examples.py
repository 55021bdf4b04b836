# SPDX-License-Identifier: Apache-2.0
"""Every example of the command reference, and the commands that the contract of the command line names, typed into a real vtysh that
talks to a real daemon."""
import os
import re

import pytest

from harness.programs import build_folder
from harness.routers import Group, Tandem
from harness.topology import Topology, VIP4, VIP6

REFERENCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "doc", "cli")
PAGES = ("configuration.md", "operational.md", "shell.md")

# Examples that cannot succeed on a fresh daemon, and what they answer there.
REFUSED = {
    "traceroute 127.0.0.1": r"cannot run traceroute|^$",    # where it is not installed
    "no debug vrrp record": r"nothing is being recorded",
    "commit confirm": r"no commit",
    "rollback": r"commit",
    "show configuration diff": r"no candidate",    # outside of a candidate
}


def examples():
    for page in PAGES:
        with open(os.path.join(REFERENCE, page), encoding="utf-8") as file:
            for block in re.findall(r"^```vtysh\n(.*?)^```", file.read(), re.MULTILINE | re.DOTALL):
                yield pytest.param(block, id=f"{page}: {block.splitlines()[-1]}")


@pytest.fixture(scope="module")
def router():
    build_folder()
    lan = Topology()
    one = Tandem(lan, "r1")
    try:
        one.start(Group(5, 210, 100, ipv4=(VIP4,)))
        one.wait_state("Master")
        one.write("example.conf", "interface eth1\n vrrp 7 priority 7\nexit\n")
        yield one
    finally:
        one.close()
        lan.close()


def typed(router, text):
    """What vtysh answers to lines of its standard input, with files in the test's own directory."""
    text = text.replace("/tmp/vrrpd-example.conf", router.path("example.conf")).replace("/var/log/", router.dir + "/")
    text = text.replace("/tmp/vrrpd-example.rec", router.path("example.rec"))
    return router.vtysh_input(text)


@pytest.mark.parametrize("block", examples())
def test_example_of_the_reference(router, block):
    done = typed(router, block)
    told = "% Uncommitted changes are discarded"    # the end of an example that leaves a candidate: no error
    errors = [line for line in re.findall(r"^% .*", done.stdout, re.MULTILINE) if line != told]
    refused = next((pattern for line, pattern in REFUSED.items() if block.strip().splitlines()[-1].startswith(line)), None)
    if refused:
        assert not errors or re.search(refused, done.stdout, re.MULTILINE), done.stdout
        return
    assert done.returncode == 0 and not errors, done.stdout + done.stderr


# cli.md §2 to §6: lines of the interface node, of the configuration node, and of the enable mode.
INTERFACE_LINES = f"""
vrrp 5
vrrp 5 version 3
vrrp 5 priority 210
vrrp 5 advertisement-interval 1000
vrrp 5 ip {VIP4}
vrrp 5 ip 10.10.10.17/24
vrrp 5 ipv6 {VIP6}
vrrp 5 ipv6 2001:db8:10::17/64
vrrp 5 preempt
vrrp 5 preempt delay 30
vrrp 5 accept-mode
vrrp 5 description Zürich, Hauptgebäude
vrrp 5 checksum-with-ipv4-pseudoheader
no vrrp 5 checksum-with-ipv4-pseudoheader
default vrrp 5 checksum-with-ipv4-pseudoheader
vrrp 5 shutdown
no vrrp 5 shutdown
no vrrp 5 preempt delay
no vrrp 5 ip 10.10.10.17
no vrrp 5 description
no vrrp 5 version 3
default vrrp 5 priority
"""
CONFIGURATION_LINES = """
vrrp default advertisement-interval 1000
vrrp default priority 100
vrrp default preempt
vrrp default accept-mode
vrrp default shutdown
no vrrp default shutdown
vrrp default checksum-with-ipv4-pseudoheader
default vrrp default checksum-with-ipv4-pseudoheader
hostname r1
log syslog informational
no log syslog
service integrated-vtysh-config
banner motd line hello
banner motd file /etc/hostname
banner motd default
no banner motd
vrrp autoconfigure
vrrp autoconfigure version 2
no vrrp autoconfigure
line vty
exec-timeout 0 0
frr version 10.8
frr defaults traditional
debug vrrp protocol
no debug vrrp
"""
ENABLE_LINES = """
show vrrp
show vrrp json
show vrrp interface eth1
show vrrp interface eth1 5
show vrrp 5 interface eth1 json
show vrrp summary
show vrrp summary json
show vrrp 5 detail
show vrrp history
show vrrp history interface eth1 5 json
clear vrrp statistics
debug vrrp packets
no debug vrrp packets
show debugging
show debugging vrrp
show running-config
show running-config no-header
show running-config vrrpd
show running-config vrrpd no-header
write terminal vrrpd
show memory vrrpd
show daemons
write terminal
write
write memory
write file
show startup-config
show configuration running
show configuration running json
show configuration running vrrpd
show configuration running json with-defaults vrrpd
show configuration running json with-defaults
show version
show version json
show memory
show memory json
show motd
show yang operational-data /
show yang operational-data //group[vrid = '5']/priority | //group/version
show history
list
list permutations
find ^show
show vrrp | include Master
show vrrp|exclude Master
show vrrp | begin Status | count .
show vrrp | json
terminal length 0
"""


@pytest.mark.parametrize("line", INTERFACE_LINES.strip().splitlines())
def test_interface_line_of_the_contract(router, line):
    done = typed(router, f"configure terminal\ninterface eth1\n{line}\n")
    assert done.returncode == 0 and done.stdout == "", done.stdout


@pytest.mark.parametrize("line", CONFIGURATION_LINES.strip().splitlines())
def test_configuration_line_of_the_contract(router, line):
    done = typed(router, f"configure terminal\n{line}\n")
    assert done.returncode == 0 and done.stdout == "", done.stdout


@pytest.mark.parametrize("line", ENABLE_LINES.strip().splitlines())
def test_enable_line_of_the_contract(router, line):
    done = typed(router, line + "\n")
    assert done.returncode == 0 and not re.search(r"^% ", done.stdout, re.MULTILINE), done.stdout
