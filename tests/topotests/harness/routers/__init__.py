# SPDX-License-Identifier: Apache-2.0
"""Routers of several makes with one interface: configure groups, start a router, query its state, stop it or kill it."""
from .base import Group, Router
from .frr import Frr
from .keepalived import Keepalived
from .speaker import Speaker
from .tandem import Tandem

__all__ = ["Frr", "Group", "Keepalived", "Router", "Speaker", "Tandem"]
