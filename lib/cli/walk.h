// SPDX-License-Identifier: Apache-2.0
// All readings of a line as the syntax of one command. Matching and completion both use them. Internal to lib/cli.
//
// A walk moves a set of readings ("paths") through the syntax tree from left to right, element by element. Readings at
// the same word and the same element have the same future, so the walk keeps only the best of them. The work is bounded
// by (elements × words), never exponential in the length of the line.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "lib/cli/grammar.h"
#include "lib/cli/token.h"
#include "lib/cli/words.h"

namespace tandem::cli {

// The i-th step reads the i-th word; a `line` token, always last, reads all remaining words.
struct Step {
  const Token* token;
  Rank rank;
};

struct Path {
  std::size_t end = 0;  // index of the first unread word
  std::vector<Step> steps;
};

// The path that reads the first differing word better is the better one: exact beats prefix, keyword beats variable.
std::weak_ordering compare(const Path& a, const Path& b);

// A possible word: a token, with the value that follows it directly if it is a keyword; without a token: the end of the
// line.
struct Expectation {
  const Token* token;
  const Token* value;
  Path before;
};

// Collects the expectations at the furthest word that any command reached.
class Frontier {
 public:
  void add(const Token* token, const Token* value, const Path& before);
  std::size_t word() const { return word_; }
  // Whether a command ends there.
  bool complete() const;
  // The expectations after the best reading of the words before.
  std::vector<Expectation> best() const;

 private:
  std::size_t word_ = 0;
  std::vector<Expectation> expectations_;
};

class Walk {
 public:
  // Both must outlive the walk. If `frontier` is nullptr, nothing is collected.
  Walk(std::span<const Word> words, Frontier* frontier) : words_(words), frontier_(frontier) {}

  // The readings of all words as `syntax`; at most two, which are equally good but spell different keywords.
  std::vector<Path> run(const Element& syntax);

 private:
  using Paths = std::vector<Path>;
  Paths advance(const Element& element, const Paths& in, const Token* value);
  Paths advance_token(const Token& token, const Paths& in, const Token* value);
  Paths advance_sequence(const Element& element, Paths paths);
  Paths advance_any_order(const Element& element, const Paths& in);
  static void merge(Paths& into, Path path);
  static void merge(Paths& into, Paths paths);

  std::span<const Word> words_;
  Frontier* frontier_;
  std::size_t work_ = 0;
};

// Rejects most commands cheaply by the first tokens of their syntax. True: the command may match, and run() decides.
bool may_match(const Element& syntax, std::span<const Word> words);

}  // namespace tandem::cli
