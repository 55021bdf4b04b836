# SPDX-License-Identifier: Apache-2.0
"""vtysh on a terminal: prompts, modes, `?`, TAB, prefixes, history, live log lines, as a user types them."""
import os
import re

import pexpect
import pytest

from harness import netns
from harness.programs import program
from harness.routers import Group, Tandem
from harness.topology import Topology, VIP4


@pytest.fixture(scope="module")
def router():
    lan = Topology()
    one = Tandem(lan, "r1")
    try:
        one.start(Group(5, 210, 100, ipv4=(VIP4,)), Group(50, 100, 100, ipv4=("10.10.10.17",)))
        one.wait_state("Master")
        yield one
    finally:
        one.close()
        lan.close()


class Terminal:
    """A vtysh on a pseudo terminal."""

    def __init__(self, router, *options):
        self.history = router.path("history")
        with netns.inside(router.ns):
            self.child = pexpect.spawn(program("vtysh"), ["--vty_socket", router.dir, "-H", self.history, *options], encoding="utf-8",
                                       timeout=5, dimensions=(200, 160), env={**os.environ, "TERM": "vt100", "HOME": router.dir})
        self.prompt("r1# ")

    def prompt(self, text):
        """Waits for a prompt at the beginning of a line. Returns the text before it."""
        self.child.expect(r"(?:^|[\r\n]|\x1b\[\?2004h|\x1b\[[0-9;]*[a-zA-Z])" + re.escape(text))
        return self.child.before

    def enter(self, line, prompt):
        self.child.sendline(line)
        return self.prompt(prompt)

    def close(self):
        self.child.close(force=True)


@pytest.fixture
def terminal(router):
    made = Terminal(router)
    yield made
    made.close()


def test_modes_and_prompts(terminal):
    terminal.enter("configure terminal", "r1(config)# ")
    terminal.enter("interface eth1", "r1(config-if)# ")
    terminal.enter("do show version", "r1(config-if)# ")
    terminal.enter("exit", "r1(config)# ")
    terminal.enter("interface eth1", "r1(config-if)# ")
    terminal.child.send("\x1a")    # Ctrl-Z
    terminal.prompt("r1# ")
    terminal.enter("conf t", "r1(config)# ")
    terminal.enter("end", "r1# ")
    terminal.enter("disable", "r1> ")
    assert re.search(r"[\r\n]% ", terminal.enter("configure terminal", "r1> ")), "view mode only looks"
    terminal.enter("enable", "r1# ")
    terminal.child.sendline("exit")
    terminal.child.expect(pexpect.EOF)


def test_question_mark_acts_at_once_and_keeps_the_line(terminal):
    terminal.child.send("show vrrp ?")
    text = terminal.prompt("r1# show vrrp ")
    assert re.search(r"  <cr>", text) and re.search(r"  \(1-255\)\s+Virtual Router ID", text) and "interface" in text
    terminal.child.sendline("summary")
    assert "State (v4)" in terminal.prompt("r1# ")


def test_tab_completes_keywords_and_live_values(terminal):
    terminal.child.send("sh\tvr\tinter\tet\t")
    terminal.child.expect_exact("eth1")
    terminal.child.sendline("")
    assert "Virtual Router ID" in terminal.prompt("r1# ")


def test_tab_completes_configured_vrids(terminal):
    terminal.child.send("show vrrp \t\t")
    terminal.child.expect("50")
    terminal.child.send("\x15")    # Ctrl-U


def test_prefixes_and_ctrl_c(terminal):
    assert "eth1" in terminal.enter("sh vrrp su", "r1# ")
    terminal.child.send("half a line\x03")
    terminal.prompt("r1# ")
    terminal.enter("show version", "r1# ")


def test_pasted_lines_are_taken_as_they_are(terminal, router):
    """In a paste a question mark is text and a tab indents. The shell executes each line as if typed. After the paste both are keys again."""
    terminal.enter("configure terminal", "r1(config)# ")
    terminal.enter("interface eth1", "r1(config-if)# ")
    lines = [f"\tvrrp {vrid} description Really? {vrid}" for vrid in range(100, 110)]
    terminal.child.send("\x1b[200~" + "\r".join([*lines, "end"]) + "\r\x1b[201~")
    assert "  LINE..." not in terminal.prompt("r1# ")
    saved = router.vtysh("show running-config | include Really").stdout
    router.configure("interface eth1", *(f"no vrrp {vrid}" for vrid in range(100, 110)))
    assert saved == "".join(f" vrrp {vrid} description Really? {vrid}\n" for vrid in range(100, 110))
    terminal.child.send("show vrrp s?")
    assert "Summarize" in terminal.prompt("r1# show vrrp s")
    terminal.child.sendline("u\t")
    assert "State (v4)" in terminal.prompt("r1# ")


def test_a_configuration_line_in_a_deeper_mode_moves_up(terminal, router):
    """As in FRR, a command of the configuration node works in the interface node, and the shell then stays in the configuration node."""
    terminal.enter("configure terminal", "r1(config)# ")
    terminal.enter("interface eth1", "r1(config-if)# ")
    terminal.enter("vrrp default priority 90", "r1(config)# ")
    terminal.enter("no vrrp default priority", "r1(config)# ")
    terminal.enter("hostname other", "other(config)# ")
    terminal.enter("hostname r1", "r1(config)# ")


def test_history_lasts_across_sessions(router):
    first = Terminal(router)
    first.enter("show vrrp summary", "r1# ")
    first.child.sendline("exit")
    first.child.expect(pexpect.EOF)
    first.close()
    second = Terminal(router)
    second.child.send("\x1b[A\x1b[A")    # up, up: the line before `exit`
    second.child.expect_exact("show vrrp summary")
    second.child.sendline("")
    assert "State (v4)" in second.prompt("r1# ")
    second.close()


def test_terminal_monitor_shows_the_log_live(terminal, router):
    terminal.enter("terminal monitor", "r1# ")
    router.configure("interface eth1", "vrrp 50 shutdown")
    terminal.child.expect("vrrp 50 on eth1.*Initialize")
    terminal.enter("no terminal monitor", "r1# ")
    router.configure("interface eth1", "no vrrp 50 shutdown")
    terminal.enter("show version", "r1# ")
    assert "vrrp 50 on eth1" not in terminal.child.before


def test_user_mode_is_asked_for_with_u(router):
    with netns.inside(router.ns):
        child = pexpect.spawn(program("vtysh"), ["--vty_socket", router.dir, "-u"], encoding="utf-8", timeout=5)
    child.expect_exact("r1> ")
    child.sendline("configure terminal")
    child.expect(r"[\r\n]% ")
    child.expect_exact("r1> ")
    child.close(force=True)


@pytest.mark.parametrize("banner, greeting", [
    ("banner motd line Zürich: authorised users only", "Zürich: authorised users only"), ("banner motd file {}", "From a file\r\nof two lines"),
    ("banner motd default", "Hello, this is Tandem"), ("banner motd file /nonexistent", "cannot be read from /nonexistent: not below /etc/tandem or ")])
def test_sessions_begin_with_the_message_of_the_day(lan, routers, banner, greeting):
    one = routers(Tandem, lan, "r1").start(text=f"hostname r1\n{banner.format('/dev/null')}\n!\nend\n")
    one.configure(banner.format(one.write("motd", "From a file\nof two lines\n\n")))
    shell = Terminal(one)
    assert greeting in shell.child.before, shell.child.before
    assert ("Hello, this is Tandem" in shell.child.before) == ("default" in banner)
    shell.close()
    assert one.vtysh("show version").stdout.startswith("Tandem vrrpd"), "only a person is greeted"
    one.configure("default banner motd")
    assert one.vtysh("show motd").stdout == "" and "banner" not in one.vtysh("show running-config").stdout


def test_sessions_begin_without_a_word_if_that_is_wanted(lan, routers):
    """As in FRR, `no banner motd` also removes the greeting. It is configuration, and the daemon saves it."""
    one = routers(Tandem, lan, "r1").start(text="hostname r1\nbanner motd line Hands off\n!\nend\n")
    one.configure("no banner motd")
    assert one.vtysh("show motd").stdout == ""
    assert "\nno banner motd\n" in one.vtysh("show running-config").stdout
    one.vtysh("write")
    one.terminate()
    one.launch()
    one.wait_ready()
    shell = Terminal(one)
    assert "Hands" not in shell.child.before and "Hello" not in shell.child.before
    shell.close()


@pytest.mark.parametrize("line, why", [("banner motd line", "needs a text"), ("banner motd file motd", "begin with /"), ("banner motd default x", "nothing may follow")])
def test_a_message_of_the_day_that_is_none_is_refused(router, line, why):
    done = router.configure(line, check=False)
    assert done.returncode == 1 and why in done.stdout, done.stdout


def test_the_daemons_end_is_said_and_its_return_found(lan, routers):
    one = routers(Tandem, lan, "r1").start(Group(5, 210, 100, ipv4=(VIP4,)))
    shell = Terminal(one)
    one.terminate()
    shell.child.sendline("show vrrp summary")
    shell.child.expect("vrrpd")
    one.launch()
    one.wait_ready()
    shell.child.sendline("show vrrp summary")
    shell.child.expect(r"State \(v4\)")
    shell.close()
