// SPDX-License-Identifier: Apache-2.0
// The filters of a command line: "show vrrp | include Master | count .". Parse errors are texts for the operator.
// Filters work line by line.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "vtysh/output.h"

namespace tandem::vtysh {

// A compiled POSIX extended regular expression, in the syntax of grep -E.
class Regex {
 public:
  static base::Result<Regex> compile(const std::string& pattern);
  bool matches(const std::string& line) const;

 private:
  struct Compiled;
  explicit Regex(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;  // shared: immutable, and regex_t cannot be copied
};

enum class FilterAction { include, exclude, begin, count };

struct Filter {
  FilterAction action;
  Regex regex;
};

// "show vrrp | include Master", parsed. `| json` becomes a word of the command.
struct Pipeline {
  std::string command;
  std::vector<Filter> filters;
};
// A bar begins a further filter only if a known action follows it: a regular expression may contain bars. Errors begin
// with "% ".
base::Result<Pipeline> parse_pipeline(std::string_view line);
// The same for a command that ends in an expression, which may contain bars: "show yang operational-data /a | /b | count
// .".
base::Result<Pipeline> parse_pipeline_of_expression(std::string_view line);

struct FilterHelp {
  std::string_view word;
  std::string_view help;
};
const std::vector<FilterHelp>& filter_help();  // the actions that may follow a bar

// Passes on the lines that match the filters. finish() completes a last line without newline and prints counts.
class FilteredOutput : public Output {
 public:
  FilteredOutput(Output& next, std::vector<Filter> filters);
  void write(std::string_view text) override;
  void finish();

 private:
  struct Stage {
    Filter filter;
    bool begun = false;
    std::size_t count = 0;
  };
  void pass(const std::string& line, std::size_t stage);

  Output& next_;
  std::vector<Stage> stages_;
  std::string rest_;  // of the last, incomplete line
};

}  // namespace tandem::vtysh
