# SPDX-License-Identifier: Apache-2.0
"""Ansible's own modules, over SSH, with vtysh as login shell: the collection frr.frr, and the general modules with its terminal plugin."""
import json
import os

from harness import netns
from harness.programs import program
from harness.routers import Tandem
from harness.ssh import PORT, SshServer
from harness.topology import VIP4

CONFIG = "interface eth1\n vrrp 5 priority 150\n"
PLAY = [{"hosts": "r1", "gather_facts": False, "tasks": [
    {"frr.frr.frr_facts": {"gather_subset": "all"}},
    {"ansible.netcommon.cli_config": {"config": CONFIG}},
    {"ansible.netcommon.cli_config": {"config": CONFIG}},
    {"ansible.netcommon.cli_command": {"command": "show vrrp json"}},
    {"ansible.netcommon.cli_config": {"config": "interface eth1\n vrrp 5 priority 999\n"}, "ignore_errors": True}]}]
TIMEOUT_S = 120    # timeout of an answer: Ansible's default is 30 s, and a busy machine needs that to start Python


def play(router, server):
    """Runs PLAY. Returns the result of each task, in order."""
    router.write("inventory", f"r1 ansible_host=127.0.0.1 ansible_port={PORT} ansible_user=root ansible_connection=ansible.netcommon.network_cli "
                 f"ansible_network_os=frr.frr.frr ansible_ssh_private_key_file={server.key} ansible_python_interpreter=/usr/bin/python3\n")
    router.write("play.json", json.dumps(PLAY))
    environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": router.dir, "LC_ALL": "C.UTF-8", "ANSIBLE_LOCAL_TEMP": router.path("ansible"),
                   "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json", "ANSIBLE_HOST_KEY_CHECKING": "False", "ANSIBLE_NETWORK_CLI_SSH_TYPE": "paramiko",
                   "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR": router.path("ansible-pc"), "ANSIBLE_PERSISTENT_COMMAND_TIMEOUT": str(TIMEOUT_S),
                   "ANSIBLE_PERSISTENT_CONNECT_TIMEOUT": str(2 * TIMEOUT_S)}
    done = netns.run(["/usr/bin/ansible-playbook", "-i", router.path("inventory"), router.path("play.json")], router.ns, check=False, timeout=600,
                     env=environment)
    assert done.stdout.lstrip().startswith("{"), done.stdout + done.stderr
    return [task["hosts"]["r1"] for task in json.loads(done.stdout)["plays"][0]["tasks"]]


def test_facts_commands_and_configuration(lan, routers):
    one = routers(Tandem, lan, "r1")
    one.start(text=f"hostname r1\ninterface eth1\n vrrp 5 priority 210\n vrrp 5 ip {VIP4}\nexit\n")
    one.wait_state("Master")
    os.makedirs(one.path("ansible-pc"))
    server = SshServer(one, command=f"{program('vtysh')} --vty_socket {one.dir}")
    try:
        facts, changed, again, groups, refused = play(one, server)
    finally:
        server.close()
    told = facts["ansible_facts"]
    assert told["ansible_net_all_ipv4_addresses"] == ["10.10.10.15"] and "fe80::15" in told["ansible_net_all_ipv6_addresses"]
    assert told["ansible_net_interfaces"]["eth1"]["macaddress"] == netns.links(one.ns)["eth1"]["address"]
    assert told["ansible_net_interfaces"]["eth1"]["lineprotocol"] == "up"
    assert " vrrp 5 priority 210" in told["ansible_net_config"].splitlines()
    assert told["ansible_net_mem_stats"]["vrrpd"]["total_heap_allocated"].endswith(" KiB")
    assert (changed["changed"], again["changed"]) == (True, False), "what runs is found in running-config as it was given"
    assert json.loads(groups["stdout"])[0]["priority"] == 150 == one.group()["priority"]
    assert refused["failed"] and "% Unknown command: vrrp 5 priority 999" in refused["msg"] and "(1-254)" in refused["msg"]
    assert one.group()["priority"] == 150
