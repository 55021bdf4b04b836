// SPDX-License-Identifier: Apache-2.0
// Reads configuration files line by line.
#include <algorithm>
#include <optional>

#include "lib/cli/config_commands_impl.h"
#include "lib/cli/config_session.h"

namespace tandem::cli {
namespace {

// A file with more errors is not a configuration: errors for every line of a binary file would take minutes. The same
// limit applies to skipped lines, so that the report stays readable.
constexpr std::size_t kMaxFileErrors = 1000;

// A line takes about 10 microseconds.
constexpr std::size_t kLinesPerProgress = 1000;

using FileError = ConfigCommands::FileError;

std::size_t indentation_of(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

// The lines that a lenient reading skips: a line that is not a command and the more deeply indented lines below it.
struct SkippedBlock {
  std::size_t line;
  std::string text;
  std::size_t indentation;
  std::size_t size = 0;  // lines of the block below it
};

class FileReader {
 public:
  FileReader(const CommandTable& table, Reading reading) : session_(table), reading_(reading) {}

  // False: the error limit is reached.
  bool read_line(std::string_view line, std::size_t number) {
    const std::string_view words = trim(line);
    if (is_comment(words) || belongs_to_skipped(line, words)) {
      return true;
    }
    report_skipped();
    if (words == "exit" || words == "quit") {
      session_.exit();
    } else if (words == "end") {
      session_.end();
    } else if (auto edits = session_.run(words)) {
      for (Edit& edit : *edits) {
        result_.edits.push_back({std::move(edit), number});
      }
    } else if (reading_ == Reading::lenient && is_foreign(edits.error())) {
      skipped_ = SkippedBlock{number, std::string(words), indentation_of(line)};
    } else {
      result_.errors.push_back({number, one_line_of(edits.error(), words)});
    }
    if (result_.errors.size() == kMaxFileErrors) {
      result_.errors.push_back({number, fmt::format("{} errors; the rest of the file was not read", kMaxFileErrors)});
      return false;
    }
    return true;
  }

  ConfigCommands::FileResult take() {
    report_skipped();
    if (unreported_ > 0) {
      result_.skipped.push_back({0, fmt::format("{} more lines or blocks were skipped", unreported_)});
    }
    return std::move(result_);
  }

 private:
  // The line does not begin like one of our commands. A command with a mistake does, up to the wrong or missing value.
  static bool is_foreign(const LineRefusal& refusal) {
    return refusal.message.empty() && refusal.match.status == MatchStatus::unknown && !refusal.match.value_expected;
  }

  // The block of a skipped line: the more deeply indented lines, and the `exit` (or `exit-vrf` …) that closes it.
  bool belongs_to_skipped(std::string_view line, std::string_view words) {
    if (!skipped_) {
      return false;
    }
    const std::size_t indentation = indentation_of(line);
    if (indentation > skipped_->indentation) {
      ++skipped_->size;
      return true;
    }
    if (words.starts_with("exit") && indentation == skipped_->indentation) {
      report_skipped();
      return true;
    }
    return false;
  }

  void report_skipped() {
    if (!skipped_) {
      return;
    }
    if (result_.skipped.size() < kMaxFileErrors) {
      const std::string block = skipped_->size == 0   ? ""
                                : skipped_->size == 1 ? " (with a block of 1 line)"
                                                      : fmt::format(" (with a block of {} lines)", skipped_->size);
      result_.skipped.push_back({skipped_->line, fmt::format("skipped: {}{}", skipped_->text, block)});
    } else {
      ++unreported_;
    }
    skipped_.reset();
  }

  ConfigSession session_;
  Reading reading_;
  ConfigCommands::FileResult result_;
  std::optional<SkippedBlock> skipped_;
  std::size_t unreported_ = 0;
};

}  // namespace

ConfigCommands::FileResult ConfigCommands::interpret_file(std::string_view text, Reading reading,
                                                          const std::function<void()>& progress) const {
  FileReader reader(impl_->table, reading);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!reader.read_line(line, number)) {
      break;
    }
    if (progress && number % kLinesPerProgress == 0) {
      progress();
    }
  }
  return reader.take();
}

}  // namespace tandem::cli
