// SPDX-License-Identifier: Apache-2.0
// Turns the errors of a candidate into messages for operators: each names the object in the words of the command line, and the
// line of the file that caused it. Private to this folder.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/cli/config_commands.h"
#include "lib/config/applier.h"
#include "lib/config/refusal.h"
#include "lib/yang/problem.h"

namespace tandem::config {

// The name of the last step of an instance path, if it is no entry of a list.
std::string_view leaf_of(std::string_view path);

class Refusals {
 public:
  // `origins`: the edits that made the candidate, with their lines. Both references must outlive the object.
  Refusals(const cli::ConfigCommands& commands, const std::vector<cli::ConfigCommands::FileEdit>& origins)
      : commands_(commands), origins_(origins) {}

  void add(Refusal refusal) { all_.push_back(std::move(refusal)); }
  // A line that is no command.
  void add_syntax(const cli::ConfigCommands::FileError& error);
  // An edit that the model refuses.
  void add_edit(const cli::ConfigCommands::FileEdit& edit, const yang::Problem& problem);
  // A constraint of the model that the candidate violates.
  void add_problem(const yang::Problem& problem);
  void add_parsed(const yang::Problem& problem);  // of a value in JSON, which libyang does not name
  // The line that caused it, 0 if none did.
  std::size_t line_of(const yang::Problem& problem) const;
  // An objection of the daemon, with the line that caused it.
  void add_objection(const Objection& objection);

  bool empty() const { return all_.empty(); }
  // In the order of their lines, at most kMaxRefusals; a last one has the number of the others.
  std::vector<Refusal> take();

 private:
  using Origin = const cli::ConfigCommands::FileEdit*;

  std::size_t line_of_path(const std::string& path) const;
  std::size_t line_of(const Objection& objection) const;
  struct Object {
    std::vector<Origin> origins = {};                              // in the order of the file
    std::unordered_map<std::string, std::size_t> last_lines = {};  // of the entries below it, by their keys
  };
  const Object& object_of(const std::string& name) const;

  const cli::ConfigCommands& commands_;
  const std::vector<cli::ConfigCommands::FileEdit>& origins_;
  // By the name of their object, made when it is first asked for: a file may have as many mistakes as lines.
  mutable std::unordered_map<std::string, Object> by_name_;
  std::vector<Refusal> all_;
};

// Errors of the model as refusals without lines.
std::vector<Refusal> refusals_of(const cli::ConfigCommands& commands, const std::vector<yang::Problem>& problems);

}  // namespace tandem::config
