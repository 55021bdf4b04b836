// SPDX-License-Identifier: Apache-2.0
#include "lib/os/options.h"

#include <getopt.h>

#include <algorithm>

namespace tandem::os {
namespace {

constexpr int kLongOnly = 256;  // getopt's codes of options without a letter start here, beyond any character

int code_of(const Option& option, std::size_t index) {
  return option.letter != 0 ? option.letter : kLongOnly + static_cast<int>(index);
}

std::string forms_of(const Option& option) {
  std::string text = option.letter != 0 ? fmt::format("-{}", option.letter) : std::string("  ");
  if (!option.name.empty()) {
    text += fmt::format("{} --{}", option.letter != 0 ? "," : " ", option.name);
  }
  if (!option.argument.empty()) {
    text += " " + option.argument;
  }
  return text;
}

}  // namespace

OptionTable::OptionTable(std::string program, std::string synopsis, std::string purpose, std::vector<Option> options)
    : program_(std::move(program)),
      synopsis_(std::move(synopsis)),
      purpose_(std::move(purpose)),
      options_(std::move(options)) {}

const Option* OptionTable::find(int code) const {
  for (std::size_t index = 0; index < options_.size(); ++index) {
    if (code_of(options_[index], index) == code) {
      return &options_[index];
    }
  }
  return nullptr;
}

base::Unexpected<base::Error> OptionTable::refuse(const std::string& what) const {
  return base::fail("{}; see {} --help", what, program_);
}

base::Result<std::vector<std::string>> OptionTable::parse(int argc, char* const* argv) const {
  std::string letters = ":";  // tell a missing argument from an unknown option
  std::vector<::option> long_forms;
  for (std::size_t index = 0; index < options_.size(); ++index) {
    const Option& option = options_[index];
    const bool takes_argument = !option.argument.empty();
    if (option.letter != 0) {
      letters += option.letter;
      letters += takes_argument ? ":" : "";
    }
    if (!option.name.empty()) {
      long_forms.push_back(
          {option.name.c_str(), takes_argument ? required_argument : no_argument, nullptr, code_of(option, index)});
    }
  }
  long_forms.push_back({nullptr, 0, nullptr, 0});

  opterr = 0;
  optind = 0;  // glibc: start anew, also if this process parsed before
  for (;;) {
    const int before = std::max(optind, 1);
    const int code = getopt_long(argc, argv, letters.c_str(), long_forms.data(), nullptr);
    if (code == -1) {
      break;
    }
    if (code == '?' || code == ':') {
      const std::string word = optopt != 0 && optopt < kLongOnly ? fmt::format("-{}", static_cast<char>(optopt))
                                                                 : std::string(argv[std::min(before, argc - 1)]);
      return refuse(code == '?' ? fmt::format("unknown option '{}'", word)
                                : fmt::format("option '{}' needs an argument", word));
    }
    if (const auto applied = find(code)->apply(optarg != nullptr ? optarg : ""); !applied) {
      return refuse(applied.error().message);
    }
  }
  return std::vector<std::string>(argv + optind, argv + argc);
}

std::string OptionTable::help() const {
  std::size_t width = 0;
  for (const Option& option : options_) {
    width = std::max(width, forms_of(option).size());
  }
  std::string text = fmt::format("Usage: {} {}\n{}\n\n", program_, synopsis_, purpose_);
  for (const Option& option : options_) {
    text += fmt::format("  {:<{}}  {}\n", forms_of(option), width, option.help);
  }
  return text;
}

}  // namespace tandem::os
