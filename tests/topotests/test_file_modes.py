# SPDX-License-Identifier: Apache-2.0
"""The modes of all files and directories that vrrpd creates, with each umask."""
import os
import pwd
import re
import shutil
import stat

import pytest

from harness import netns
from harness.programs import program
from harness.routers.tandem import config_lines
from harness.routers import Group
from harness.topology import VIP4
from harness.waiting import wait_for

EXPECTED = {
    "run": 0o40755,                           # each user of the shell needs access
    "run/vrrpd.pid": 0o100644,
    "run/vrrpd.lock": 0o100600,               # no other user can hold the lock
    "run/vrrpd.vty": 0o140770,                # members of the group may connect
    "run/vrrpd.checkpoint": 0o100600,
    "state": 0o40750,
    "state/lock": 0o100600,
    "state/commits": 0o40750,
    "state/commits/00000001.conf": 0o100640,
    "state/commits/00000002.conf": 0o100640,
    "state/devices": 0o100600,
    "log": 0o40750,
    "log/vrrpd.log": 0o100640,
    "log/recording": 0o100640,
    "etc/vrrpd.conf": 0o100640,               # `write memory` creates it anew, and keeps the previous file
    "etc/vrrpd.conf.sav": 0o100640,
}


@pytest.fixture
def folder(lan):
    """A directory in memory, so that vrrpd writes a checkpoint."""
    path = f"/dev/shm/{lan.ns('files')}"
    os.mkdir(path)
    yield path
    shutil.rmtree(path)


def made(folder):
    """Returns type, mode and owner of each file, except those that the test created. The name of the devices' file contains the namespace's
    number."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(parent, name)
            status = os.lstat(path)
            found[re.sub(r"devices\.\d+$", "devices", os.path.relpath(path, folder))] = (status.st_mode, status.st_uid)
    del found["etc"]
    return found


def shell(router, folder, *commands):
    return netns.run([program("vtysh"), "--vty_socket", folder + "/run", *(word for command in commands for word in ("-c", command))],
                     router.ns, check=False)


@pytest.mark.parametrize("umask", [0o000, 0o077], ids=["umask-000", "umask-077"])
@pytest.mark.parametrize("user", ["root", "nobody"])
def test_modes_and_owners_of_all_that_it_makes(pair, folder, user, umask):
    one, _ = pair
    account = pwd.getpwnam(user)
    os.mkdir(folder + "/etc")
    config = folder + "/etc/vrrpd.conf"
    with open(config, "w", encoding="ascii") as file:
        file.write(config_lines([Group(interval_ms=100, ipv4=(VIP4,))]))
    for path in (folder, folder + "/etc", config):
        os.chown(path, account.pw_uid, account.pw_gid)
    one.launch(("-f", config, "-i", folder + "/run/vrrpd.pid", "--vty_socket", folder + "/run", "--state-dir", folder + "/state",
                "--log", f"file:{folder}/log/vrrpd.log", "--log-dir", folder + "/log", *(("-u", user) if user != "root" else ())), umask=umask)
    wait_for(lambda: '"status":"Master"' in shell(one, folder, "show vrrp json").stdout.replace(" ", ""), 10, lambda: one.output())
    done = shell(one, folder, "configure terminal", "interface eth1", "vrrp 5 description changed", "end", "write memory",
                 f"debug vrrp record {folder}/log/recording")
    assert done.returncode == 0, done.stdout
    found = made(folder)
    assert {path: oct(mode) for path, (mode, _uid) in found.items()} == {path: oct(mode) for path, mode in EXPECTED.items()}
    assert {path for path, (_mode, uid) in found.items() if uid != account.pw_uid} == set()
    one.terminate()
    left = set(EXPECTED) - set(made(folder))
    assert {"run/vrrpd.pid", "run/vrrpd.lock", "run/vrrpd.vty", "run/vrrpd.checkpoint", "state/devices"} == left
    assert stat.S_IMODE(os.stat(config).st_mode) == 0o640
