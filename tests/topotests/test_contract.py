# SPDX-License-Identifier: Apache-2.0
"""Executes each example of the contract of the command line (../shared/cli.md). Each text between backquotes is a command line, unless a table below
lists it, with a reason, as output of a program or as no command. So the tests execute a new example, or fail here until a table lists it."""
import os
import re

import pytest

from harness import contract, netns
from harness.programs import program
from harness.routers import Group, Tandem
from harness.screen import Terminal
from harness.topology import Topology, VIP4

try:
    with open(contract.PATH, encoding="utf-8") as _file:
        SPANS = contract.spans(_file.read())
except FileNotFoundError:
    SPANS = []    # test_the_contract_is_there reports it

# Example values for words in capitals and for ranges.
VALUES = {
    "(1-255)": ["5"], "N": ["5"], "(2-3)": ["2", "3"], "(1-254)": ["1", "254"], "(10-40950)": ["10", "40950"], "(0-3600)": ["0", "3600"],
    "A.B.C.D": ["10.10.10.77"], "X:X::X:X": ["2001:db8:10::77"], "/M": ["/24"], "SECONDS": ["30"], "MINUTES": ["10"],
    "TEXT": ["Zürich, Hauptgebäude"], "IFNAME": ["eth1"], "FILE": ["@/example.conf"], "REGEX": ["^show"],
    "XPATH": ["/", "//group[vrid = '5']/priority | //group/version"],
}
# Forms that the contract abbreviates: a command without its values, or with … for words that it has given before.
WRITTEN_OUT = {
    "vrrp default (advertisement-interval|priority|preempt|accept-mode|shutdown|checksum-with-ipv4-pseudoheader)":
        ["vrrp default advertisement-interval (10-40950)", "vrrp default priority (1-254)",
         "vrrp default (preempt|accept-mode|shutdown|checksum-with-ipv4-pseudoheader)"],
    "hostname": ["hostname r1"],
    "log …": ["log (syslog|stdout) [informational]", "log file @/example.log [informational]"],
    "service …": ["service integrated-vtysh-config"],
    "banner motd": ["banner motd default", "banner motd line Hello", "banner motd file /etc/hostname"],
    "exec-timeout": ["exec-timeout 5 0"],
    "frr version": ["frr version 10.8"],
    "frr defaults": ["frr defaults (traditional|datacenter)"],
    "show vrrp … detail": ["show vrrp [interface IFNAME] [(1-255)] detail"],
    "clear vrrp statistics …": ["clear vrrp statistics [interface IFNAME] [(1-255)]"],
    "do": ["do show vrrp"],
}
NO_COMMAND = {
    "frr-facts.md": "a document", "conformance.md": "a document", "yang/": "a folder of the sources", "frr.conf": "the name of a file of FRR",
    "tandem": "the name of a group of users: test_file_modes.py", "vrrpd": "the name of the program",
    "-f": "executed with its synopsis", "-C": "executed with its synopsis", "-c": "executed with its synopsis",
    "[no]": "every line of section 2 is executed in this form", "default": "every line of section 2 is executed in this form",
    "no …": "every line of section 2 is executed in this form", "default …": "every line of section 2 is executed in this form",
}
# Lines that come before an example, so that it has an effect. The first pattern that matches applies.
BEFORE = (
    (r"commit confirm$", ["configure private", "hostname r1", "hostname example", "commit confirmed 10"]),
    (r"commit|discard|rollback|show configuration diff", ["configure private", "hostname example"]),
    (r"do |end|exit|quit", ["configure terminal"]),
)
# Output of the shell, the lines that cause it, and the text if it differs from the example. The section is part of the key if the same text is a
# command in another section.
SAID = {
    "% Value must be a multiple of 10": (["configure terminal", "interface eth1", "vrrp 5 advertisement-interval 15"], None),
    "% Unknown command: LINE": (["nonsense"], "% Unknown command: nonsense"),
    "% Command incomplete: LINE": (["show vrrp interface"], "% Command incomplete: show vrrp interface"),
    "% Ambiguous command: LINE": (["show v"], "% Ambiguous command: show v"),
    "expected: priority (1-254)": (["configure terminal", "vrrp default nonsense"], "priority (1-254)"),
    "% vrrp 5 on eth1: version 2 cannot carry IPv6 addresses (2001:db8::1)":
        (["configure terminal", "interface eth1", "vrrp 5 ipv6 2001:db8::1", "vrrp 5 version 2"], None),
    "Master Advertisement Interval (v4)": (["show vrrp"], None),
    "Initialize": (["configure terminal", "interface eth1", "vrrp 5 shutdown", "do show vrrp summary"], None),
    "json": (["show vrrp interface nowhere json"], "[\n]\n"),
    (4, "exit"): (["show running-config"], "\nexit\n"),
    (4, "!"): (["show running-config"], "\n!\n"),
    (4, "end"): (["show running-config"], "\nend\n"),
    # The shell prints the form that the user typed: decision 0003, which is newer than this sentence of the contract.
    (4, "vrrp N version 3"): (["configure terminal", "interface eth1", "vrrp 5 version 3", "do show running-config"], "\n vrrp 5 version 3\n"),
    " vrrp N": (["configure terminal", "interface eth1", "no vrrp 5 version", "do show running-config"], "\n vrrp 5\n"),
}
# Spans that have tests of their own below.
OPTION_VALUES = {
    "FILE": ["@/example.conf"], "PIDFILE": ["@/example.pid"], "NAME": ["example"], "DIR": ["@"], "USER": ["nobody"], "GROUP": ["nogroup"],
    "file:PATH": ["file:@/example.log"], "LEVEL": ["debugging"], "CMD": ["show version"], "DAEMON": ["vrrpd"], "HISTFILE": ["@/history"],
}
PATHS = ("/etc/tandem/vrrpd.conf", "/run/tandem[/NAME]/")
JSON_KEYS = ("masterAddress", "masterPriority", "lastTransition", "lastTransitionReason", "initializeReason", "skewTimeMicroseconds",
             "masterDownMicroseconds", "stats.errors{…}")
PROMPTS = {"host> ": "disable<Enter>", "host# ": "enable<Enter>", "host(config)# ": "configure terminal<Enter>", "host(config-if)# ": "interface eth1<Enter>"}
FILTERS = "| include|exclude|begin|count|json"
ELSEWHERE = (*PATHS, *JSON_KEYS, *PROMPTS, FILTERS, "FILE:LINE: message", "(stale)", "DIR/vrrpd.vty", "?", "-c 'show vrrp ?'")


def said(span):
    return SAID.get((span.section, span.text), SAID.get(span.text))


def is_synopsis(span):
    return re.match(r"(vrrpd|vtysh) \[", span.text)


def commands():
    """Yields (span, line) of each example that is a command line of the shell."""
    for span in SPANS:
        if span.text in NO_COMMAND or span.text in ELSEWHERE or said(span) or is_synopsis(span):
            continue
        values = VALUES if span.section != 6 else {**VALUES, "N": ["1"]}    # of `rollback N`
        for syntax in WRITTEN_OUT.get(span.text, [span.text]):
            yield from ((span, line) for line in contract.expand(syntax, values))


def case(span, *values):
    return pytest.param(*values, id=" ".join([f"cli.md:{span.line}:", *(v for v in values[-1:] if isinstance(v, str))]))


@pytest.fixture(scope="module")
def router():
    lan = Topology()
    one = Tandem(lan, "r1")
    try:
        one.start(Group(5, 210, 1000, ipv4=(VIP4,)))
        one.wait_state("Master")
        one.write("example.conf", "interface eth1\n vrrp 7 priority 7\nexit\n")
        one.configure("hostname other", "hostname r1")    # gives `rollback` a commit to revert
        worker = one.worker()
        yield one
        assert one.worker() == worker, f"nothing that is typed may end the daemon: {one.output()}"
    finally:
        one.close()
        lan.close()


@pytest.fixture
def unchanged(router):
    """Yields the router, and rolls its configuration back at the end of the test."""
    def last_commit():
        return int(router.vtysh("show configuration commits").stdout.splitlines()[1].split()[1])
    before = last_commit()
    yield router
    router.vtysh("commit confirm", check=False)    # confirms a commit that may still wait
    if last_commit() != before:
        router.vtysh("configure private", f"rollback {last_commit() - before}", "commit")


def here(router, text):
    return text.replace("@", router.dir)


def typed(router, *lines):
    return router.vtysh_input(here(router, "\n".join(lines) + "\n"))


def succeeds(router, *lines, silent=False):
    done = typed(router, *lines)
    told = "% Uncommitted changes are discarded"    # printed at the end of a candidate; it is no error
    errors = [line for line in re.findall(r"^% .*", done.stdout, re.MULTILINE) if line != told]
    assert done.returncode == 0 and not errors, done.stdout + done.stderr
    assert not silent or done.stdout == "", done.stdout


def default_form(line):
    """Returns `default` and the line without the value."""
    setting = {value for word in ("(2-3)", "(1-254)", "(10-40950)", "(0-3600)", "SECONDS", "TEXT") for value in VALUES[word]}
    for value in setting:
        line = line.removesuffix(f" {value}")
    return "default " + line.replace("autoconfigure version", "autoconfigure")


@pytest.mark.parametrize("syntax, lines", [
    ("show x [interface IFNAME] [json]", ["show x", "show x json", "show x interface eth1", "show x interface eth1 json"]),
    ("ip A.B.C.D[/M]", ["ip 10.10.10.77", "ip 10.10.10.77/24"]),
    ("[no] debug {arp|kernel}", ["debug", "debug arp", "debug kernel", "debug arp kernel",
                                 "no debug", "no debug arp", "no debug kernel", "no debug arp kernel"]),
    ("version (2-3)", ["version 2", "version 3"]), ("configure a|b", ["configure a", "configure b"]),
])
def test_the_lines_of_a_syntax(syntax, lines):
    assert contract.expand(syntax, VALUES) == lines


def test_a_new_example_is_found():
    text = "## 3 Show\n\n- `show a\n  b`\n\n| `c` | `d` |\n| `e` |\n"
    assert [str(span) for span in contract.spans(text)] == ["cli.md:3: show a b", "cli.md:6: c", "cli.md:6: d", "cli.md:7: e"]
    assert contract.spans("## 7 Later (coming)\n\n`x`\n\n## 8 Now\n\n`y`\n")[0].text == "y", "what is coming cannot be executed yet"
    for broken in ("`a` and `b\n", "```\nshow vrrp\n```\n"):
        with pytest.raises(ValueError):
            contract.spans(broken)


def test_the_contract_is_there():
    assert SPANS, f"there is no {contract.PATH}: it lies beside the repository, or in the folder that TANDEM_SHARED names"


def test_what_is_named_here_is_in_the_contract():
    """Each entry of the tables is in the contract: the tables keep no entry for an example that was removed or changed."""
    here = {span.text for span in SPANS}
    kept = [*WRITTEN_OUT, *NO_COMMAND, *ELSEWHERE, *(key if isinstance(key, str) else key[1] for key in SAID)]
    assert [text for text in kept if text not in here] == []


CONFIGURATION = [(span, line) for span, line in commands() if span.section in (2, 4)]
COMMANDS = [(span, line) for span, line in commands() if span.section not in (2, 4)]


@pytest.mark.parametrize("line", [case(span, line) for span, line in CONFIGURATION])
def test_configuration_command(unchanged, line):
    succeeds(unchanged, "configure terminal", "interface eth1", line, silent=True)


# "`[no]` forms and `default` forms for all" of the table's commands; the test takes the other lines of FRR's files as they are.
FORMS = [(span, line) for span, line in CONFIGURATION if span.text.startswith("vrrp ") and span.paragraph.startswith("|")]


@pytest.mark.parametrize("line", [case(span, f"no {line}") for span, line in FORMS])
def test_no_form(unchanged, line):
    succeeds(unchanged, "configure terminal", "interface eth1", line.removeprefix("no "), line, silent=True)


@pytest.mark.parametrize("plain, line", [case(span, line, default_form(line)) for span, line in FORMS])
def test_default_form(unchanged, plain, line):
    succeeds(unchanged, "configure terminal", "interface eth1", plain, line, silent=True)


@pytest.mark.parametrize("line", [case(span, line) for span, line in COMMANDS])
def test_command(unchanged, line):
    before = next((lines for pattern, lines in BEFORE if re.match(pattern, line)), [])
    succeeds(unchanged, *before, line)


@pytest.mark.parametrize("example, lines, text", [case(span, span.text, *said(span)) for span in SPANS if said(span)])
def test_message(unchanged, example, lines, text):
    output = unchanged.vtysh(*lines, check=False).stdout
    assert (text or example) in output, output


def options(name):
    """Yields (span, option with its value) of each option in the synopsis of a program."""
    for span in SPANS:
        if is_synopsis(span) and span.text.startswith(name + " "):
            for option in re.findall(r"\[([^]]*)\]", span.text):
                yield from ((span, line) for line in contract.expand(option, OPTION_VALUES))


@pytest.mark.parametrize("option", [case(span, option) for span, option in options("vrrpd")])
def test_option_of_vrrpd(router, option):
    """vrrpd has the option, and the option takes this value. `-C` prevents any effect."""
    done = netns.run([program("vrrpd"), "-f", router.path("example.conf"), "-C", *here(router, option).split(" ")], check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("option", [case(span, option) for span, option in options("vtysh")])
def test_option_of_vtysh(unchanged, option):
    words = ["-c", "show version"] if option in ("-E", "-u") or option.startswith(("-d", "-H")) else []
    if option.startswith("-N"):    # without a daemon the program reports where it has looked
        done = netns.run([program("vtysh"), *option.split(" "), "-c", "show version"], check=False)
        assert done.returncode == 1 and "/run/tandem/example/vrrpd.vty" in done.stderr, done.stderr
        return
    name, *value = here(unchanged, option).split(" ", 1)
    unchanged.run_vtysh(name, *value, *words, "--config_dir", unchanged.dir)


@pytest.mark.parametrize("path", PATHS)
def test_default_path(path):
    told = netns.run([program("vrrpd"), "--help"]).stdout
    name = path.rstrip("/") if "[" in path else path.replace("tandem/", "tandem[/NAME]/")
    assert f"(default {name})" in told or f"(default {name}/" in told, told


def test_socket(router):
    """The socket is DIR/vrrpd.vty."""
    assert os.path.exists(router.path("vrrpd.vty")) and netns.run([program("vtysh"), "--vty_socket", router.dir, "-c", "show version"])


def test_errors_of_files(router):
    """Both programs print FILE:LINE: message, for each wrong line."""
    path = router.write("wrong.conf", "interface eth1\n vrrp 5 priority 255\n nonsense\n")
    for done in (netns.run([program("vrrpd"), "-C", "-f", path], check=False), router.run_vtysh("-f", path, check=False)):
        lines = done.stderr.splitlines()
        assert done.returncode == 1 and lines[0].startswith(f"{path}:2: ") and lines[1].startswith(f"{path}:3: "), done.stderr


def test_stale_is_dropped(router):
    assert "(stale)" not in router.vtysh("show vrrp").stdout


@pytest.mark.parametrize("key", JSON_KEYS)
def test_json_key(router, key):
    value = router.family(5, 4)
    for name in re.findall(r"\w+", key):
        assert name in value, value
        value = value[name]


def test_prompts_and_question_mark(router):
    """In the order in which a user reaches them. `?` acts without Enter."""
    terminal = Terminal(router.ns, [program("vtysh"), "--vty_socket", router.dir, "-H", router.path("history")])
    try:
        for prompt, keys in PROMPTS.items():
            terminal.type(keys)
            terminal.wait_for("^" + re.escape(prompt.replace("host", "r1").strip()) + " ?$")
        terminal.type("<C-l>vrrp 5 ?")
        terminal.wait_for("^  priority  +Virtual Router Priority")
    finally:
        terminal.close()


def test_question_mark_in_c(router):
    assert re.search(r"^  summary  ", router.vtysh("show vrrp ?").stdout, re.MULTILINE)


@pytest.mark.parametrize("bar", ["|", " | "])
@pytest.mark.parametrize("word", FILTERS.removeprefix("| ").split("|"))
def test_filter(router, word, bar):
    succeeds(router, f"show vrrp{bar}{word}" + ("" if word == "json" else " Master"))
