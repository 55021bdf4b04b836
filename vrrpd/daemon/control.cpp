// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/control.h"

#include <algorithm>
#include <utility>

#include "lib/config/history.h"
#include "lib/os/hostname.h"
#include "vrrpd/daemon/messages.h"
#include "vrrpd/recording/limits.h"

namespace tandem::vrrpd::daemon {

std::vector<mgmt::GroupView> DaemonControl::groups(const mgmt::GroupSelection& selection) const {
  std::vector<mgmt::GroupView> views;
  for (const auto& [name, interface] : running().interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      if (selection.includes(name, vrid)) {
        views.push_back({.interface = name, .config = group, .v4 = {}, .v6 = {}});
      }
    }
  }
  with_.protocol.view(views);
  return views;
}

// Of both families, whether they exist or not.
std::vector<config::RouterKey> DaemonControl::routers(const mgmt::GroupSelection& selection) const {
  std::vector<config::RouterKey> keys;
  for (const auto& [name, interface] : running().interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      if (selection.includes(name, vrid)) {
        keys.push_back({name, vrid, core::Family::ipv4});
        keys.push_back({name, vrid, core::Family::ipv6});
      }
    }
  }
  return keys;
}

std::vector<mgmt::HistoryEntry> DaemonControl::history(const mgmt::GroupSelection& selection) const {
  return with_.protocol.history(routers(selection));
}

void DaemonControl::clear_statistics(const mgmt::GroupSelection& selection) {
  with_.protocol.clear_statistics(routers(selection));
}

bool DaemonControl::interface_exists(const std::string& name) const {
  return running().interfaces.contains(name) || with_.protocol.interface_exists(name);
}

std::vector<std::string> DaemonControl::interface_names() const { return with_.protocol.interface_names(); }

std::vector<mgmt::InterfaceView> DaemonControl::interfaces() const {
  std::vector<mgmt::InterfaceView> interfaces = with_.protocol.interfaces();
  std::ranges::sort(interfaces, {}, &mgmt::InterfaceView::name);
  return interfaces;
}

std::string DaemonControl::hostname() const { return running().system.hostname.value_or(os::hostname()); }

std::optional<std::string> DaemonControl::motd() const {
  return tandem::config::motd_text(running().system.motd, readable_directories(with_.options));
}

tandem::mgmt::LogView DaemonControl::logging() const {
  const tandem::config::Log& log = running().system.log;
  const auto level = log.file ? std::optional(log.file->level) : std::nullopt;
  const tandem::config::LogSettings::Dropped dropped = with_.configurator.dropped_lines();
  const std::uint64_t dropped_by_option = with_.logger.dropped(with_.log.handle_of_option);
  return {.destinations = {{"Option --log", with_.options.log_target, with_.options.log_level, dropped_by_option},
                           {"File logging", log.file ? log.file->path : "", level, dropped.file},
                           {"Stdout logging", "", log.standard_output, dropped.standard_output},
                           {"Syslog logging", "", log.syslog, dropped.syslog}},
          .dropped = with_.log.backlog.dropped(),
          .lines = {with_.log.last_lines.lines().begin(), with_.log.last_lines.lines().end()}};
}

std::string DaemonControl::incidents() const {
  const auto end = with_.checkpoint.last_end();
  if (!end) {
    return {};
  }
  return fmt::format("Worker replaced {} time(s), last at {}: {}{}\n", with_.checkpoint.replacements(),
                     tandem::config::to_string(base::WallTime(base::Duration(end->wall_time))),
                     supervisor::to_string(*end), end->fenced != 0 ? ", its virtual routers resigned" : "");
}

void DaemonControl::set_volatile_debug(const std::set<config::DebugTopic>& topics) {
  with_.configurator.set_volatile_debug(topics);
}

base::Result<> DaemonControl::start_recording(const std::string& file) {
  if (const auto current = recording()) {
    return base::fail("a recording to {} is going on", *current);
  }
  recording_ = TANDEM_TRY(os::BoundedFile::create(
      file, writable_directories(with_.options), {.size = recording::kMaxFileSize, .backlog = recording::kMaxBacklog}));
  const auto take = [&loop = with_.loop, &logger = with_.logger, to = recording_](std::string text) {
    const bool room = to->reserve(text.size());
    if (room) {
      loop.post([&logger, to, text = std::move(text)] {
        if (const auto ended = to->append(text)) {
          logger.write<kRecordingEnded>(to->path(), *ended);
        }
      });
    }
    return room;
  };
  with_.protocol.start_recording(take, routers({}));
  return {};
}

base::Result<> DaemonControl::stop_recording() {
  if (!recording()) {
    return base::fail("nothing is being recorded");
  }
  with_.protocol.stop_recording();
  recording_.reset();  // what is on its way will still be written
  return {};
}

std::optional<std::string> DaemonControl::recording() const {
  return recording_ != nullptr && !recording_->has_ended() ? std::optional(recording_->path()) : std::nullopt;
}

}  // namespace tandem::vrrpd::daemon
