// SPDX-License-Identifier: Apache-2.0
#include "vtysh/output.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace tandem::vtysh {
namespace {

// What is there: less, more, or nothing that pages, but prints.
constexpr const char* kDefaultPager =
    "command -v less >/dev/null 2>&1 && exec less; command -v more >/dev/null 2>&1 && exec more; "
    "while IFS= read -r line; do printf '%s\\n' \"$line\"; done";

const char* chosen_pager() {
  for (const char* variable : {"VTYSH_PAGER", "PAGER"}) {
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') {
      return value;
    }
  }
  return nullptr;
}

}  // namespace

bool pager_shows_colours() { return chosen_pager() == nullptr || std::string_view(chosen_pager()).starts_with("less"); }

void FileOutput::write(std::string_view text) { std::fwrite(text.data(), 1, text.size(), file_); }

base::Result<std::unique_ptr<RedirectedOutput>> RedirectedOutput::open(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "we");
  if (file == nullptr) {
    return base::fail_errno(errno, fmt::format("cannot open {}", path));
  }
  return std::unique_ptr<RedirectedOutput>(new RedirectedOutput(path, file));
}

void RedirectedOutput::write(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), file_) == text.size() && std::fflush(file_) == 0;
  if (!written && status_) {
    status_ = base::fail_errno(errno, fmt::format("cannot write {}", path_));
  }
}

PagedOutput::~PagedOutput() {
  if (pager_ != nullptr) {
    ::pclose(pager_);
    return;
  }
  std::fwrite(held_.data(), 1, held_.size(), terminal_);
  std::fflush(terminal_);
}

void PagedOutput::write(std::string_view text) {
  if (pager_ != nullptr) {
    std::fwrite(text.data(), 1, text.size(), pager_);  // fails, unnoticed, once the operator has left the pager
    return;
  }
  held_ += text;
  seen_ += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (seen_ < lines_) {
    return;
  }
  ::setenv("LESS", "RX",
           0);           // colours as colours, and what was read stays on the screen; an operator's own wish is kept
  std::fflush(nullptr);  // nothing of ours may appear on the screen after the pager's first line
  pager_ = ::popen(chosen_pager() != nullptr ? chosen_pager() : kDefaultPager, "w");
  if (pager_ != nullptr) {
    std::fwrite(held_.data(), 1, held_.size(), pager_);
    held_.clear();
  }
}

}  // namespace tandem::vtysh
