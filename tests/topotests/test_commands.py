# SPDX-License-Identifier: Apache-2.0
"""Refused lines and values, and the text of each refusal, for the commands of FRR's shell and for Tandem's own settings."""
import re

import pytest

from harness.routers import Tandem
from harness.topology import Topology
from harness.waiting import wait_for

# Scope module: one daemon answers all of these tests, and none of them may change the daemon's configuration.
IN_INTERFACE, IN_CONFIG, IN_ENABLE = ("configure terminal", "interface eth1"), ("configure terminal",), ()


@pytest.fixture(scope="module")
def router():
    lan = Topology()
    one = Tandem(lan, "r1")
    try:
        one.start(text="hostname r1\ninterface eth1\n vrrp 5 priority 210\n vrrp 5 advertisement-interval 100\n vrrp 5 ip 10.10.10.16\n"
                       " vrrp 6 version 2\n vrrp 6 ip 10.10.10.17\n vrrp 7 ipv6 2001:db8:10::17\n")
        one.wait_state("Master")
        yield one
    finally:
        one.close()
        lan.close()


def refused(router, where, line):
    """Enters the line in its mode. Returns the answer after checking that it is an error that changed nothing."""
    before = router.vtysh("show running-config").stdout
    state = router.family()["stats"]["transitions"]
    done = router.vtysh(*where, line, check=False)
    assert done.returncode == 1, f"{line!r} was taken: {done.stdout}"
    assert done.stderr == "", "errors of commands go to stdout"
    assert router.vtysh("show running-config").stdout == before, f"{line!r} changed the configuration"
    assert router.family()["stats"]["transitions"] == state and router.state() == "Master"
    return done.stdout


UNKNOWN = [
    *((IN_INTERFACE, f"vrrp {v}") for v in ("0", "256", "abc", "-1")),
    *((IN_INTERFACE, f"vrrp 5 ip {a}") for a in ("10.0.2.999", "foo", "10.0.2.16/33")),
    *((IN_INTERFACE, f"vrrp 5 ipv6 {a}") for a in ("10.0.2.16", "2001:db8::zz", "2001:db8::1/129")),
    *((IN_INTERFACE, f"vrrp 5 priority {p}") for p in ("0", "255", "abc")),
    *((IN_INTERFACE, f"vrrp 5 advertisement-interval {i}") for i in ("9", "40951")),
    (IN_INTERFACE, "vrrp 5 version 4"), (IN_INTERFACE, "vrrp 5 track eth2"), (IN_INTERFACE, "vrrp 5 preempt junk"),
    (IN_CONFIG, "vrrp 5"), (IN_ENABLE, "vrrp 5"), (IN_CONFIG, "router vrrp"), (IN_ENABLE, "show vrrp junk"),
]


@pytest.mark.parametrize("where, line", UNKNOWN, ids=lambda v: v if isinstance(v, str) else "")
def test_unknown_commands(router, where, line):
    answer = refused(router, where, line)
    assert answer.splitlines()[0] == f"% Unknown command: {line}"
    assert "^" in answer and "expected" in answer, "a caret under the token and what was expected there"


def test_the_caret_is_under_the_offending_token(router):
    lines = refused(router, IN_INTERFACE, "vrrp 5 priority 300").splitlines()
    caret = next(line for line in lines[1:] if line.strip() == "^")
    assert caret.index("^") == lines[0].index("300")
    assert any("expected" in line and "(1-254)" in line for line in lines)


@pytest.mark.parametrize("where, line", [(IN_INTERFACE, "vrrp"), (IN_INTERFACE, "vrrp 5 priority"), (IN_ENABLE, "show vrrp interface"),
                                         (IN_CONFIG, "vrrp default"), (IN_ENABLE, "clear vrrp")], ids=lambda v: v if isinstance(v, str) else "")
def test_incomplete_commands(router, where, line):
    assert refused(router, where, line).splitlines()[0] == f"% Command incomplete: {line}"


def test_ambiguous_commands_list_the_candidates(router):
    answer = refused(router, IN_ENABLE, "show v")
    assert answer.splitlines()[0] == "% Ambiguous command: show v"
    assert "version" in answer and "vrrp" in answer


@pytest.mark.parametrize("where, line", [(IN_INTERFACE, "vrrp 5 advertisement-interval 15"), (IN_INTERFACE, "vrrp 5 advertisement-interval 1005"),
                                         (IN_CONFIG, "vrrp default advertisement-interval 15")], ids=lambda v: v if isinstance(v, str) else "")
def test_intervals_are_multiples_of_ten(router, where, line):
    assert "Value must be a multiple of 10" in refused(router, where, line)


VALUES = [
    ("vrrp 6 ipv6 2001:db8::1", r"% vrrp 6 on eth1: version 2 cannot carry IPv6 addresses \(2001:db8::1\)"),
    ("vrrp 7 version 2", r"% vrrp 7 on eth1: version 2 cannot carry IPv6 addresses \(2001:db8:10::17\)"),
    ("vrrp 6 advertisement-interval 500", r"% vrrp 6 on eth1: .*version 2.*second"),
    ("vrrp 5 version 2", r"% vrrp 5 on eth1: .*version 2.*second"),
    *((f"vrrp 5 {word} {value}", rf"% vrrp 5 on eth1: (?=.*{reason}).*{re.escape(value)}") for word, value, reason in (
        ("ip", "0.0.0.0", "unspecified"), ("ip", "224.0.0.1", "multicast"), ("ip", "127.0.0.1", "loopback"),
        ("ip", "255.255.255.255", "broadcast"), ("ip", "10.10.10.255/24", "broadcast"), ("ip", "10.10.10.0/24", "network"), ("ipv6", "::", "unspecified"), ("ipv6", "ff02::1", "multicast"), ("ipv6", "::1", "loopback"))),
]


@pytest.mark.parametrize("line, pattern", VALUES, ids=[line for line, _ in VALUES])
def test_refused_values_name_object_value_and_reason(router, line, pattern):
    answer = refused(router, IN_INTERFACE, line)
    assert re.match(pattern, answer, re.IGNORECASE), answer


def test_too_many_addresses_are_refused(router):
    """The limit is 255 for IPv4 (the packet's count is one byte), and 90 for IPv6 (the size of a frame)."""
    for word, limit, address in (("ip", 255, "10.11.{}.{}"), ("ipv6", 90, "2001:db8:11:{}::{}")):
        lines = [f"vrrp 99 {word} " + address.format(n // 200, 1 + n % 200) for n in range(limit - 1)]
        if word == "ip":
            lines.append("vrrp 99 ip 10.12.0.1")
        assert router.configure("interface eth1", *lines, check=False).returncode == 0
        try:
            answer = [refused(router, IN_INTERFACE, f"vrrp 99 {word} " + address.format(9, n)) for n in ((1,) if word == "ip" else ())]
            if word == "ipv6":    # the generated link-local address may count or not
                done = [router.configure("interface eth1", f"vrrp 99 ipv6 2001:db8:11:9::{n}", check=False) for n in (1, 2)]
                assert done[-1].returncode == 1
                answer = [done[-1].stdout]
            assert all(str(limit) in text for text in answer), answer
        finally:
            router.configure("interface eth1", "no vrrp 99")


@pytest.mark.parametrize("lines", [("vrrp 9", "vrrp 9", "no vrrp 9"), ("no vrrp 77",), ("vrrp 5 ip 10.10.10.16",), ("no vrrp 5 ip 10.10.10.99",),
                                   ("vrrp 5 p", "default vrrp 5 preempt"), ("vrrp 5 i 10.10.10.16",), ("no vrrp 5 description",), ("vrrp 5 adv 100",)], ids=str)
def test_harmless_commands_are_silent(router, lines):
    before = router.vtysh("show running-config").stdout
    done = router.configure("interface eth1", *lines, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert router.vtysh("show running-config").stdout == before


def test_the_first_error_stops_a_series(router):
    done = router.configure("interface eth1", "vrrp 5 priority 300", "vrrp 5 priority 111", check=False)
    assert done.returncode == 1 and router.group()["priority"] == 210


def test_no_version_resets_the_version_only(router):
    """FRR would delete the group."""
    router.configure("interface eth1", "vrrp 8 ip 10.10.10.18", "vrrp 8 version 2", "no vrrp 8 version 2")
    assert router.group(8)["version"] == 3 and router.group(8)["v4"]["addresses"] == ["10.10.10.18"]
    router.configure("interface eth1", "no vrrp 8")
    assert [g["vrid"] for g in router.show()] == [5, 6, 7]


def test_defaults_apply_and_an_explicit_value_wins(router):
    """An explicit value equal to the built-in default has precedence, too (FRR loses it)."""
    router.configure("vrrp default priority 90", "interface eth1", "vrrp 20 ip 10.10.10.20", "vrrp 21 priority 100", "vrrp 21 ip 10.10.10.21")
    try:
        assert (router.group(20)["priority"], router.group(21)["priority"]) == (90, 100)
        assert " vrrp 21 priority 100\n" in router.vtysh("show running-config").stdout
    finally:
        router.configure("no vrrp default priority", "interface eth1", "no vrrp 20", "no vrrp 21")
    assert "vrrp default" not in router.vtysh("show running-config").stdout


def test_without_a_daemon_it_says_which_socket_and_how_to_start(networks, routers):
    lan = networks()
    one = routers(Tandem, lan, "r1")
    done = one.vtysh("show vrrp", check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert f"{one.dir}/vrrpd.vty" in done.stderr and "vrrpd" in done.stderr.replace("vrrpd.vty", "")


@pytest.mark.parametrize("command, expected", [
    ("show running-config | include vrrp 5 ip", " vrrp 5 ip 10.10.10.16\n"), ("show running-config|include vrrp 5 ip", " vrrp 5 ip 10.10.10.16\n"),
    ("show vrrp json | include priority", None), ("show running-config | count vrrp 5 ip", "1\n")])
def test_pipes(router, command, expected):
    done = router.vtysh(command)
    assert done.stdout and (expected is None or done.stdout == expected)


def test_a_bad_pipe_is_an_error(router):
    for command in ("show version | grep x", "show version | include", "show version | include ("):
        done = router.vtysh(command, check=False)
        assert done.returncode == 1 and done.stdout.startswith("%"), command


def test_question_mark_on_the_command_line(router):
    lines = router.vtysh("show vrrp ?").stdout.splitlines()
    first_words = [line.split()[0] for line in lines if line.startswith("  ")]
    assert {"<cr>", "(1-255)", "interface", "json", "summary"} <= set(first_words) and first_words[0] == "<cr>"


def test_commands_from_stdin(router):
    from harness import netns
    from harness.programs import program
    done = netns.run([program("vtysh"), "--vty_socket", router.dir], router.ns, input="show vrrp summary\nconfigure terminal\nend\n")
    assert "eth1" in done.stdout


@pytest.mark.parametrize("command", ["show version", "show debugging", "show startup-config", "show configuration running json",
                                     "write terminal", "show running-config no-header", "list", "find vrrp"])
def test_every_show_command_answers(router, command):
    assert router.vtysh(command).stdout.strip()


def test_clear_vrrp_statistics(router):
    sent = lambda: router.family()["stats"]["adverTx"]    # noqa: E731
    wait_for(lambda: sent() > 30, 10, "not 30 adverts in 10 s")
    router.vtysh("clear vrrp statistics")
    assert sent() < 30


def test_debugging_is_shown_in_frrs_words(router):
    router.vtysh("debug vrrp arp", "debug vrrp packets")
    text = router.vtysh("show debugging vrrp").stdout
    assert text.startswith("VRRP debugging status:") and "  VRRP ARP debugging is on" in text and "  VRRP packets debugging is on" in text
    router.vtysh("no debug vrrp")
    assert "is on" not in router.vtysh("show debugging").stdout


def test_an_unprivileged_user_cannot_configure(router):
    done = router.vtysh("configure terminal", "interface eth1", "vrrp 5 priority 1", check=False, user="nobody", group="nogroup",
                        extra_groups=[])
    assert done.returncode == 1 and re.search("permission|denied|not allowed|group", done.stdout + done.stderr, re.IGNORECASE)
    assert router.group()["priority"] == 210
