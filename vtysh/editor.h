// SPDX-License-Identifier: Apache-2.0
// Line editing on a terminal: readline, history, `?` and TAB, Ctrl-C, Ctrl-Z, and text printed above the line being
// edited. Readline keeps its state in globals: one Editor per process.
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
  std::function<std::vector<int>()> descriptors;                            // watched while the operator types
  std::function<void()> on_readable;                                        // called when one of them is readable
};

struct EditorSettings {
  std::string history_file;
  std::chrono::seconds idle_limit{0};  // how long to wait for a key; 0: no limit
};

class Editor {
 public:
  Editor(EditorCallbacks callbacks, EditorSettings settings);
  ~Editor();  // saves the history
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  // One line without newline; nullopt at the end of the input (Ctrl-D). Ctrl-Z gives "end".
  std::optional<std::string> read_line(const std::string& prompt);
  // Whether no more lines will come: the terminal has closed, or the idle limit has passed.
  bool is_over() const;
  // Whether a person types (typing.h).
  bool is_typed_by_hand() const;

  // Prints a line of text; if a line is being edited, above it.
  void print_above(const std::string& text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::vtysh
