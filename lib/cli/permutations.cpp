// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/permutations.h"

namespace tandem::cli {
namespace {

using Lines = std::vector<std::string>;

// Each line of `before` followed by each line of `after`.
Lines continued(const Lines& before, const Lines& after) {
  Lines lines;
  lines.reserve(before.size() * after.size());
  for (const std::string& first : before) {
    for (const std::string& second : after) {
      std::string line = first;
      line += first.empty() || second.empty() ? "" : " ";
      line += second;
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

Lines any_of(const std::vector<Element>& children) {
  Lines lines;
  for (const Element& child : children) {
    const Lines more = permutations(child);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  return lines;
}

// All selections of the children with at least one child.
Lines selections(const std::vector<Element>& children) {
  Lines lines{""};
  for (const Element& child : children) {
    Lines choices{""};
    const Lines words = permutations(child);
    choices.insert(choices.end(), words.begin(), words.end());
    lines = continued(lines, choices);
  }
  lines.erase(lines.begin());  // the empty selection
  return lines;
}

}  // namespace

std::vector<std::string> permutations(const Element& syntax) {
  switch (syntax.kind) {
    case Element::Kind::token:
      return {syntax.token.text};
    case Element::Kind::sequence: {
      Lines lines{""};
      for (const Element& child : syntax.children) {
        lines = continued(lines, permutations(child));
      }
      return lines;
    }
    case Element::Kind::choice:
      return any_of(syntax.children);
    case Element::Kind::any_order:
      return selections(syntax.children);
    case Element::Kind::optional: {
      Lines lines{""};
      const Lines words = any_of(syntax.children);
      lines.insert(lines.end(), words.begin(), words.end());
      return lines;
    }
  }
  return {};
}

}  // namespace tandem::cli
