// SPDX-License-Identifier: Apache-2.0
#include "vtysh/output.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <vector>

#include "lib/cli/match.h"

namespace tandem::vtysh {
namespace {

const char* chosen_pager() {
  for (const char* variable : {"VTYSH_PAGER", "PAGER"}) {
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') {
      return value;
    }
  }
  return nullptr;
}

// A program and its arguments. No shell interprets them, in any login environment.
std::vector<std::string> words_of(std::string_view command) {
  std::vector<std::string> words;
  for (const cli::Word& word : cli::split_words(command)) {
    words.emplace_back(word.text);
  }
  return words;
}

base::Result<std::unique_ptr<Feeder>> start_pager() {
  const char* const chosen = chosen_pager();
  if (const auto words = words_of(chosen == nullptr ? "" : chosen); !words.empty()) {
    return Feeder::start(words);
  }
  auto less = Feeder::start({"less"});
  return less ? std::move(less) : Feeder::start({"more"});
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
    return;  // the destructor waits for it
  }
  std::fwrite(held_.data(), 1, held_.size(), terminal_);
  std::fflush(terminal_);
}

void PagedOutput::write(std::string_view text) {
  if (pager_ != nullptr) {
    // Fails without a message after the operator has left the pager.
    std::fwrite(text.data(), 1, text.size(), pager_->file());
    return;
  }
  held_ += text;
  seen_ += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (seen_ >= lines_ && !failed_) {
    turn_to_pager();
  }
}

// Prints the text if there is no pager.
void PagedOutput::turn_to_pager() {
  // Less shows colours and leaves the text on the screen; the operator's own $LESS has precedence.
  ::setenv("LESS", "RX", 0);
  auto pager = start_pager();
  if (!pager) {
    failed_ = true;
    if (chosen_pager() != nullptr) {
      fmt::print(terminal_, "% {}\n", pager.error().message);
    }
    return;
  }
  pager_ = std::move(*pager);
  std::fwrite(held_.data(), 1, held_.size(), pager_->file());
  held_.clear();
}

}  // namespace tandem::vtysh
