# SPDX-License-Identifier: Apache-2.0
"""Types each example of the command reference into a real vtysh that talks to a real daemon. Examples of cli.md: test_contract.py."""
import os
import re

import pytest

from harness.programs import build_folder
from harness.routers import Group, Tandem
from harness.topology import Topology, VIP4

REFERENCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "doc", "cli")
PAGES = ("configuration.md", "operational.md", "shell.md")

# Examples that cannot succeed on a fresh daemon, and their output there.
REFUSED = {
    "traceroute 127.0.0.1": r"cannot run traceroute|^$",    # where traceroute is not installed
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
    """Returns the answer of vtysh to lines of its standard input. Files are in the test's own directory."""
    text = text.replace("/tmp/vrrpd-example.conf", router.path("example.conf")).replace("/var/log/tandem/", router.dir + "/")
    text = text.replace("/var/lib/tandem/", router.dir + "/")
    return router.vtysh_input(text)


@pytest.mark.parametrize("block", examples())
def test_example_of_the_reference(router, block):
    done = typed(router, block)
    told = "% Uncommitted changes are discarded"    # printed at the end of an example that leaves a candidate; it is no error
    errors = [line for line in re.findall(r"^% .*", done.stdout, re.MULTILINE) if line != told]
    refused = next((pattern for line, pattern in REFUSED.items() if block.strip().splitlines()[-1].startswith(line)), None)
    if refused:
        assert not errors or re.search(refused, done.stdout, re.MULTILINE), done.stdout
        return
    assert done.returncode == 0 and not errors, done.stdout + done.stderr
