// SPDX-License-Identifier: Apache-2.0
// A screen that is repainted every second (`monitor`): the text, cut to the terminal, with a fixed heading and
// scrolling rows. Screen is a value: it takes text, keys and sizes, and returns bytes for the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/ipc/messages.h"
#include "vtysh/terminal.h"

namespace tandem::vtysh {

struct ScreenSize {
  std::size_t lines = 24;
  std::size_t columns = 80;
};

class Screen {
 public:
  explicit Screen(std::vector<ipc::Highlight> highlights) : highlights_(std::move(highlights)) {}

  void resize(ScreenSize size) { size_ = size; }
  void set_text(std::string_view text);

  enum class Effect { none, repaint, quit };
  Effect handle_keys(std::string_view keys);  // the bytes of the terminal

  // Repaints everything without clearing first, so that unchanged text does not flicker.
  std::string picture();

 private:
  std::size_t room() const;  // lines for rows
  void scroll_to(std::size_t first);

  std::vector<ipc::Highlight> highlights_;
  ScreenSize size_;
  std::vector<std::string> heading_;  // up to a line of dashes, inclusive
  std::vector<std::string> rows_;
  std::size_t first_ = 0;  // row at the top
};

// Runs a Screen on this terminal until q or Ctrl-C. Restores the terminal in any case.
base::Result<> run_live(const Terminal::Picture& picture, const std::vector<ipc::Highlight>& highlights);

}  // namespace tandem::vtysh
