// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/prepare.h"

#include <unistd.h>

#include <array>

#include "lib/os/paths.h"
#include "lib/os/privileges.h"
#include "lib/os/scheduling.h"
#include "lib/os/sinks.h"
#include "vrrpd/daemon/system_calls.h"

namespace tandem::vrrpd::daemon {
namespace {

using Filter = os::SystemCallFilter;

struct Directory {
  const std::string& path;
  const std::string usual;
  mode_t mode;
};

std::array<Directory, 2> directories(const Options& options) {
  return {{{options.socket_directory, os::runtime_directory(options.instance), 0755},
           {options.state_directory, os::state_directory(options.instance), 0750}}};
}

// One that is made now is the user's of -u from the beginning: nobody else has anything in it.
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

base::Result<> give_if_exists(const std::string& directory, const os::Account& account) {
  return ::access(directory.c_str(), F_OK) == 0 ? os::give_directory(directory, account) : base::Result<>();
}

base::Result<> become_account(const Options& options) {
  const auto keep = os::allow_running_before_others() ? os::Keep::network : os::Keep::network_and_priority;
  if (const auto dropped = os::drop_privileges(options.account, keep); !dropped) {
    return dropped;
  }
  return options.account.user.empty() ? base::Result<>() : os::check_writable(options.state_directory, options.account);
}

}  // namespace

base::Result<os::PidFile> prepare(const Options& options) {
  if (const auto capable = os::check_network_capabilities(); !capable) {
    return base::Unexpected<base::Error>(capable.error());
  }
  if (const auto made = make_directories(options); !made) {
    return base::Unexpected<base::Error>(made.error());
  }
  auto pid_file = os::PidFile::create(options.pid_file);
  if (!pid_file) {
    return pid_file;
  }
  // What is in it belongs to one instance: what another changed on the machine is not ours to undo.
  if (const auto reserved = os::reserve_directory(options.state_directory); !reserved) {
    return base::fail("{}: give each vrrpd its own, with -N or --state-dir", reserved.error().message);
  }
  return pid_file;
}

base::Result<> give_belongings(const Options& options) {
  // Made now, so that a worker finds a log file that it may append to.
  if (const auto log = os::open_sink(options.log_target, kProgram); !log) {
    return base::Unexpected<base::Error>(log.error());
  }
  const auto log_given = os::give_file(os::path_of_target(options.log_target), options.account);
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
  if (!os::belongs_to(options.state_directory, options.account)) {
    return {};
  }
  return give_if_exists(history_directory(options), options.account);
}

base::Result<WorkerFilter> give_up_privileges(const Options& options, OwnFilter own) {
  if (const auto become = become_account(options); !become) {
    return base::Unexpected<base::Error>(become.error());
  }
  if (!options.seccomp) {
    return std::nullopt;
  }
  auto filter = Filter::compile(worker_calls(), Filter::Refusals::reported);
  if (!filter) {
    return base::Unexpected<base::Error>(filter.error());
  }
  if (own == OwnFilter::supervisor) {
    const auto supervisors = Filter::compile(supervisor_calls(), Filter::Refusals::audited);
    if (!supervisors) {
      return base::Unexpected<base::Error>(supervisors.error());
    }
    static_cast<void>(supervisors->install());  // where that cannot be, a worker says so
  }
  return std::move(*filter);
}

}  // namespace tandem::vrrpd::daemon
