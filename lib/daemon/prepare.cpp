// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/prepare.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <functional>
#include <thread>

#include "lib/daemon/system_calls.h"
#include "lib/ipc/socket.h"
#include "lib/os/paths.h"
#include "lib/os/place.h"
#include "lib/os/privileges.h"
#include "lib/os/scheduling.h"
#include "lib/os/sinks.h"

namespace tandem::daemon {
namespace {

using Filter = os::SystemCallFilter;

struct Directory {
  const std::string& path;
  const std::string usual;
  mode_t mode;
};

using Directories = std::array<Directory, 2>;

Directories directories(const Options& options) {
  return {{{options.socket_directory, os::runtime_directory(options.instance), 0755},
           {options.state_directory, os::state_directory(options.instance), 0750}}};
}

// One that is made now is the user's of -u from the beginning: no other user has anything in it.
base::Result<> make_directories(const Options& options) {
  for (const Directory& directory : directories(options)) {
    const bool exists = ::access(directory.path.c_str(), F_OK) == 0;
    if (const auto made = os::make_directories(directory.path, directory.mode); !made) {
      return made;
    }
    const auto given = exists ? base::Result<>() : os::give_directory(directory.path, options.account);
    if (!given) {
      return given;
    }
  }
  return {};
}

// For what commands write. Without it they fail, and nothing else does.
void make_log_directory(const Options& options) {
  const bool usual = options.log_directory == os::log_directory(options.instance);
  const bool exists = ::access(options.log_directory.c_str(), F_OK) == 0;
  if (::geteuid() == 0 && (exists ? usual : os::make_directories(options.log_directory, 0750).has_value())) {
    static_cast<void>(os::give_directory(options.log_directory, options.account));
  }
}

base::Result<> give_if_exists(const std::string& directory, const os::Account& account) {
  return ::access(directory.c_str(), F_OK) == 0 ? os::give_directory(directory, account) : base::Result<>();
}

// What an operator has made in /etc/tandem before: readable to the user, who may `write` to it. As
// tools/systemd/tandem.tmpfiles does it for the service.
void give_configuration(const Options& options) {
  if (options.config_file == os::configuration_file(options.instance, options.program)) {
    static_cast<void>(os::give_file(options.config_file, options.account));
    os::share_directory(os::configuration_directory(options.instance), options.account);
  }
}

// Does it as the account. If that may not, and only root can change where the path leads, does it as root.
base::Result<> do_where_others_lead(const std::string& path, const os::Account& account,
                                    const std::function<base::Result<>()>& function) {
  auto done = os::as_account(account, function);
  if (done || done.error().code != EACCES || ::geteuid() != 0) {
    return done;
  }
  const auto place = os::locate(path, os::Links::trusted);
  return place && !place->led_by_others ? function() : done;
}

// Why root's daemon cannot become the user; empty: it can.
std::string obstacle(const Options& options, const os::Account& account) {
  for (const Directory& directory : directories(options)) {
    const bool exists = ::access(directory.path.c_str(), F_OK) == 0;
    if (exists && directory.path != directory.usual && !os::belongs_to(directory.path, account)) {
      return fmt::format("{} is not that user's", directory.path);
    }
  }
  const bool usual = options.config_file == os::configuration_file(options.instance, options.program);
  if (usual || ::access(options.config_file.c_str(), F_OK) != 0) {
    return {};
  }
  const auto readable = os::as_account(account, [&]() -> base::Result<> {
    const auto file = os::open_regular(options.config_file, os::Access::read);
    return file ? base::Result<>() : base::Unexpected<base::Error>(file.error());
  });
  return readable ? "" : fmt::format("it cannot read {}: {}", options.config_file, readable.error().message);
}

base::Result<> become_account(const Options& options) {
  const auto keep = os::allow_running_before_others() ? os::Keep::network : os::Keep::network_and_priority;
  if (const auto dropped = os::drop_privileges(options.account, keep); !dropped) {
    return dropped;
  }
  return options.account.user.empty() ? base::Result<>() : os::check_writable(options.state_directory, options.account);
}

// The kernel closes the descriptors of a process that ends one after the other: the lock of the PID file may be free a
// moment before that of the directory.
base::Result<> reserve_state_directory(const std::string& path) {
  constexpr int kAttempts = 50;
  constexpr std::chrono::milliseconds kPause{10};
  base::Result<> reserved = os::reserve_directory(path);
  for (int attempt = 1; !reserved && attempt < kAttempts; ++attempt) {
    std::this_thread::sleep_for(kPause);
    reserved = os::reserve_directory(path);
  }
  return reserved;
}

}  // namespace

Options with_account(Options options) {
  if (::geteuid() != 0 || !options.account.user.empty() || !os::exists_user(os::kServiceUser)) {
    return options;
  }
  os::Account account = options.account;
  account.user = os::kServiceUser;
  options.why_root = obstacle(options, account);
  if (options.why_root.empty()) {
    options.account = account;
  }
  return options;
}

base::Result<os::PidFile> prepare(const Options& options) {
  TANDEM_TRY(os::check_network_capabilities());
  TANDEM_TRY(make_directories(options));
  make_log_directory(options);
  auto pid_file = os::PidFile::create(options.pid_file);
  if (!pid_file) {
    return pid_file;
  }
  // What is in it belongs to one instance: what another changed on the machine is not ours to undo.
  if (const auto reserved = reserve_state_directory(options.state_directory); !reserved) {
    return base::fail("{}: give each {} its own, with -N or --state-dir", reserved.error().message, options.program);
  }
  return pid_file;
}

void protect_process(const Options& options) {
  os::set_dumpable(options.core_dumps || !options.supervised ? os::Dumpable::yes : os::Dumpable::no);
}

base::Result<os::FileDescriptor> open_management_socket(const Options& options) {
  const std::string path = os::socket_path(options.socket_directory, options.program);
  base::Result<os::FileDescriptor> socket = base::fail("not tried");
  const auto listen = [&]() -> base::Result<> {
    socket = ipc::listen_on_socket(path, os::kAdminGroup);
    return socket ? base::Result<>() : base::Unexpected<base::Error>(socket.error());
  };
  TANDEM_TRY(ipc::remove_stale_socket(path));  // it may be root's
  os::Account account = options.account;
  if (os::exists_group(os::kAdminGroup)) {
    account.group = os::kAdminGroup;
  }
  const auto made = do_where_others_lead(path, account, listen);
  return made ? std::move(socket) : base::Unexpected<base::Error>(made.error());
}

base::Result<> give_belongings(const Options& options) {
  // Made now, so that a worker finds a log file that it may append to.
  const std::string log_file = os::path_of_target(options.log_target);
  const auto check = [&] { return os::check_target(options.log_target); };
  if (const auto log = log_file.empty() ? check() : do_where_others_lead(log_file, options.account, check); !log) {
    return log;
  }
  auto log_given = os::give_file(log_file, options.account);
  if (!log_given || options.account.user.empty()) {
    return log_given;
  }
  for (const Directory& directory : directories(options)) {
    if (directory.path != directory.usual && !os::belongs_to(directory.path, options.account)) {
      continue;
    }
    if (const auto given = os::give_directory(directory.path, options.account); !given) {
      return given;
    }
  }
  give_configuration(options);
  if (!os::belongs_to(options.state_directory, options.account)) {
    return {};
  }
  return give_if_exists(history_directory(options), options.account);
}

base::Result<WorkerFilter> give_up_privileges(const Description& description, const Options& options, OwnFilter own) {
  TANDEM_TRY(become_account(options));
  protect_process(options);  // a change of user may have undone it
  if (!options.seccomp) {
    return std::nullopt;
  }
  auto filter = TANDEM_TRY(Filter::compile(worker_calls(description.socket_families), Filter::Refusals::reported));
  if (own == OwnFilter::supervisor) {
    const auto supervisors =
        TANDEM_TRY(Filter::compile(supervisor_calls(description.socket_families), Filter::Refusals::audited));
    static_cast<void>(supervisors.install());  // where that cannot be, a worker says so
  }
  return filter;
}

}  // namespace tandem::daemon
