// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/daemon.h"

#include "lib/base/version.h"
#include "lib/os/paths.h"
#include "lib/os/sysctl.h"
#include "vrrpd/daemon/messages.h"
#include "vrrpd/mgmt/commands.h"

namespace tandem::vrrpd::daemon {
namespace {

std::size_t group_count(const config::Config& running) {
  std::size_t count = 0;
  for (const auto& [name, interface] : running.interfaces) {
    count += interface.groups.size();
  }
  return count;
}

// A gateway that does not forward is the commonest mistake of a first set-up, and silent otherwise.
void warn_if_not_forwarding(const config::Config& running, log::Logger& logger) {
  bool ipv4 = false;
  bool ipv6 = false;
  for (const auto& [name, interface] : running.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      ipv4 = ipv4 || !group.ipv4.empty();
      ipv6 = ipv6 || !group.ipv6.empty();
    }
  }
  if (ipv4 && os::read_sysctl("net/ipv4/ip_forward").value_or("1") == "0") {
    logger.write<kForwardingOff>("IPv4");
  }
  if (ipv6 && os::read_sysctl("net/ipv6/conf/all/forwarding").value_or("1") == "0") {
    logger.write<kForwardingOff>("IPv6");
  }
}

}  // namespace

Daemon::Daemon(const Dependencies& dependencies, const tandem::daemon::Options& options, const yang::Context& context)
    : logger_(dependencies.logger),
      options_(options),
      checkpoint_(dependencies.checkpoint),
      protocol_(dependencies.protocol_loop, dependencies.runtime, [this] { configurator_.on_progress(); }),
      configurator_({.loop = dependencies.loop,
                     .logger = dependencies.logger,
                     .protocol = protocol_,
                     .filter = dependencies.filter,
                     .checkpoint = dependencies.checkpoint,
                     .running_text = [this]() -> const std::string& { return datastore_.print(); }},
                    options_),
      datastore_(context, configurator_),
      history_(history_directory(options_), dependencies.logger),
      transactions_(datastore_, history_, dependencies.logger),
      files_({.options = options_, .logger = dependencies.logger, .transactions = transactions_}),
      control_({.loop = dependencies.loop,
                .logger = dependencies.logger,
                .log = dependencies.log,
                .options = options_,
                .checkpoint = dependencies.checkpoint,
                .protocol = protocol_,
                .configurator = configurator_,
                .session_count = [this] { return server_->session_count(); }}) {}

base::Result<std::unique_ptr<Daemon>> Daemon::open(const Dependencies& dependencies,
                                                   const tandem::daemon::Options& options,
                                                   const yang::Context& context) {
  std::unique_ptr<Daemon> daemon(new Daemon(dependencies, options, context));
  const tandem::mgmt::CommandContext commands{.daemon = options.program,
                                              .control = daemon->control_,
                                              .datastore = daemon->datastore_,
                                              .transactions = daemon->transactions_,
                                              .config_file = options.config_file,
                                              .user = options.account.user};
  daemon->service_ = std::make_unique<tandem::mgmt::Service>(commands, mgmt::daemon_commands(), dependencies.logger,
                                                             dependencies.loop);
  daemon->server_ = TANDEM_TRY(ipc::Server::open(dependencies.loop, dependencies.logger,
                                                 {.path = os::socket_path(options.socket_directory, options.program),
                                                  .admin_group = os::kAdminGroup,
                                                  .socket = dependencies.listening},
                                                 *daemon->service_));
  return daemon;
}

base::Result<> Daemon::load_configuration() {
  const std::string source = TANDEM_TRY(files_.load_first(
      {.configuration = checkpoint_.configuration() ? std::string_view(checkpoint_.text()) : std::string_view(),
       .end = checkpoint_.last_end()}));
  configurator_.start();
  warn_if_not_forwarding(configurator_.running(), logger_);
  logger_.write<kStarted>(base::version(), group_count(configurator_.running()), source);
  return {};
}

}  // namespace tandem::vrrpd::daemon
