// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/daemon.h"

#include "lib/config/file.h"
#include "lib/os/hostname.h"
#include "lib/os/paths.h"
#include "lib/os/sysctl.h"
#include "vrrpd/config/check.h"
#include "vrrpd/config/from_yang.h"
#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {

std::string file_errors(const std::string& file, const std::vector<tandem::config::Refusal>& refusals) {
  std::string text;
  for (const tandem::config::Refusal& refusal : refusals) {
    text += text.empty() ? "" : "\n";
    text += refusal.line == 0 ? fmt::format("{}: {}", file, refusal.message)
                              : fmt::format("{}:{}: {}", file, refusal.line, refusal.message);
  }
  return text;
}

Daemon::Daemon(log::Logger& logger, Options options, const yang::Context& context)
    : logger_(logger), options_(std::move(options)), log_settings_(logger), datastore_(context, *this) {}

Daemon::~Daemon() = default;

base::Result<std::unique_ptr<Daemon>> Daemon::start(event::Loop& loop, log::Logger& logger, const Options& options,
                                                    const yang::Context& context) {
  std::unique_ptr<Daemon> daemon(new Daemon(logger, options, context));
  const mgmt::CommandContext commands{*daemon, daemon->datastore_, options.config_file};
  daemon->service_ = std::make_unique<mgmt::Service>(commands, logger);
  auto server = ipc::Server::open(
      loop, logger, {.path = os::socket_path(options.socket_directory, kProgram), .admin_group = os::kAdminGroup},
      *daemon->service_);
  if (!server) {
    return base::Unexpected<base::Error>(server.error());
  }
  daemon->server_ = std::move(*server);
  auto runtime =
      Runtime::open(loop, logger, {.state_directory = options.state_directory, .instance = options.instance});
  if (!runtime) {
    return base::Unexpected<base::Error>(runtime.error());
  }
  daemon->runtime_ = std::move(*runtime);
  if (const auto loaded = daemon->load_startup_file(); !loaded) {
    daemon->runtime_->stop();  // what a crashed run left is cleaned up all the same
    return base::Unexpected<base::Error>(loaded.error());
  }
  daemon->warn_if_not_forwarding();
  logger.write<kStarted>(TANDEM_VERSION, daemon->group_count(), options.config_file);
  return daemon;
}

base::Result<> Daemon::load_startup_file() {
  const auto text = tandem::config::read_file(options_.config_file);
  if (!text) {
    if (text.error().code == ENOENT && !options_.config_file_given) {
      logger_.write<kNoConfig>(options_.config_file);
      return {};
    }
    return base::Unexpected<base::Error>(text.error());
  }
  if (const auto loaded = datastore_.load(*text, {.replace = true}); !loaded) {
    return base::fail("{}", file_errors(options_.config_file, loaded.error()));
  }
  return {};
}

void Daemon::reload() {
  const auto text = tandem::config::read_file(options_.config_file);
  if (!text) {
    logger_.write<kReloadRefused>(text.error().message);
    return;
  }
  if (const auto loaded = datastore_.load(*text, {.replace = true}); !loaded) {
    logger_.write<kReloadRefused>(file_errors(options_.config_file, loaded.error()));
    return;
  }
  logger_.write<kReloaded>(options_.config_file);
}

void Daemon::stop() {
  server_.reset();
  runtime_->stop();
}

std::vector<std::string> Daemon::check(const yang::Tree& candidate) {
  return config::check(config::from_yang(candidate));
}

base::Result<> Daemon::apply(const yang::Tree& candidate) {
  config::Config wanted = config::from_yang(candidate);
  if (const auto logging = log_settings_.apply(wanted.log); !logging) {
    return logging;  // the only thing that can be refused: nothing else has been touched
  }
  const std::vector<config::Change> changes = config::plan(config_, wanted);
  config_ = std::move(wanted);
  runtime_->set_debug(debug_topics());
  runtime_->apply(changes);
  return {};
}

std::vector<mgmt::GroupView> Daemon::groups(const mgmt::GroupFilter& filter) const {
  std::vector<mgmt::GroupView> views;
  for (const auto& [name, interface] : config_.interfaces) {
    if (filter.interface && *filter.interface != name) {
      continue;
    }
    for (const auto& [vrid, group] : interface.groups) {
      if (!filter.vrid || *filter.vrid == vrid.value()) {
        views.push_back({.interface = name,
                         .config = group,
                         .v4 = runtime_->view({name, vrid, core::Family::ipv4}, group),
                         .v6 = runtime_->view({name, vrid, core::Family::ipv6}, group)});
      }
    }
  }
  return views;
}

void Daemon::clear_statistics(const mgmt::GroupFilter& filter) {
  for (const mgmt::GroupView& group : groups(filter)) {
    for (const core::Family family : {core::Family::ipv4, core::Family::ipv6}) {
      runtime_->clear_statistics({group.interface, group.config.vrid, family});
    }
  }
}

bool Daemon::interface_exists(const std::string& name) const {
  return config_.interfaces.contains(name) || runtime_->interfaces().find(name) != nullptr;
}

std::vector<std::string> Daemon::interface_names() const {
  std::vector<std::string> names;
  for (const auto& [index, interface] : runtime_->interfaces().all()) {
    if (!interface.link.macvlan || !packet::parse_virtual_mac(interface.link.mac)) {
      names.push_back(interface.link.name);
    }
  }
  return names;
}

std::string Daemon::hostname() const { return config_.hostname ? *config_.hostname : os::hostname(); }

std::set<config::DebugTopic> Daemon::debug_topics() const {
  std::set<config::DebugTopic> topics = config_.debug;
  topics.insert(volatile_debug_.begin(), volatile_debug_.end());
  return topics;
}

void Daemon::set_volatile_debug(const std::set<config::DebugTopic>& topics) {
  volatile_debug_ = topics;
  runtime_->set_debug(debug_topics());
}

std::size_t Daemon::group_count() const {
  std::size_t count = 0;
  for (const auto& [name, interface] : config_.interfaces) {
    count += interface.groups.size();
  }
  return count;
}

// A gateway that does not forward is the commonest mistake of a first set-up, and silent otherwise.
void Daemon::warn_if_not_forwarding() const {
  bool ipv4 = false;
  bool ipv6 = false;
  for (const auto& [name, interface] : config_.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      ipv4 = ipv4 || !group.ipv4.empty();
      ipv6 = ipv6 || !group.ipv6.empty();
    }
  }
  if (ipv4 && os::read_sysctl("net/ipv4/ip_forward").value_or("1") == "0") {
    logger_.write<kForwardingOff>("IPv4");
  }
  if (ipv6 && os::read_sysctl("net/ipv6/conf/all/forwarding").value_or("1") == "0") {
    logger_.write<kForwardingOff>("IPv6");
  }
}

}  // namespace tandem::vrrpd::daemon
