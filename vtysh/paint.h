// SPDX-License-Identifier: Apache-2.0
// Colours for words with a meaning, such as the state of a router. The daemons choose the words (ipc::Highlight).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/ipc/messages.h"
#include "vtysh/output.h"

namespace tandem::vtysh {

// `text` with escape sequences around the words. A word counts as a value if the end of the line, two blanks or
// punctuation follow it. "Master Down Interval" is a label and stays unchanged.
std::string paint(std::string_view text, const std::vector<ipc::Highlight>& highlights);
// As paint(), for every word between blanks: for rows of a table, which has no labels.
std::string paint_row(std::string_view text, const std::vector<ipc::Highlight>& highlights);

// Paints its input line by line. The destructor passes on a last line without newline.
class PaintedOutput : public Output {
 public:
  PaintedOutput(Output& next, const std::vector<ipc::Highlight>& highlights) : next_(next), highlights_(highlights) {}
  ~PaintedOutput() override;
  PaintedOutput(const PaintedOutput&) = delete;
  PaintedOutput& operator=(const PaintedOutput&) = delete;
  void write(std::string_view text) override;

 private:
  Output& next_;
  std::vector<ipc::Highlight> highlights_;
  std::string rest_;  // the last line, while its end is missing
};

}  // namespace tandem::vtysh
