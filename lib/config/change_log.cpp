// SPDX-License-Identifier: Apache-2.0
#include "lib/config/change_log.h"

#include <algorithm>
#include <utility>

#include "lib/config/limits.h"
#include "lib/config/refusals.h"

namespace tandem::config {
namespace {

std::string_view verb_of(const cli::Edit& edit) {
  switch (edit.kind) {
    case cli::Edit::Kind::set:
      return "changed";
    case cli::Edit::Kind::remove:
      return "removed";
  }
  return {};
}

bool is_at_or_above(std::string_view above, std::string_view path) {
  return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '/');
}

// What an edit concerns: "vrrp 5 on eth1", and "priority" or "10.0.0.1" of it.
struct Subject {
  std::string object;
  std::string part;
};

Subject subject_of(const cli::ConfigCommands& commands, const std::string& path) {
  Subject subject;
  std::string entry;
  subject.object = commands.object_name(path, &entry);
  subject.part = leaf_of(path);
  if (subject.object == subject.part) {
    subject.part.clear();  // "hostname"
  }
  if (!entry.empty()) {
    subject.part += (subject.part.empty() ? "" : " of ") + entry;
  }
  return subject;
}

}  // namespace

void ChangeLog::add(CommittedEdits commit) {
  changes_.push_back(std::move(commit));
  if (changes_.size() > kMaxCommits) {
    changes_.erase(changes_.begin());
  }
}

std::string ChangeLog::describe(const cli::Conflict& conflict) const {
  const Subject mine = subject_of(commands_, conflict.mine.path);
  Subject theirs = subject_of(commands_, conflict.theirs.path);
  if (theirs.object != mine.object) {
    theirs.part = theirs.object + (theirs.part.empty() ? "" : " " + theirs.part);
  } else if (theirs.part == mine.part) {
    theirs.part.clear();
  }
  return fmt::format("{}: {}{}{} here, {}{}{}{}", mine.object, mine.part, mine.part.empty() ? "" : " ",
                     verb_of(conflict.mine), theirs.part, theirs.part.empty() ? "" : " ", verb_of(conflict.theirs),
                     culprit(conflict.theirs));
}

std::vector<std::string> ChangeLog::describe(const std::vector<cli::Conflict>& conflicts) const {
  std::vector<std::string> lines;
  std::size_t described = 0;
  for (const cli::Conflict& conflict : conflicts) {
    if (lines.size() == kMaxConflicts) {
      lines.push_back(fmt::format("and {} more", conflicts.size() - described));
      break;
    }
    ++described;
    if (std::string line = describe(conflict); std::ranges::find(lines, line) == lines.end()) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

std::vector<Refusal> ChangeLog::refusals_of(const std::vector<cli::Conflict>& conflicts) const {
  std::vector<Refusal> refusals;
  for (std::string& line : describe(conflicts)) {
    refusals.push_back({0, std::move(line)});
  }
  refusals.push_back({0, "nothing was committed: `update` takes the changes of others over, then make yours again"});
  return refusals;
}

// " by root in commit 17": the last one that did it. Empty, if the history does not name one any more.
std::string ChangeLog::culprit(const cli::Edit& edit) const {
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    const auto did = [&edit](const cli::Edit& other) {
      return is_at_or_above(other.path, edit.path) || is_at_or_above(edit.path, other.path);
    };
    if (std::ranges::any_of(change->edits, did)) {
      return fmt::format(" by {} in commit {}", change->user, change->commit);
    }
  }
  return {};
}

}  // namespace tandem::config
