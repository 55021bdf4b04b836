// SPDX-License-Identifier: Apache-2.0
// The history of commits on the disk. Each commit is one file: comments with author, time and reason, then the configuration
// after the commit, so that `vrrpd -f` reads it, too. One more file is the record of a commit that waits for confirmation.
//
//   DIRECTORY/00000017.conf      ! commit 17 …, the configuration, `end` (a file without it is torn and ignored)
//   DIRECTORY/unconfirmed.conf   the same for the configuration to go back to
//
// An operator must be able to change a gateway while the disk is full: an entry that cannot be written is kept in memory and
// reported as a warning. No error of the history fails a commit.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/config/commit.h"
#include "lib/log/log.h"

namespace tandem::config {

class History {
 public:
  // Reads the entries in the directory. A directory or file that cannot be used is logged and ignored. An empty path:
  // nothing is read or written.
  History(std::string directory, log::Logger& logger);

  // Oldest first. The last one made the running configuration.
  const std::deque<Commit>& commits() const { return commits_; }
  std::uint64_t next_id() const { return next_id_; }
  // The configuration as it was `ago` commits ago; 0: after the last commit.
  base::Result<std::string> text(std::size_t ago) const;

  // Adds the newest commit. Precondition: its id is next_id(). Removes the oldest beyond the limits. An error is a warning: the
  // commit is in memory.
  base::Result<> add(Commit commit, std::string_view text);

  // A commit on probation, and the configuration to go back to. The record lives until it is cleared.
  struct Unconfirmed {
    Commit commit;
    std::string text;
  };
  base::Result<> set_unconfirmed(const Commit& commit, std::string_view text_before);
  base::Result<> clear_unconfirmed();
  std::optional<Unconfirmed> unconfirmed() const;

 private:
  std::string path_of(std::uint64_t id) const;
  std::string unconfirmed_path() const;
  void read_directory();
  void prune();

  std::string directory_;
  log::Logger& logger_;
  std::deque<Commit> commits_;
  std::deque<std::pair<std::uint64_t, std::string>> in_memory_;  // by id: commits that could not be written
  std::deque<std::size_t> sizes_;                                // of the files, as commits_
  std::uint64_t next_id_ = 1;
};

}  // namespace tandem::config
