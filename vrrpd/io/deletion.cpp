// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/deletion.h"

#include <algorithm>
#include <cerrno>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "lib/netlink/socket.h"
#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {
namespace {

base::Result<std::vector<base::IfIndex>> awaiting_deletion(netlink::RequestSocket& socket, const LinkGroups& groups) {
  std::vector<base::IfIndex> found;
  TANDEM_TRY(socket.dump([&](const netlink::Event& event) {
    const auto* link = std::get_if<netlink::LinkChanged>(&event);
    if (link != nullptr && (link->link.group == groups.pending_deletion || link->link.group == groups.deleting)) {
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

base::Result<> delete_all(const LinkGroups& groups, const std::function<void()>& between) {
  auto socket = TANDEM_TRY(netlink::RequestSocket::open());
  const auto all = TANDEM_TRY(awaiting_deletion(socket, groups));
  for (std::span<const base::IfIndex> rest = all; !rest.empty();) {
    between();
    const auto bunch = rest.first(std::min(rest.size(), kDeletedTogether));
    TANDEM_TRY(delete_bunch(socket, bunch, groups.deleting));
    rest = rest.subspan(bunch.size());
  }
  return {};
}

}  // namespace

Deletion::Deletion(event::Loop& loop, event::Worker& worker, Actions actions)
    : actions_(std::move(actions)),
      timer_(loop, [this] { on_timer(); }),
      deleter_(
          worker, kRank,
          [&worker](const LinkGroups& groups) {
            return delete_all(groups, [&worker] { worker.run_more_urgent_than(kRank); });
          },
          [this](const LinkGroups&, const base::Result<>& done) { actions_.on_done(done); }) {}

void Deletion::wait_for(base::Duration pause) {
  timer_.set(event::monotonic_now() + pause);
  is_waiting_ = true;
}

void Deletion::on_timer() {
  is_waiting_ = false;
  if (const auto groups = is_running() ? std::nullopt : actions_.next()) {
    deleter_.begin(*groups);
  }
}

void Deletion::stop() {
  timer_.cancel();
  deleter_.give_up();
}

}  // namespace tandem::vrrpd::io
