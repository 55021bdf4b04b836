// SPDX-License-Identifier: Apache-2.0
// The configuration commands that follow from a schema: their grammar (set, `no` and `default` forms), what a command
// line does to the tree (edits), and how a tree is written as commands (running-config). The three are inverse to each
// other: tests hold them to it.
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

  // Annotations of the schema that make no sense (a template that names no leaf, brackets that do not fit). Their
  // commands are missing; a program's own modules have none, which its tests hold.
  const std::vector<std::string>& problems() const;

  // Commands of all configuration modes, those of Schema::ignored hidden among them. An error in a nested mode is
  // looked up in the enclosing modes: see interpret().
  const Grammar& grammar() const;

  // The edits of one line typed in the mode that `context` opens. A line that only enters a mode makes none. If the
  // line is not known in that mode it is tried in the enclosing ones, as FRR does; `entered` tells where the session is
  // afterwards. Errors: the text of error_text(), or a value's own message ("% Value must be a multiple of 10").
  struct Effect {
    std::vector<Edit> edits;
    Context entered;
  };
  base::Result<Effect> interpret(const Context& context, std::string_view line) const;

  // The instance path of the list entry whose mode the line opens, typed in the mode that `context` opens; empty if it
  // opens none.
  std::string opened_object(const Context& context, std::string_view line) const;

  // A whole file: comments, blank lines, `exit`, `end`, `!`, and commands of the configuration modes. Every line that
  // cannot be understood is reported, none is skipped over in silence; reading ends after 1000 errors, saying so.
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
  // `progress` is called now and then: a large file takes seconds.
  FileResult interpret_file(std::string_view text, Reading reading = Reading::strict,
                            const std::function<void()>& progress = {}) const;

  // The tree as commands, in schema order, as `show running-config` prints it between its header and `end`. `root` is a
  // DataNode of the schema's root.
  std::string print(const DataNode& root, Style style = Style::running_config) const;

  // How errors name the object at an instance path, from its `object` annotation: "vrrp 5 on eth1"; the path itself if
  // none applies. `detail` receives the keys of list entries below that object ("2001:db8::1").
  std::string object_name(std::string_view path, std::string* detail) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::cli
