// SPDX-License-Identifier: Apache-2.0
#include "vtysh/trace.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <chrono>

#include "lib/os/fd.h"

namespace tandem::vtysh {
namespace {

constexpr mode_t kLogMode = 0600;  // the lines of a user are private

struct Now {
  std::tm local;
  int milliseconds;
};

Now now() {
  using namespace std::chrono;
  const auto time = system_clock::now();
  const auto seconds = floor<std::chrono::seconds>(time);
  return {fmt::localtime(system_clock::to_time_t(seconds)),
          static_cast<int>(duration_cast<milliseconds>(time - seconds).count())};
}

void append(const std::string& path, const std::string& text) {
  const os::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kLogMode));
  static_cast<void>(!file.is_open() || ::write(file.get(), text.data(), text.size()) < 0);
}

}  // namespace

void Trace::before(const std::string& prompt, std::string_view line, Output& out) const {
  if (echo == Echo::commands) {
    out.write(fmt::format("{}{}\n", prompt, line));
  }
  if (timestamps == Timestamps::commands) {
    const Now time = now();
    out.write(fmt::format("% {:%Y/%m/%d %H:%M:%S}.{:03}\n\n", time.local, time.milliseconds));
  }
  if (!log_file.empty()) {
    append(log_file, fmt::format("{:%Y%m%d-%H:%M.%S}:{} {}\n", now().local, user_name(), line));
  }
}

std::string user_name() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : std::to_string(::getuid());
}

}  // namespace tandem::vtysh
