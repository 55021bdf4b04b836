// SPDX-License-Identifier: Apache-2.0
#include "vtysh/daemons.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "lib/os/paths.h"
#include "vtysh/commands.h"

namespace tandem::vtysh {
namespace {

constexpr const char* kSocketExtension = ".vty";
constexpr const char* kUsualDaemon = "vrrpd";  // the daemon for messages if there is no socket

std::string daemon_of(const std::string& path) { return std::filesystem::path(path).stem(); }

// The options with which a daemon creates this socket.
std::string options_for(const std::string& path) {
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  if (directory == os::runtime_directory("")) {
    return "-d";
  }
  return directory.parent_path() == os::runtime_directory("") ? fmt::format("-d -N {}", directory.filename().string())
                                                              : fmt::format("-d --vty_socket {}", directory.string());
}

// Whether the user database lists the user as a member. The groups of the process may be those of an earlier login.
bool is_member_by_now() {
  const group* const admin = ::getgrnam(os::kAdminGroup);
  const passwd* const user = ::getpwuid(::geteuid());
  if (admin == nullptr || user == nullptr) {
    return false;
  }
  for (char** member = admin->gr_mem; *member != nullptr; ++member) {
    if (std::string_view(user->pw_name) == *member) {
      return true;
    }
  }
  return false;
}

std::string hint_for(const std::string& path, int code) {
  switch (code) {
    case EACCES:
    case EPERM:
      return is_member_by_now()
                 ? fmt::format("a member of group {} since this login began: log in again", os::kAdminGroup)
                 : fmt::format("only root and members of group {} may connect", os::kAdminGroup);
    case ENOENT:
    case ECONNREFUSED:
      return fmt::format("{0} is not running; start it with: {0} {1}", daemon_of(path), options_for(path));
    default:
      return fmt::format("look at the log of {}", daemon_of(path));
  }
}

}  // namespace

std::vector<std::string> find_sockets(const std::string& directory, const std::string& only) {
  if (!only.empty()) {
    return {os::socket_path(directory, only)};
  }
  std::vector<std::string> paths;
  std::error_code ignored;  // an unreadable directory fails at connect
  for (std::filesystem::directory_iterator entry(directory, ignored), end; entry != end; entry.increment(ignored)) {
    if (entry->path().extension() == kSocketExtension) {
      paths.push_back(entry->path());
    }
  }
  if (paths.empty()) {
    paths.push_back(os::socket_path(directory, kUsualDaemon));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Daemons::Daemons(const std::vector<std::string>& paths, Connector connector) : connector_(std::move(connector)) {
  for (const std::string& path : paths) {
    daemons_.push_back({path, nullptr});
  }
}

base::Result<> Daemons::connect() {
  std::string errors;
  bool any = false;
  for (Daemon& daemon : daemons_) {
    if (!daemon.client) {
      auto client = connector_(daemon.path);
      if (!client) {
        errors += fmt::format("{}cannot connect to {} ({})", errors.empty() ? "" : "\n", client.error().message,
                              hint_for(daemon.path, client.error().code));
        continue;
      }
      daemon.client = std::move(*client);
      daemon.client->set_log_handler([this](const std::string& text) {
        if (on_log_) {
          on_log_(text);
        }
      });
      ++generation_;
    }
    any = true;
  }
  if (!any) {
    return base::fail("{}", errors);
  }
  return {};
}

std::size_t Daemons::connected() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(daemons_, [](const Daemon& daemon) { return daemon.client != nullptr; }));
}

const ipc::Welcome* Daemons::welcome(std::size_t index) const {
  const auto& client = daemons_.at(index).client;
  return client ? &client->welcome() : nullptr;
}

base::Result<ipc::Done> Daemons::call(std::size_t index, ipc::Request request,
                                      const ipc::Client::TextHandler& on_output) {
  Daemon& daemon = daemons_.at(index);
  if (!daemon.client) {
    return base::fail("{}: not connected", daemon.path);
  }
  auto done = daemon.client->call(std::move(request), on_output);
  if (!done && done.error().code != EINTR) {
    forget(daemon);
  }
  return done;
}

std::vector<ipc::Highlight> Daemons::highlights() const {
  std::vector<ipc::Highlight> all;
  for (const Daemon& daemon : daemons_) {
    if (daemon.client) {
      const auto& own = daemon.client->welcome().highlights;
      all.insert(all.end(), own.begin(), own.end());
    }
  }
  return all;
}

void Daemons::report_attempt(const std::string& line) {
  for (std::size_t index = 0; index < daemons_.size(); ++index) {
    if (const ipc::Welcome* const daemon = welcome(index); daemon != nullptr && !daemon->may_configure) {
      static_cast<void>(call(index, {0, ipc::Execute{std::string(kEnableMode), line, {}}}, [](const std::string&) {}));
    }
  }
}

std::vector<std::string> Daemons::complete(const std::string& source) {
  std::vector<std::string> all;
  for (Daemon& daemon : daemons_) {
    if (!daemon.client) {
      continue;
    }
    if (auto values = daemon.client->complete(source); values) {
      all.insert(all.end(), values->begin(), values->end());
    } else {
      forget(daemon);
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<int> Daemons::descriptors() const {
  std::vector<int> all;
  for (const Daemon& daemon : daemons_) {
    if (daemon.client) {
      all.push_back(daemon.client->descriptor());
    }
  }
  return all;
}

std::vector<std::string> Daemons::read_pending() {
  std::vector<std::string> lost;
  for (Daemon& daemon : daemons_) {
    if (!daemon.client) {
      continue;
    }
    if (const auto read = daemon.client->read_pending(); !read) {
      lost.push_back(read.error().message);
      forget(daemon);
    }
  }
  return lost;
}

void Daemons::forget(Daemon& daemon) {
  daemon.client.reset();
  ++generation_;
  ++losses_;
}

}  // namespace tandem::vtysh
