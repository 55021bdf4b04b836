// SPDX-License-Identifier: Apache-2.0
#include "lib/os/notify.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace tandem::os {

ServiceManager::ServiceManager() {
  const char* const path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (path != nullptr && std::strlen(path) < sizeof address.sun_path) {
    const std::size_t length = std::strlen(path);
    path_ = path;
    address.sun_family = AF_UNIX;
    std::copy_n(path, length, std::begin(address.sun_path));
    if (*path == '@') {
      address.sun_path[0] = '\0';  // the abstract namespace, whose names have no end mark
    }
    socket_ = FileDescriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) {
      socket_.reset();
    }
  }
  if (const char* const period = std::getenv("WATCHDOG_USEC")) {
    long long microseconds = 0;
    std::from_chars(period, period + std::strlen(period), microseconds);
    watchdog_ = microseconds > 0 ? std::optional(base::Duration(microseconds)) : std::nullopt;
  }
  ::unsetenv("NOTIFY_SOCKET");
  ::unsetenv("WATCHDOG_USEC");
}

void ServiceManager::restore_environment() const {
  if (!path_.empty()) {
    ::setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  }
  if (watchdog_) {
    ::setenv("WATCHDOG_USEC", std::to_string(watchdog_->count()).c_str(), 1);
  }
}

void ServiceManager::tell(std::string_view state) const {
  if (socket_.is_open()) {
    static_cast<void>(::send(socket_.get(), state.data(), state.size(), MSG_NOSIGNAL));
  }
}

}  // namespace tandem::os
