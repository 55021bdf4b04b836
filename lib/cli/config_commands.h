// SPDX-License-Identifier: Apache-2.0
// The configuration commands that follow from a schema: their grammar (set, `no` and `default` forms), the edits of a
// command line, and the commands of a tree (running-config). Reading and printing are inverse to each other; tests
// check that.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/config_text.h"
#include "lib/cli/grammar.h"
#include "lib/cli/match.h"
#include "lib/cli/schema.h"

namespace tandem::cli {

class ConfigCommands {
 public:
  explicit ConfigCommands(const Schema& schema);  // keeps a reference
  ~ConfigCommands();
  ConfigCommands(ConfigCommands&&) noexcept;

  // Invalid annotations of the schema (a template that names no leaf, unbalanced brackets). Their commands are missing.
  // Tests check that the modules of the programs have none.
  const std::vector<std::string>& problems() const;

  // Commands of all configuration modes; those of Schema::ignored are hidden. A line that fails in a nested mode is
  // looked up in the enclosing modes: see interpret().
  const Grammar& grammar() const;

  // The edits of one line in the mode that `context` opens. A line that only enters a mode makes none. A line that is
  // unknown in that mode is tried in the enclosing ones, as FRR does; `entered` is the mode of the session afterwards.
  // Errors: the text of error_text(), or the message of a value ("% Value must be a multiple of 10").
  struct Effect {
    std::vector<Edit> edits;
    Context entered;
  };
  base::Result<Effect> interpret(const Context& context, std::string_view line) const;

  // The instance path of the list entry whose mode the line opens, if typed in the mode of `context`; empty if it opens
  // none.
  std::string opened_object(const Context& context, std::string_view line) const;

  // Reads a whole file: comments, blank lines, `exit`, `end`, `!`, and commands of the configuration modes. Reports
  // every line that it cannot interpret. After 1000 errors it stops and reports that.
  struct FileEdit {
    Edit edit;
    std::size_t line;  // from 1
  };
  struct FileError {
    std::size_t line;
    std::string message;  // one line, without "% "
  };
  struct FileResult {
    std::vector<FileEdit> edits;
    std::vector<FileError> errors;
    std::vector<FileError> skipped;  // of a lenient reading
  };
  // Calls `progress` from time to time: a large file takes seconds.
  FileResult interpret_file(std::string_view text, Reading reading = Reading::strict,
                            const std::function<void()>& progress = {}) const;

  // The tree as commands, in schema order, as `show running-config` prints it between its header and `end`. `root` is a
  // DataNode of the schema's root.
  std::string print(const DataNode& root, Style style = Style::running_config) const;

  // The name of the object at an instance path for errors, from its `object` annotation: "vrrp 5 on eth1"; the path
  // itself if no annotation applies. `detail` receives the keys of list entries below that object ("2001:db8::1").
  std::string object_name(std::string_view path, std::string* detail) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::cli
