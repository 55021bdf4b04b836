# SPDX-License-Identifier: Apache-2.0
"""Adverts keep their schedule while a thousand other groups come, are shown and go, and no worker is given up when they take over. Measured in virtual time (tests/vm/punctuality.py):
what else runs on this machine, and what its host takes away, does not exist there. So every advert counts.
"""
import json
import os
import subprocess

from harness.programs import ROOT

LATE_US = 1000
OURS = ("come", "show", "go")
SECONDS = 960    # a machine that does much else; quiet ones take two minutes


def in_words(row):
    return ("{case:12} adverts late by median {median:5.0f}  p99 {p99:6.0f}  worst {worst:6.0f} us (n = {n}), missed {missed}, "
            "workers replaced {restarts}").format(**row)


def measure(figure):
    """The failed requirements, as texts."""
    done = subprocess.run([os.path.join(ROOT, "tests", "vm", "punctuality.py"), "--json"], capture_output=True, text=True, timeout=SECONDS, check=False)
    cases = {row["case"]: row for row in map(json.loads, done.stdout.splitlines())}
    for row in cases.values():
        figure(f"in virtual time, {in_words(row)}")
    assert done.returncode == 0, f"exit status {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"
    assert not any(row["dropped"] for row in cases.values()), "a capture that lost frames proves nothing"
    limit = cases["rest"]["worst"] + LATE_US
    bad = [row for row in map(cases.get, OURS) if row["missed"] or row["worst"] > limit]
    # 2 040 that become Master at once have something to say themselves, but no worker may be held for dead.
    bad += [row for row in cases.values() if row["restarts"]]
    return [f"more than {limit:.0f} us late, missed or replaced: {in_words(row)}" for row in bad]


def test_adverts_keep_their_schedule_while_1020_groups_come_and_go(figure):
    """What the kernel of the virtual machine does for itself now and then only ever adds to a lateness: a second run may show that it was that."""
    bad = measure(figure)
    bad = bad and measure(figure)
    assert not bad, "\n".join(bad)
