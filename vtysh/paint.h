// SPDX-License-Identifier: Apache-2.0
// Colours for words that mean something, such as the state of a router. Which ones, the daemons say (ipc::Highlight).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/ipc/messages.h"
#include "vtysh/output.h"

namespace tandem::vtysh {

// `text` with escape sequences around the words. A word counts where it stands for itself, as a value does: followed by
// the end of the line, by two blanks or by punctuation. "Master Down Interval" is a label and stays as it is.
std::string paint(std::string_view text, const std::vector<ipc::Highlight>& highlights);
// As paint(), every word that stands between blanks: for rows of a table, which has no labels.
std::string paint_row(std::string_view text, const std::vector<ipc::Highlight>& highlights);

// Paints what is written, line by line. The destructor hands on a last line without newline.
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
  std::string rest_;  // of the last line, while its end is missing
};

}  // namespace tandem::vtysh
