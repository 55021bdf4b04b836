// SPDX-License-Identifier: Apache-2.0
// Command-line options as one table, which parses argv (getopt_long) and prints --help.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace tandem::os {

struct Option {
  char letter = 0;       // 0: long form only
  std::string name;      // long form without "--"; empty: short form only
  std::string argument;  // how --help calls it ("FILE"); empty: takes none
  std::string help;
  // Called in the order of the command line, with the argument ("" if it takes none). Its error ends the parsing.
  std::function<base::Result<>(const std::string& argument)> apply;
};

class OptionTable {
 public:
  // `synopsis` is what follows the program's name in the usage line; `purpose` one sentence.
  OptionTable(std::string program, std::string synopsis, std::string purpose, std::vector<Option> options);

  // Applies the options and returns the arguments that are not options. Errors name the option and point to --help.
  base::Result<std::vector<std::string>> parse(int argc, char* const* argv) const;
  std::string help() const;

  // For documents.
  const std::string& program() const { return program_; }
  const std::string& synopsis() const { return synopsis_; }
  const std::string& purpose() const { return purpose_; }
  const std::vector<Option>& options() const { return options_; }

 private:
  base::Unexpected<base::Error> refuse(const std::string& what) const;
  const Option* find(int code) const;

  std::string program_;
  std::string synopsis_;
  std::string purpose_;
  std::vector<Option> options_;
};

}  // namespace tandem::os
