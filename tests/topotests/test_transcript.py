# SPDX-License-Identifier: Apache-2.0
"""An operator's screen: vtysh in a terminal of 80 × 24, key by key, compared with golden screens (harness/screen.py)."""
import os
import signal

import pytest

from harness.programs import program
from harness.routers import Group, Tandem
from harness.screen import Terminal, Transcript
from harness.topology import Topology, VIP4

MANY = "".join(f" vrrp {vrid} ip 10.10.10.{vrid}\n vrrp {vrid} shutdown\n" for vrid in range(20, 60))


@pytest.fixture(scope="module")
def router():
    lan = Topology()
    one = Tandem(lan, "r1")
    try:
        one.start(Group(5, 210, 100, ipv4=(VIP4,)), Group(50, 100, 100, ipv4=("10.10.10.17",), extra=("vrrp 50 shutdown",)))
        one.wait_state("Master")
        yield one
    finally:
        one.close()
        lan.close()


@pytest.fixture
def terminals():
    made = []

    def make(router, *options, **environment):
        history = router.path(f"history{len(made)}")
        made.append(Terminal(router.ns, [program("vtysh"), "--vty_socket", router.dir, "-H", history, *options], **environment))
        return made[-1]
    yield make
    for terminal in made:
        terminal.close()


@pytest.fixture
def play(terminals):
    """play("name", router, steps, …) plays a whole transcript."""
    def run(name, router, steps, hidden=(), options=(), clear="", **environment):
        terminal = terminals(router, *options, **environment)
        terminal.wait_for(r"^r1[>#]")
        transcript = Transcript(terminal, name, [(r"\(version [0-9.]+\)", "(version X)"), *hidden])
        for keys in steps:
            transcript.step(clear + keys)
        transcript.finish()
        return terminal
    return run


def test_enable_mode(play, router):
    """`?`, TAB, prefixes, errors with caret, filters, history."""
    play("enable", router, [
        "show vrrp ?", "<Tab><Tab>", "summ<Tab><Enter>", "sh vr int<Tab><Tab><Tab>", "<C-u>show vrrp 300<Enter>", "show vrrp interface<Enter>",
        "sh v<Enter>", "show vrrp | include ^ Status|Priority<Enter>", "show vrrp|count Master<Enter>", "show vrrp | grep x<Enter>",
        "show vrrp | include (<Enter>", "hostname r2<Enter>", "copy /etc/os-rel<Tab>", "<C-u>half a line", "<C-c>", "<Up>", "<C-u>find ^clear<Enter>"], clear="<C-l>")


def test_configuration_modes(play, router):
    """Prompts, errors of commands and of the model, non-ASCII characters, a line of an upper mode, Ctrl-Z."""
    play("configuration", router, [
        "configure terminal<Enter>", "interface et<Tab><Enter>", "vrrp 5 ?", "<C-u>vrrp 5 priority 255<Enter>", "show vrrp summary<Enter>", "vrrp 9 version 2<Enter>",
        "vrrp 9 ipv6 2001:db8::9<Enter>", "no vrrp 9<Enter>", "description Zürich, 東京 a|b<Enter>",
        "do show running-config no-header | include descr<Enter>", "no description<Enter>", "hostname r1<Enter>", "interface eth1<Enter>",
        "<C-z>", "conf t<Enter>exit<Enter>"], clear="<C-l>")


def test_transactions(play, router):
    """A candidate: difference, check, and each answer to the question at its end. Ctrl-Z and Ctrl-D ask, too; Ctrl-C stays."""
    terminal = play("transactions", router, [
        "configure private<Enter>", "<C-l>interface eth1<Enter>", "<C-l>vrrp 50 priority 120<Enter>", "<C-l>show configuration diff<Enter>",
        "<C-l>show configuration diff | include 120<Enter>", "<C-l>vrrp 50 priority 255<Enter>", "<C-l>commit check<Enter>", "<C-l>end<Enter>", "what<Enter>", "stay<Enter>",
        "<C-l><C-z>", "<C-c>", "<C-l>exit<Enter>", "<C-l>exit<Enter>", "commit<Enter>", "<C-l>show running-config | include priority 120<Enter>",
        "<C-l>configure exclusive<Enter>", "<C-l>no vrrp 50<Enter>", "<C-l>interface eth1<Enter>no vrrp 50<Enter>", "<C-l>end<Enter>", "discard<Enter>",
        "<C-l>configure private<Enter>interface eth1<Enter>no vrrp 50 priority<Enter>", "<C-d>"], hidden=[(r"Commit \d+", "Commit N")])
    terminal.type("d<Enter>")
    terminal.wait_for_end()
    assert router.group(50)["priority"] == 120, "discarded"
    router.configure("interface eth1", "no vrrp 50 priority")


def test_view_mode(play, router):
    play("view", router, ["show vrrp summary<Enter>", "enable<Enter>", "configure terminal<Enter>", "terminal ?"],
         options=("-u",), clear="<C-l>")


def test_pager(play, router):
    """Output longer than the screen goes to less. q ends it. `terminal length 0` turns it off."""
    router.configure("interface eth1", *MANY.splitlines())
    play("pager", router, ["show vrrp summary<Enter>", "<Space>", "q", "show vrrp summary | include eth1 +5 <Enter>",
                           "terminal length 0<Enter>show vrrp summary<Enter>"])


def test_pager_where_there_is_none(play, router):
    """Without less and more the shell prints the text directly."""
    router.configure("interface eth1", *MANY.splitlines())
    play("pager_missing", router, ["show vrrp summary<Enter>"], PATH="/nonexistent")


def test_monitor(play, terminals):
    """The live screen refreshes in place, follows events, scrolls, resizes, and restores the terminal."""
    lan = Topology()
    one = Tandem(lan, "r1")
    try:
        one.start(Group(5, 210, 100, ipv4=(VIP4,)), text=None)
        one.configure("interface eth1", *MANY.splitlines())
        one.wait_state("Master")
        hidden = [(r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME"), (r"\b\d+[smh]\b( +)[\d.]+", r"SINCE\1RATE"), (r" +SINCE +RATE", " SINCE RATE"),
                  (r"(VRID IP State) +", r"\1 ")]
        terminal = play("monitor", one, ["monitor vrrp<Enter>", "<Space>", "g", "q"], hidden=hidden)
        terminal.type("monitor vrrp<Enter>")
        terminal.wait_for("eth1 +5 v4 Master")
        one.configure("interface eth1", "vrrp 5 shutdown")
        terminal.wait_for("eth1 +5 v4 Initialize")
        terminal.resize(60, 12)
        terminal.wait_for(r"rows 1-\d of ")
        terminal.type("<C-c>")
        terminal.wait_for("^r1# $|^r1#$")
        terminal.type("monitor vrrp<Enter>")
        terminal.wait_for("q: quit")
        for pid in one.pids():
            os.kill(pid, signal.SIGKILL)
        terminal.wait_for("^% .*the daemon closed")
        terminal.type("find ^list<Enter>")
        terminal.wait_for(r"\(enable\)  list")
    finally:
        one.close()
        lan.close()


def test_monitor_leaves_the_terminal_in_order_when_vtysh_is_ended(router, terminals):
    terminal = terminals(router)
    terminal.wait_for("^r1#")
    terminal.type("monitor vrrp<Enter>")
    terminal.wait_for("q: quit")
    pid = terminal.pid()
    os.kill(pid, signal.SIGTERM)
    terminal.wait_for_end()
    assert "r1# monitor vrrp" in terminal.screen(), "the alternate screen was left"


def test_colours_are_for_terminals_only(router, terminals):
    green = "\x1b[32mMaster"
    terminal = terminals(router)
    terminal.wait_for("^r1#")
    terminal.type("show vrrp 5 summary<Enter>")
    terminal.wait_for("eth1 +5 .*Master")
    assert green in terminal.screen("-e")
    terminal.type("no terminal color<Enter><C-l>show vrrp 5 summary<Enter>")
    terminal.wait_for("eth1 +5 .*Master")
    assert green not in terminal.screen("-e")
    plain = terminals(router, NO_COLOR="1")
    plain.wait_for("^r1#")
    plain.type("show vrrp 5 summary<Enter>")
    plain.wait_for("eth1 +5 .*Master")
    assert green not in plain.screen("-e")
    assert "\x1b" not in router.vtysh("show vrrp 5 summary").stdout


def test_idle_session_ends(router, terminals):
    terminal = terminals(router, "--exec-timeout", "1")
    terminal.wait_for("Nothing was typed for too long")
    terminal.wait_for_end()
