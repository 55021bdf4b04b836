# SPDX-License-Identifier: Apache-2.0
"""Where Tandem's programs are: TANDEM_BUILD if set, else the release or the dev build of this checkout."""
import os

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
YANG = os.environ.setdefault("TANDEM_YANG_DIR", os.path.join(ROOT, "yang"))


def build_folder():
    candidates = [os.environ["TANDEM_BUILD"]] if "TANDEM_BUILD" in os.environ else [
        os.path.join(ROOT, "build", preset) for preset in ("release", "dev")]
    for folder in candidates:
        if all(os.access(os.path.join(folder, "bin", name), os.X_OK) for name in ("vrrpd", "vtysh")):
            return os.path.abspath(folder)
    raise FileNotFoundError(f"no bin/vrrpd and bin/vtysh in {' or '.join(candidates)}: build first, or set TANDEM_BUILD")


def program(name):
    return os.path.join(build_folder(), "bin", name)


def look_for_leaks():
    """Returns whether the programs are built with AddressSanitizer and check for leaks when they end (tools/check leaks)."""
    return "detect_leaks=1" in os.environ.get("ASAN_OPTIONS", "")


def sanitizer_reports(output):
    return [line for line in output.splitlines() if "Sanitizer: " in line or ": runtime error: " in line]
