// SPDX-License-Identifier: Apache-2.0
#include "vtysh/filters.h"

#include <regex.h>

#include <array>
#include <optional>
#include <utility>

#include "lib/cli/match.h"

namespace tandem::vtysh {
namespace {

std::string_view trim(std::string_view text) {
  const auto words = cli::split_words(text);
  if (words.empty()) {
    return {};
  }
  const std::size_t begin = words.front().offset;
  return text.substr(begin, words.back().offset + words.back().text.size() - begin);
}

std::optional<FilterAction> parse_action(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, FilterAction>, 4> kActions{{{"include", FilterAction::include},
                                                                               {"exclude", FilterAction::exclude},
                                                                               {"begin", FilterAction::begin},
                                                                               {"count", FilterAction::count}}};
  for (const auto& [name, action] : kActions) {
    if (!word.empty() && name.starts_with(word)) {
      return action;
    }
  }
  return std::nullopt;
}

// The offset of the next filter in the text of one: at " | ACTION ".
std::size_t next_bar(std::string_view text) {
  for (std::size_t bar = text.find(" | "); bar != std::string_view::npos; bar = text.find(" | ", bar + 1)) {
    const auto words = cli::split_words(text.substr(bar + 3));
    if (words.size() >= 2 && parse_action(words.front().text)) {
      return bar + 1;
    }
  }
  return std::string_view::npos;
}

base::Result<Filter> parse_filter(std::string_view text) {
  const auto words = cli::split_words(text);
  if (words.empty()) {
    return base::fail("% Need an action after '|': include, exclude, begin, count or json");
  }
  const std::string_view word = words.front().text;
  const auto action = parse_action(word);
  if (!action) {
    return base::fail("% Unknown action '{}': use include, exclude, begin, count or json", word);
  }
  const std::string pattern(trim(text.substr(words.front().offset + word.size())));
  if (pattern.empty()) {
    return base::fail("% Need a regexp to filter with");
  }
  auto regex = Regex::compile(pattern);
  if (!regex) {
    return base::fail("% Bad regexp '{}': {}", pattern, regex.error().message);
  }
  return Filter{*action, std::move(*regex)};
}

}  // namespace

struct Regex::Compiled {
  Compiled() = default;
  ~Compiled() {
    if (valid) {
      ::regfree(&regex);
    }
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  regex_t regex{};
  bool valid = false;
};

base::Result<Regex> Regex::compile(const std::string& pattern) {
  const auto compiled = std::make_shared<Compiled>();
  if (const int error = ::regcomp(&compiled->regex, pattern.c_str(), REG_EXTENDED | REG_NOSUB); error != 0) {
    std::array<char, 256> text{};
    ::regerror(error, &compiled->regex, text.data(), text.size());
    return base::fail("{}", text.data());
  }
  compiled->valid = true;
  return Regex(compiled);
}

bool Regex::matches(const std::string& line) const {
  return ::regexec(&compiled_->regex, line.c_str(), 0, nullptr, 0) == 0;
}

const std::vector<FilterHelp>& filter_help() {
  static const std::vector<FilterHelp> kHelp{{"begin", "From the first line that matches on"},
                                             {"count", "The number of lines that match"},
                                             {"exclude", "Lines that do not match"},
                                             {"include", "Lines that match"},
                                             {"json", "JavaScript Object Notation"}};
  return kHelp;
}

base::Result<Pipeline> parse_pipeline(std::string_view line) {
  Pipeline pipeline;
  const std::size_t first = line.find('|');
  pipeline.command = std::string(trim(line.substr(0, first)));
  if (first == std::string_view::npos) {
    return pipeline;
  }
  if (pipeline.command.empty()) {
    return base::fail("% Need a command before '|'");
  }
  std::string_view rest = line.substr(first + 1);
  // Only the first action may be "json": it changes the output of the command and does not filter it.
  if (const auto words = cli::split_words(rest); !words.empty() && words.front().text == "json") {
    pipeline.command += " json";
    rest = trim(rest.substr(words.front().offset + words.front().text.size()));
    if (rest.empty()) {
      return pipeline;
    }
    if (!rest.starts_with('|')) {
      return base::fail("% Unknown text after '| json': {}", rest);
    }
    rest.remove_prefix(1);
  }
  for (;;) {
    const std::size_t bar = next_bar(rest);
    auto filter = TANDEM_TRY(parse_filter(rest.substr(0, bar)));
    pipeline.filters.push_back(std::move(filter));
    if (bar == std::string_view::npos) {
      return pipeline;
    }
    rest.remove_prefix(bar + 1);
  }
}

base::Result<Pipeline> parse_pipeline_of_expression(std::string_view line) {
  const std::size_t bar = next_bar(line);
  const std::string command(trim(line.substr(0, bar)));
  if (bar == std::string_view::npos) {
    return Pipeline{command, {}};
  }
  auto pipeline = parse_pipeline(fmt::format("command {}", line.substr(bar)));
  if (pipeline) {
    pipeline->command.replace(0, std::string_view("command").size(), command);
  }
  return pipeline;
}

FilteredOutput::FilteredOutput(Output& next, std::vector<Filter> filters) : next_(next) {
  for (Filter& filter : filters) {
    stages_.push_back({std::move(filter)});
  }
}

void FilteredOutput::write(std::string_view text) {
  if (stages_.empty()) {
    next_.write(text);
    return;
  }
  rest_ += text;
  std::size_t begin = 0;
  for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
    pass(rest_.substr(begin, end - begin), 0);
    begin = end + 1;
  }
  rest_.erase(0, begin);
}

void FilteredOutput::pass(const std::string& line, std::size_t stage) {
  for (; stage < stages_.size(); ++stage) {
    Stage& current = stages_[stage];
    const bool matches = current.filter.regex.matches(line);
    bool passes = false;
    switch (current.filter.action) {
      case FilterAction::include:
        passes = matches;
        break;
      case FilterAction::exclude:
        passes = !matches;
        break;
      case FilterAction::begin:
        current.begun = current.begun || matches;
        passes = current.begun;
        break;
      case FilterAction::count:
        current.count += matches ? 1 : 0;
        break;
    }
    if (!passes) {
      return;
    }
  }
  next_.write(line + "\n");
}

void FilteredOutput::finish() {
  if (!rest_.empty()) {
    pass(std::exchange(rest_, {}), 0);
  }
  for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
    if (stages_[stage].filter.action == FilterAction::count) {
      pass(std::to_string(stages_[stage].count), stage + 1);
    }
  }
}

}  // namespace tandem::vtysh
