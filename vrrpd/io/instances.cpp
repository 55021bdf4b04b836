// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/instances.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {
namespace {

// The table shows a name without a file, whose first byte is 0, with '@' in its place.
constexpr std::string_view kMark = " @tandem-vrrpd-";

}  // namespace

Instances parse_instances(std::string_view text) {
  Instances instances;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t at = line.find(kMark);
    if (at == std::string_view::npos) {
      continue;
    }
    const std::string_view name = line.substr(at + kMark.size());
    std::uint32_t group = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), group);
    if (error == std::errc{} && end != name.data() + name.size() && *end == '-') {
      instances.emplace(group, std::string(end + 1, name.data() + name.size()));
    }
  }
  return instances;
}

base::Result<Instances> running_instances() {
  std::ifstream table("/proc/net/unix");
  const std::string text{std::istreambuf_iterator<char>(table), {}};
  if (text.empty() || table.bad()) {
    return base::fail("cannot read /proc/net/unix");
  }
  return parse_instances(text);
}

base::Result<> tell_apart(const std::set<std::uint32_t>& groups, Instances& running, std::set<std::uint32_t>& absent) {
  if (groups.empty()) {
    return {};
  }
  const auto all = TANDEM_TRY(running_instances());
  for (const std::uint32_t group : groups) {
    if (const auto found = all.find(group); found != all.end()) {
      running.insert(*found);
    } else {
      absent.insert(group);
    }
  }
  return {};
}

Instances other_instances(const InterfaceTable& table, const LinkGroups& ours) {
  std::set<std::uint32_t> theirs;
  for (const auto& [index, interface] : table.all()) {
    if (is_of_another_instance(interface.link.group, ours)) {
      theirs.insert(live_group_of(interface.link.group));
    }
  }
  Instances running;
  std::set<std::uint32_t> absent;
  static_cast<void>(tell_apart(theirs, running, absent));
  return running;
}

std::set<std::uint32_t> Absences::note(const std::set<std::uint32_t>& absent, base::TimePoint when) {
  std::erase_if(absences_, [&](const auto& entry) { return !absent.contains(entry.first); });
  std::set<std::uint32_t> ended;
  for (const std::uint32_t group : absent) {
    Absence& absence = absences_.try_emplace(group, Absence{.since = when}).first->second;
    ++absence.inspections;
    if (absence.inspections >= kAbsentInspections && when - absence.since >= kAbsentFor) {
      ended.insert(group);
    }
  }
  return ended;
}

InstanceName::InstanceName(const LinkGroups& groups, std::string_view instance)
    : name_(fmt::format("tandem-vrrpd-{}-{}", groups.live, instance)) {}

void InstanceName::hold() {
  sockaddr_un address{};
  if (socket_.is_open() || name_.size() + 1 > sizeof(address.sun_path)) {
    return;
  }
  os::FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name_.data(), name_.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name_.size());
  if (socket.is_open() && bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0) {
    socket_ = std::move(socket);
  }
}

}  // namespace tandem::vrrpd::io
