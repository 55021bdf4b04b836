# SPDX-License-Identifier: Apache-2.0
"""Waits for events instead of fixed times."""
import time


def wait_for(test, timeout, what, step=0.01):
    """Calls `test` until it returns a true value, and returns that value. On timeout fails with the message that `what` did not happen and the last
    value."""
    end = time.monotonic() + timeout
    while True:
        value = test()
        if value:
            return value
        if time.monotonic() > end:
            seen = what() if callable(what) else what
            raise AssertionError(f"not within {timeout:g} s: {seen}")
        time.sleep(step)


def stays(test, duration, what, step=0.02):
    """Fails as soon as `test` is false within `duration`. For states that must not occur: there is no event to wait for."""
    end = time.monotonic() + duration
    while time.monotonic() < end:
        if not test():
            raise AssertionError(f"did not stay so for {duration:g} s: {what() if callable(what) else what}")
        time.sleep(step)
