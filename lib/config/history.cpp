// SPDX-License-Identifier: Apache-2.0
#include "lib/config/history.h"

#include <fmt/chrono.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <filesystem>

#include "lib/base/check.h"
#include "lib/config/history_file.h"
#include "lib/config/limits.h"
#include "lib/config/messages.h"
#include "lib/os/file.h"
#include "lib/os/paths.h"

namespace tandem::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".conf";
constexpr std::string_view kUnconfirmedName = "unconfirmed.conf";

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 0 ? std::optional(value) : std::nullopt;
}

base::Result<HistoryEntry> read_entry(const std::string& path) {
  const auto text = TANDEM_TRY(os::read_file(path));
  auto parsed = parse_entry(text);
  if (!parsed) {
    return base::fail("{} is damaged", path);
  }
  return std::move(*parsed);
}

// 00000017.conf, and unconfirmed.conf.
bool is_ours(std::string_view name) {
  return name == kUnconfirmedName || (name.ends_with(kEnding) && number(name.substr(0, name.size() - kEnding.size())));
}

// What was being written when the power went: the name of a file, and six letters.
void remove_unfinished(const std::string& directory) {
  constexpr std::size_t kLetters = std::string_view(".XXXXXX").size();
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const std::size_t size = name.size() - std::min(name.size(), kLetters);
    if (name[size] == '.' && is_ours(std::string_view(name).substr(0, size))) {
      ::unlink(entry->path().c_str());
    }
  }
}

// The numbered files of the directory, ascending.
std::vector<std::uint64_t> ids_in(const std::string& directory, std::error_code& error) {
  std::vector<std::uint64_t> ids;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.ends_with(kEnding)) {
      if (const auto id = number(std::string_view(name).substr(0, name.size() - kEnding.size()))) {
        ids.push_back(static_cast<std::uint64_t>(*id));
      }
    }
  }
  std::ranges::sort(ids);
  return ids;
}

}  // namespace

History::History(std::string directory, log::Logger& logger) : directory_(std::move(directory)), logger_(logger) {
  read_directory();
}

std::string History::path_of(std::uint64_t id) const { return fmt::format("{}/{:08}{}", directory_, id, kEnding); }

std::string History::unconfirmed_path() const { return fmt::format("{}/{}", directory_, kUnconfirmedName); }

void History::read_directory() {
  if (directory_.empty()) {
    return;
  }
  if (const auto made = os::make_directories(directory_, 0750); !made) {
    logger_.write<kHistoryUnreadable>(made.error().message);
    return;
  }
  remove_unfinished(directory_);
  std::error_code error;
  const std::vector<std::uint64_t> ids = ids_in(directory_, error);
  if (error) {
    logger_.write<kHistoryUnreadable>(fmt::format("{}: {}", directory_, error.message()));
  }
  for (const std::uint64_t id : ids) {
    next_id_ = std::max(next_id_, id + 1);  // an id is not used twice, whatever its file looks like
    auto entry = read_entry(path_of(id));
    if (entry && entry->commit.id == id) {
      sizes_.push_back(entry->text.size());
      commits_.push_back(std::move(entry->commit));
    } else {
      logger_.write<kHistoryUnreadable>(entry ? path_of(id) + " has the number of another" : entry.error().message);
    }
  }
  if (const auto waiting = unconfirmed()) {
    next_id_ = std::max(next_id_, waiting->commit.id + 1);
  }
  prune();
}

base::Result<std::string> History::text(std::size_t ago) const {
  if (ago >= commits_.size()) {
    return base::fail("there are {} commits to go back to", commits_.empty() ? 0 : commits_.size() - 1);
  }
  const std::uint64_t id = commits_[commits_.size() - 1 - ago].id;
  const auto kept = std::ranges::find(in_memory_, id, [](const auto& entry) { return entry.first; });
  if (kept != in_memory_.end()) {
    return kept->second;
  }
  auto entry = read_entry(path_of(id));
  if (!entry) {
    return base::fail("the configuration of commit {} is lost: {}", id, entry.error().message);
  }
  return std::move(entry->text);
}

base::Result<> History::add(Commit commit, std::string_view text) {
  TANDEM_INVARIANT(commit.id == next_id_);
  ++next_id_;
  commit.author.user = one_line(commit.author.user);
  commit.what = one_line(commit.what);
  commit.comment = one_line(commit.comment);
  const base::Result<> written = directory_.empty()
                                     ? base::Result<>(base::fail("there is no directory for it"))
                                     : os::replace_file_atomically(path_of(commit.id), print_entry(commit, text));
  if (!written) {
    in_memory_.emplace_back(commit.id, text);
    if (in_memory_.size() > kMaxCommitsInMemory) {
      in_memory_.pop_front();
    }
  }
  sizes_.push_back(text.size());
  commits_.push_back(std::move(commit));
  prune();
  return written;
}

// The newest two are kept whatever their size: what runs, and what ran before.
void History::prune() {
  std::size_t bytes = 0;
  for (const std::size_t size : sizes_) {
    bytes += size;
  }
  while (commits_.size() > 2 && (commits_.size() > kMaxCommits || bytes > kMaxHistoryBytes)) {
    ::unlink(path_of(commits_.front().id).c_str());
    bytes -= sizes_.front();
    commits_.pop_front();
    sizes_.pop_front();
  }
}

base::Result<> History::set_unconfirmed(const Commit& commit, std::string_view text_before) {
  if (directory_.empty()) {
    return base::fail("there is no directory for it");
  }
  return os::replace_file_atomically(unconfirmed_path(), print_entry(commit, text_before));
}

base::Result<> History::clear_unconfirmed() {
  if (!directory_.empty() && ::unlink(unconfirmed_path().c_str()) != 0 && errno != ENOENT) {
    return base::fail_errno(errno, "cannot remove " + unconfirmed_path());
  }
  return {};
}

std::optional<History::Unconfirmed> History::unconfirmed() const {
  if (directory_.empty() || ::access(unconfirmed_path().c_str(), F_OK) != 0) {
    return std::nullopt;
  }
  auto entry = read_entry(unconfirmed_path());
  if (!entry) {
    logger_.write<kHistoryUnreadable>(entry.error().message);
    return std::nullopt;
  }
  return Unconfirmed{std::move(entry->commit), std::move(entry->text)};
}

}  // namespace tandem::config
