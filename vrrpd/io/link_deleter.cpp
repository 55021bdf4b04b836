// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/link_deleter.h"

#include <algorithm>
#include <cerrno>
#include <span>
#include <vector>

#include "lib/netlink/socket.h"
#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {
namespace {

base::Result<std::vector<base::IfIndex>> buried(netlink::RequestSocket& socket, const LinkGroups& groups) {
  std::vector<base::IfIndex> found;
  TANDEM_TRY(socket.dump([&](const netlink::Event& event) {
    const auto* link = std::get_if<netlink::LinkChanged>(&event);
    if (link != nullptr && (link->link.group == groups.graveyard || link->link.group == groups.dying)) {
      found.push_back(link->link.index);
    }
  }));
  return found;
}

// The kernel deletes a group at once; so the group is the bunch.
base::Result<> delete_bunch(netlink::RequestSocket& socket, std::span<const base::IfIndex> bunch, std::uint32_t group) {
  std::vector<netlink::Request> requests;
  for (const base::IfIndex index : bunch) {
    requests.push_back(netlink::set_group(index, group));
  }
  socket.execute(requests);  // one that fails is gone already
  base::Result<> deleted = socket.execute(netlink::delete_link_group(group));
  return deleted || deleted.error().code == ENODEV ? base::Result<>() : deleted;
}

base::Result<> delete_buried(const LinkGroups& groups) {
  auto socket = TANDEM_TRY(netlink::RequestSocket::open());
  const auto all = TANDEM_TRY(buried(socket, groups));
  for (std::span<const base::IfIndex> rest = all; !rest.empty();) {
    const auto bunch = rest.first(std::min(rest.size(), kDeletedTogether));
    if (base::Result<> deleted = delete_bunch(socket, bunch, groups.dying); !deleted) {
      return deleted;
    }
    rest = rest.subspan(bunch.size());
  }
  return {};
}

}  // namespace

LinkDeleter::Execute delete_by_netlink() { return delete_buried; }

}  // namespace tandem::vrrpd::io
