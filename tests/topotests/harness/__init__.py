# SPDX-License-Identifier: Apache-2.0
"""What the topology tests stand on: namespaces, captures, routers of several makes, a prober, and waiting for events."""
