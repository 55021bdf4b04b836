# SPDX-License-Identifier: Apache-2.0
"""The programs in tools/ explain themselves on --help, and do nothing else then."""
import os
import subprocess

import pytest

TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools")


@pytest.mark.parametrize("option, status", [("--help", 0), ("--nonsense", 2)])
def test_the_demo_explains_itself_and_does_nothing(option, status):
    done = subprocess.run([os.path.join(TOOLS, "demo"), option], capture_output=True, text=True, timeout=10, check=False)
    assert done.returncode == status and "Usage: sudo tools/demo" in done.stdout, done
    assert not [name for name in os.listdir("/run/netns") if name.startswith("demo-")]
