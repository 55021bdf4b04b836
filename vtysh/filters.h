// SPDX-License-Identifier: Apache-2.0
// The part of a command line behind the first bar: "show vrrp | include Master | count .". Parsing never fails but with
// a text for the operator; filtering works line by line on whatever is written.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "vtysh/output.h"

namespace tandem::vtysh {

// A compiled POSIX extended regular expression, as grep -E takes it.
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

// "show vrrp | include Master" taken apart. `| json` becomes a word of the command.
struct Pipeline {
  std::string command;
  std::vector<Filter> filters;
};
// Only a bar that a known action follows separates a further filter: the regex may have bars of its own. Errors begin
// with "% ".
base::Result<Pipeline> parse_pipeline(std::string_view line);
// The same, of a command that ends in an expression with bars of its own: "show yang operational-data /a | /b | count
// .".
base::Result<Pipeline> parse_pipeline_of_expression(std::string_view line);

struct FilterHelp {
  std::string_view word;
  std::string_view help;
};
const std::vector<FilterHelp>& filter_help();  // what may follow a bar

// Hands on what passes the filters, line by line. finish() ends a last line without newline and prints counts.
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
  std::string rest_;  // of the last line, while its end is missing
};

}  // namespace tandem::vtysh
