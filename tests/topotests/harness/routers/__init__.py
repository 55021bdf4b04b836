# SPDX-License-Identifier: Apache-2.0
"""Routers of several makes behind one interface: give them groups, start them, ask their state, stop or kill them."""
from .base import Group, Router
from .frr import Frr
from .keepalived import Keepalived
from .speaker import Speaker
from .tandem import Tandem

__all__ = ["Frr", "Group", "Keepalived", "Router", "Speaker", "Tandem"]
