// SPDX-License-Identifier: Apache-2.0
#include "lib/config/refusals.h"

#include <algorithm>

#include "lib/config/limits.h"

namespace tandem::config {
namespace {

// `OBJECT: message (detail)`.
std::string sentence(const std::string& object, const std::string& message, const std::string& detail) {
  std::string text = object.empty() ? message : object + ": " + message;
  if (!detail.empty()) {
    text += " (" + detail + ")";
  }
  return text;
}

std::size_t common_prefix(std::string_view left, std::string_view right) {
  return static_cast<std::size_t>(std::ranges::mismatch(left, right).in1 - left.begin());
}

}  // namespace

std::string_view leaf_of(std::string_view path) {
  if (path.ends_with(']')) {
    return {};
  }
  const std::string_view step = path.substr(path.rfind('/') + 1);
  return step.substr(step.find(':') == std::string_view::npos ? 0 : step.find(':') + 1);
}

void Refusals::add_syntax(const cli::ConfigCommands::FileError& error) { add({error.line, error.message}); }

void Refusals::add_edit(const cli::ConfigCommands::FileEdit& edit, const yang::Problem& problem) {
  std::string detail;
  const std::string object = commands_.object_name(problem.path, &detail);
  const bool wrong_value = problem.path == edit.edit.path && !edit.edit.value.empty();
  add({edit.line, sentence(object, problem.message, wrong_value ? edit.edit.value : detail)});
}

void Refusals::add_problem(const yang::Problem& problem) {
  std::string detail;
  const std::string object = problem.path.empty() ? "" : commands_.object_name(problem.path, &detail);
  add({line_of(problem), sentence(object, problem.message, detail)});
}

void Refusals::add_parsed(const yang::Problem& problem) {
  yang::Problem named = problem;
  const std::string_view leaf = leaf_of(problem.path);
  if (!leaf.empty() && commands_.object_name(problem.path, nullptr) != leaf) {
    named.message = fmt::format("{}: {}", leaf, problem.message);
  }
  add_problem(named);
}

std::size_t Refusals::line_of(const yang::Problem& problem) const {
  return problem.line != 0 ? problem.line : line_of_path(problem.path);
}

void Refusals::add_objection(const Objection& objection) { add({line_of(objection), to_string(objection)}); }

std::vector<Refusal> Refusals::take() {
  std::ranges::stable_sort(all_, {}, &Refusal::line);
  const auto repeated = std::ranges::unique(all_);  // several edits of one line fail for one reason
  all_.erase(repeated.begin(), repeated.end());
  if (all_.size() > kMaxRefusals) {
    const std::size_t more = all_.size() - kMaxRefusals;
    all_.resize(kMaxRefusals);
    all_.push_back({0, fmt::format("and {} more", more)});
  }
  return std::move(all_);
}

const Refusals::Object& Refusals::object_of(const std::string& name) const {
  if (by_name_.empty()) {
    for (const cli::ConfigCommands::FileEdit& origin : origins_) {
      std::string entry;
      Object& object = by_name_[commands_.object_name(origin.edit.path, &entry)];
      object.origins.push_back(&origin);
      if (!entry.empty()) {
        object.last_lines[entry] = origin.line;
      }
    }
  }
  static const Object kNone;
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? kNone : found->second;
}

// The edit of the same object that comes closest to the path; of several the last, which completed what is wrong.
std::size_t Refusals::line_of_path(const std::string& path) const {
  std::size_t line = 0;
  std::size_t closest = 0;
  for (const Origin origin : object_of(path.empty() ? "" : commands_.object_name(path, nullptr)).origins) {
    const std::size_t shared = common_prefix(origin->edit.path, path);
    if (shared >= closest) {
      line = origin->line;
      closest = shared;
    }
  }
  return line;
}

// The last edit of the entry, else of the object.
std::size_t Refusals::line_of(const Objection& objection) const {
  const Object& object = object_of(objection.object);
  if (const auto found = object.last_lines.find(objection.entry); found != object.last_lines.end()) {
    return found->second;
  }
  return object.origins.empty() ? 0 : object.origins.back()->line;
}

std::vector<Refusal> refusals_of(const cli::ConfigCommands& commands, const std::vector<yang::Problem>& problems) {
  const std::vector<cli::ConfigCommands::FileEdit> no_lines;
  Refusals refusals(commands, no_lines);
  for (const yang::Problem& problem : problems) {
    refusals.add_problem(problem);
  }
  return refusals.take();
}

}  // namespace tandem::config
