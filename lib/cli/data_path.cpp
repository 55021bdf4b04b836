// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/data_path.h"

#include <algorithm>
#include <optional>

#include "lib/base/limits.h"

namespace tandem::cli {
namespace {

bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return begins_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  base::Result<std::vector<DataPath>, PathProblem> parse() {
    std::vector<DataPath> paths;
    if (text_.size() > base::kMaxLineLength) {
      fail(base::kMaxLineLength, fmt::format("the path is longer than {} characters", base::kMaxLineLength));
    }
    do {
      paths.push_back(path());
    } while (!problem_ && take('|'));
    if (!problem_ && at_ < text_.size()) {
      fail(at_, "expected a path's next step, which begins with /, a predicate in [], or | and another path");
    }
    if (problem_) {
      return base::Unexpected<PathProblem>(std::move(*problem_));
    }
    return paths;
  }

 private:
  DataPath path() {
    DataPath steps;
    while (!problem_ && peek() == '/') {
      const std::size_t begin = at_;
      take('/');
      const bool at_any_depth = take('/');
      if (steps.empty() && !at_any_depth && is_end_of_path()) {
        return steps;  // "/" selects everything
      }
      steps.push_back(step(at_any_depth, begin));
    }
    if (!problem_ && steps.empty()) {
      fail(at_, "a path begins with /");
    }
    return steps;
  }

  DataPathStep step(bool at_any_depth, std::size_t begin) {
    DataPathStep made{.at_any_depth = at_any_depth, .module = {}, .name = {}, .predicates = {}, .offset = begin};
    if (++steps_ > kMaxPathSteps) {
      fail(begin, fmt::format("more than {} steps", kMaxPathSteps));
    }
    if (take('*')) {
      made.name = "*";
    } else {
      name(made.module, made.name);
    }
    while (!problem_ && peek() == '[') {
      made.predicates.push_back(predicate());
    }
    return made;
  }

  PathPredicate predicate() {
    PathPredicate made;
    if (++predicates_ > kMaxPathPredicates) {
      fail(at_, fmt::format("more than {} predicates", kMaxPathPredicates));
    }
    take('[');
    if (take('.')) {
      made.name = ".";
    } else {
      name(made.module, made.name);
    }
    expect('=', "expected = and a value in quotes");
    made.value = literal();
    expect(']', "expected ]");
    return made;
  }

  // [MODULE:]NAME, without blanks in it.
  void name(std::string& module, std::string& into) {
    skip_blanks();
    const std::size_t begin = at_;
    into = word();
    if (at_ < text_.size() && text_[at_] == ':' && !into.empty()) {
      ++at_;
      module = std::move(into);
      into = word();
    }
    if (into.empty()) {
      fail(begin, "expected the name of a node");
    }
  }

  std::string word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (at_ == begin ? begins_name(text_[at_]) : continues_name(text_[at_]))) {
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string literal() {
    const char quote = peek();
    if (problem_ || (quote != '\'' && quote != '"')) {
      fail(at_, "expected a value in quotes");
      return {};
    }
    const std::size_t begin = at_;
    std::string value;
    do {
      value += at_ == begin ? "" : std::string(1, quote);  // a quote that was doubled
      const std::size_t end = text_.find(quote, at_ + 1);
      if (end == std::string_view::npos) {
        fail(begin, "a quote without its end");
        return {};
      }
      value += text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
    } while (at_ < text_.size() && text_[at_] == quote);
    return value;
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') {
      ++at_;
    }
  }

  char peek() {
    skip_blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool is_end_of_path() { return peek() == '|' || at_ == text_.size(); }

  bool take(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) {
      return false;
    }
    ++at_;
    return true;
  }

  void expect(char c, std::string_view message) {
    if (!problem_ && !take(c)) {
      fail(at_, std::string(message));
    }
  }

  // Keeps the first problem.
  void fail(std::size_t offset, std::string message) {
    if (!problem_) {
      problem_ = PathProblem{offset, std::move(message)};
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t steps_ = 0;
  std::size_t predicates_ = 0;
  std::optional<PathProblem> problem_ = {};
};

}  // namespace

base::Result<std::vector<DataPath>, PathProblem> parse_data_paths(std::string_view text) {
  return Parser(text).parse();
}

std::string describe(const PathProblem& problem, std::string_view text) {
  return fmt::format("{}: at character {}: {}", text, problem.offset + 1, problem.message);
}

}  // namespace tandem::cli
