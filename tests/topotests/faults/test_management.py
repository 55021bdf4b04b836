# SPDX-License-Identifier: Apache-2.0
"""The management thread hangs while the protocol continues: the supervisor notices it, and the LAN is not affected."""
import os
import signal
import subprocess
import time

import pytest

from harness import netns
from harness.programs import program
from harness.routers.base import alive
from harness.shim import Shim
from harness.waiting import wait_for

TIMEOUT_S = 30    # the supervisor's timeout for management


@pytest.fixture
def shimmed(gateways):
    """Returns a pair of gateways, and the shim of router 1."""
    shims = []
    return gateways(prepare=lambda router: shims.append(Shim(router)), options=("--no-seccomp",)), shims[0]    # for vfork()


def test_a_worker_whose_management_hangs_is_replaced_and_nobody_notices(shimmed):
    """The daemon undoes a commit that waits for its confirmation before the time for the confirmation is over."""
    n, shim = shimmed
    n.one.vtysh("configure private", "interface eth1", "vrrp 5 priority 220", "commit confirmed 1")
    n.capture.wait(lambda: [1 for _w, _p, a in n.adverts("r1", family=4) if a.priority == 220], 5, "an advert with the new priority")
    before, victim = time.time_ns(), n.one.worker()
    shim.management_hang = victim
    n.one.wait_new_worker(victim, TIMEOUT_S + 10)
    assert not alive(victim) and time.time_ns() - before > (TIMEOUT_S - 2) * 1e9
    n.capture.wait(lambda: n.adverts("r1", family=4)[-1][2].priority == 210, 5, "an advert with the old priority")
    assert not n.adverts("r2", since=before) and all(a.priority for _w, _p, a in n.adverts("r1")), "no peer notices"
    assert n.questions.longest_double(before) == 0
    said = n.one.vtysh("show version").stdout
    assert f"management of process {victim} gave no sign of life" in said and "resigned" not in said
    assert "rolled back commit 2 of root, which was not confirmed" in n.one.log()


def test_management_that_waits_for_the_kernel_is_waited_for(shimmed):
    """A killed worker would end only when the kernel's call returns, and no other worker could start until then."""
    n, shim = shimmed
    before, victim = time.time_ns(), n.one.worker()
    shim.management_wait = (TIMEOUT_S + 4) * 1000
    wait_for(lambda: not shim.management_wait, 5, "it does not wait")
    n.capture.wait(lambda: n.adverts("r1", since=before + int((TIMEOUT_S + 3) * 1e9)), TIMEOUT_S + 10, "adverts go on")
    n.one.wait_ready()
    assert n.one.worker() == victim and not n.adverts("r2", since=before)


def test_the_end_is_orderly_while_management_hangs(shimmed):
    n, shim = shimmed
    before, worker = time.time_ns(), n.one.worker()
    shim.management_hang = worker
    supervisor = n.one.pids()[0]
    os.kill(supervisor, signal.SIGTERM)
    wait_for(lambda: not alive(supervisor), 15, "it goes on")
    assert [advert.priority for _w, _p, advert in n.adverts("r1", family=4, since=before)][-1] == 0
    assert not [name for name in netns.links(n.one.ns) if name.startswith("vrrp")]
    assert not [name for name in os.listdir(n.one.dir) if name in ("vrrpd.pid", "vrrpd.vty", "vrrpd.checkpoint")]


class Script:
    """A shell that gets its lines from a program, one at a time."""

    def __init__(self, router):
        self.output = router.path("script.log")
        with open(self.output, "wb") as file:
            self.shell = subprocess.Popen([program("vtysh"), "--vty_socket", router.dir], stdin=subprocess.PIPE, stdout=file, stderr=file)

    def say(self, *lines):
        self.shell.stdin.write("".join(line + "\n" for line in lines).encode())
        self.shell.stdin.flush()

    def said(self):
        with open(self.output, encoding="utf-8") as file:
            return file.read()

    def end(self):
        self.shell.stdin.close()
        return self.shell.wait(20)


def test_a_script_goes_on_after_a_worker_was_replaced(gateways):
    one = gateways().one
    script, worker = Script(one), one.worker()
    script.say("configure terminal", "interface eth1", "do show version")
    wait_for(lambda: "Tandem vrrpd" in script.said(), 10, script.said)
    os.kill(worker, signal.SIGKILL)
    one.wait_new_worker(worker)
    script.say("vrrp 5 advertisement-interval 200", "end")
    assert script.end() == 0, script.said()
    assert one.group()["advertisementInterval"] == 200


def test_the_shell_tells_what_has_become_of_a_line_when_its_worker_does_not_answer(gateways):
    one = gateways().one
    script, worker = Script(one), one.worker()
    script.say("configure terminal", "interface eth1", "do show version")
    wait_for(lambda: "Tandem vrrpd" in script.said(), 10, script.said)
    os.kill(worker, signal.SIGSTOP)    # until its supervisor replaces it
    script.say("vrrp 5 advertisement-interval 200")
    assert script.end() == 1
    newest = one.vtysh("show configuration commits").stdout.splitlines()[1]
    assert "advertisement-interval" not in newest
    assert "% If this took effect, it is the last commit, which is now:\nRollback Commit" in script.said() and newest in script.said()
