// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/walk.h"

#include <algorithm>

namespace tandem::cli {
namespace {

// The most elements visited for one command and line. Commands of the programs need some dozens; subsets of several
// nested {…} could take longer than a user accepts.
constexpr std::size_t kMaxWork = 100'000;

bool spells_the_same(const Path& a, const Path& b) {
  return std::ranges::equal(a.steps, b.steps, [](const Step& x, const Step& y) {
    const bool keywords = x.token->kind == TokenKind::keyword && y.token->kind == TokenKind::keyword;
    return !keywords || x.token->text == y.token->text;
  });
}

}  // namespace

std::weak_ordering compare(const Path& a, const Path& b) {
  return std::lexicographical_compare_three_way(
      a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(),
      [](const Step& x, const Step& y) -> std::weak_ordering { return x.rank <=> y.rank; });
}

void Frontier::add(const Token* token, const Token* value, const Path& before) {
  if (before.end < word_) {
    return;
  }
  if (before.end > word_) {
    expectations_.clear();
    word_ = before.end;
  }
  expectations_.push_back({token, value, before});
}

bool Frontier::complete() const {
  return std::ranges::any_of(expectations_, [](const Expectation& e) { return e.token == nullptr; });
}

std::vector<Expectation> Frontier::best() const {
  std::vector<Expectation> best;
  for (const Expectation& expectation : expectations_) {
    const auto order = best.empty() ? std::weak_ordering::equivalent : compare(expectation.before, best.front().before);
    if (order > 0) {
      continue;
    }
    if (order < 0) {
      best.clear();
    }
    best.push_back(expectation);
  }
  return best;
}

std::vector<Path> Walk::run(const Element& syntax) {
  work_ = 0;
  Path start;
  start.steps.reserve(words_.size());
  Paths complete;
  for (Path& path : advance(syntax, {std::move(start)}, nullptr)) {
    if (frontier_ != nullptr) {
      frontier_->add(nullptr, nullptr, path);
    }
    if (path.end == words_.size()) {
      complete.push_back(std::move(path));
    }
  }
  return complete;
}

Walk::Paths Walk::advance(const Element& element, const Paths& in, const Token* value) {
  if (in.empty() || ++work_ > kMaxWork) {
    return {};
  }
  switch (element.kind) {
    case Element::Kind::token:
      return advance_token(element.token, in, value);
    case Element::Kind::sequence:
      return advance_sequence(element, in);
    case Element::Kind::any_order:
      return advance_any_order(element, in);
    case Element::Kind::choice:
    case Element::Kind::optional: {
      Paths out = element.kind == Element::Kind::optional ? in : Paths();
      for (const Element& child : element.children) {
        merge(out, advance(child, in, nullptr));
      }
      return out;
    }
  }
  return {};
}

Walk::Paths Walk::advance_token(const Token& token, const Paths& in, const Token* value) {
  Paths out;
  for (const Path& path : in) {
    const Rank rank = path.end < words_.size() ? rank_of(token, words_[path.end].text) : Rank::none;
    if (rank == Rank::none) {
      if (frontier_ != nullptr) {
        frontier_->add(&token, value, path);
      }
      continue;
    }
    Path next = path;
    next.steps.push_back({&token, rank});
    next.end = token.kind == TokenKind::line ? words_.size() : path.end + 1;
    if (frontier_ != nullptr && token.kind == TokenKind::line) {
      frontier_->add(&token, nullptr, next);  // the line can continue
    }
    merge(out, std::move(next));
  }
  return out;
}

Walk::Paths Walk::advance_sequence(const Element& element, Paths paths) {
  const auto& children = element.children;
  for (std::size_t i = 0; i < children.size() && !paths.empty(); ++i) {
    const Token* value = nullptr;
    if (i + 1 < children.size() && children[i + 1].kind == Element::Kind::token &&
        children[i + 1].token.kind != TokenKind::keyword) {
      value = &children[i + 1].token;
    }
    paths = advance(children[i], paths, value);
  }
  return paths;
}

// One set of paths for each set of children already used; a larger set has a larger number.
Walk::Paths Walk::advance_any_order(const Element& element, const Paths& in) {
  std::map<std::uint64_t, Paths> used_sets;
  used_sets[0] = in;
  Paths out;
  for (auto it = used_sets.begin(); it != used_sets.end(); ++it) {
    for (std::size_t i = 0; i < element.children.size() && i < 64; ++i) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      if ((it->first & bit) != 0) {
        continue;
      }
      Paths next = advance(element.children[i], it->second, nullptr);
      if (!next.empty()) {
        merge(out, next);
        merge(used_sets[it->first | bit], std::move(next));
      }
    }
  }
  return out;
}

void Walk::merge(Paths& into, Paths paths) {
  for (Path& path : paths) {
    merge(into, std::move(path));
  }
}

void Walk::merge(Paths& into, Path path) {
  std::size_t rivals = 0;
  for (auto it = into.begin(); it != into.end();) {
    if (it->end != path.end) {
      ++it;
      continue;
    }
    const auto order = compare(*it, path);
    if (order < 0 || (order == 0 && (spells_the_same(*it, path) || ++rivals == 2))) {
      return;
    }
    it = order > 0 ? into.erase(it) : it + 1;
  }
  into.push_back(std::move(path));
}

bool may_match(const Element& syntax, std::span<const Word> words) {
  std::size_t i = 0;
  for (const Element& child : syntax.children) {
    if (child.kind != Element::Kind::token || syntax.kind != Element::Kind::sequence) {
      return true;
    }
    if (i == words.size() || rank_of(child.token, words[i].text) == Rank::none) {
      return false;
    }
    ++i;
    if (child.token.kind == TokenKind::line) {
      return true;
    }
  }
  return i == words.size();
}

}  // namespace tandem::cli
