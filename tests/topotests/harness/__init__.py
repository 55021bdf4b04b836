# SPDX-License-Identifier: Apache-2.0
"""The harness of the topology tests: namespaces, captures, routers of several makes, a prober, and waiting for events."""
