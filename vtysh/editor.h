// SPDX-License-Identifier: Apache-2.0
// The line that the operator edits, on a terminal: readline, history, `?` and TAB, Ctrl-C, Ctrl-Z, and text that
// appears above the line while it is being edited. Readline has its state in globals: one Editor per process.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::vtysh {

struct EditorCallbacks {
  std::function<std::string(std::string_view line)> help;                   // text for `?`
  std::function<std::vector<std::string>(std::string_view line)> complete;  // words for TAB
  std::function<std::vector<int>()> descriptors;                            // to watch while the operator types
  std::function<void()> on_readable;                                        // one of them is
};

struct EditorSettings {
  std::string history_file;
  std::chrono::seconds idle_limit{0};  // how long to wait for a key; 0: for ever
};

class Editor {
 public:
  Editor(EditorCallbacks callbacks, EditorSettings settings);
  ~Editor();  // saves the history
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  // One line without newline; nothing at the end of the input (Ctrl-D). Ctrl-Z gives "end".
  std::optional<std::string> read_line(const std::string& prompt);
  // There will be no more lines: the terminal has gone, or nothing was typed for too long.
  bool is_over() const;
  // A person has been seen to type: see Typing.
  bool is_typed_by_hand() const;

  // Prints a line of text; if a line is being edited, above it.
  void print_above(const std::string& text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::vtysh
