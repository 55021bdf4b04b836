// SPDX-License-Identifier: Apache-2.0
// The open modes of a session or a file, and the meaning of lines there. Internal to lib/cli.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/cli/command_table.h"
#include "lib/cli/config_text.h"
#include "lib/cli/instance_path.h"
#include "lib/cli/match.h"

namespace tandem::cli {

// Why a line was refused: it matches no command, or a value is impossible.
struct LineRefusal {
  Match match = {};          // if message is empty
  std::string message = {};  // one line, without "% "
};

std::string text_of(const LineRefusal& refusal, std::string_view line);      // as the operator sees it, with "% "
std::string one_line_of(const LineRefusal& refusal, std::string_view line);  // without "% "

std::string_view trim(std::string_view line);
bool is_comment(std::string_view trimmed);  // or blank

class ConfigSession {
 public:
  explicit ConfigSession(const CommandTable& table);

  // Looks the line up in the innermost mode, then in the enclosing ones.
  base::Result<std::vector<Edit>, LineRefusal> run(std::string_view line);
  void exit();
  void end() { levels_.resize(1); }
  Context context() const;
  std::string object() const;  // the instance path of the entry whose mode is the innermost; empty: none

 private:
  // A mode that is open, and the keys of its list entry.
  struct Level {
    std::string line;
    std::string mode;
    Values keys;
    const SchemaNode* node;  // the list; nullptr: the top level
  };

  base::Result<std::vector<Edit>, LineRefusal> apply(const Match& found, std::size_t depth);

  const CommandTable& table_;
  std::vector<Level> levels_;
};

}  // namespace tandem::cli
