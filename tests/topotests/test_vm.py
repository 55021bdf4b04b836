# SPDX-License-Identifier: Apache-2.0
"""Tests that need options that the test machine's kernel lacks, in a virtual machine (tests/vm/run)."""
import os
import subprocess

import pytest

from harness.programs import ROOT, build_folder

SECONDS = 600    # for a busy machine; a quiet one takes one minute


@pytest.mark.alone
@pytest.mark.parametrize("name", ["vlan", "vrf"])
def test_in_a_virtual_machine(name):
    folder = os.path.join(ROOT, "tests", "vm")
    done = subprocess.run([os.path.join(folder, "run"), "--timeout", str(SECONDS - 20), "--env", "TANDEM_BUILD", "--", "/usr/bin/python3",
                           os.path.join(folder, f"{name}.py")], env={**os.environ, "TANDEM_BUILD": build_folder()},
                          capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_machine_hands_on_what_a_command_says():
    """tests/vm/run returns the command's exit status and its complete stdout and stderr, and ends the processes that the command left running."""
    script = "sleep 1000 & echo one; echo two >&2; seq 20000; exit 7"
    done = subprocess.run([os.path.join(ROOT, "tests", "vm", "run"), "--timeout", "300", "--", "sh", "-c", script],
                          capture_output=True, text=True, timeout=320, check=False)
    assert (done.returncode, done.stderr) == (7, "two\n")
    assert done.stdout.splitlines() == ["one", *map(str, range(1, 20001))]
