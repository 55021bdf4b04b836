// SPDX-License-Identifier: Apache-2.0
// All ways to read a line as one command's syntax. Internal to lib/cli: matching and completion are both made of it.
//
// A walk carries the set of ways ("paths") through the syntax tree from left to right, element by element. Ways that
// stand at the same word before the same element have the same future, so only the best of them is kept: the work is
// bounded by (elements × words), never exponential in the length of the line.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "lib/cli/grammar.h"
#include "lib/cli/token.h"
#include "lib/cli/words.h"

namespace tandem::cli {

// The i-th step reads the i-th word; a `line` token, always last, reads all that are left.
struct Step {
  const Token* token;
  Rank rank;
};

struct Path {
  std::size_t end = 0;  // index of the first word that is not read yet
  std::vector<Step> steps;
};

// Orders by the first word that is read better ("exact beats prefix, keyword beats variable, per position").
std::weak_ordering compare(const Path& a, const Path& b);

// What could have stood at a word: a token, with the value that follows it directly if it is a keyword; no token: the
// end of the line.
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
  // Those after the best reading of the words before.
  std::vector<Expectation> best() const;

 private:
  std::size_t word_ = 0;
  std::vector<Expectation> expectations_;
};

class Walk {
 public:
  // Both must outlive the walk. Without a frontier nothing is collected.
  Walk(std::span<const Word> words, Frontier* frontier) : words_(words), frontier_(frontier) {}

  // The ways to read all words as `syntax`; at most two, which are equally good but spell different keywords.
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

// Rejects most commands cheaply by the tokens that a syntax begins with. True: it may match, walk it.
bool may_match(const Element& syntax, std::span<const Word> words);

}  // namespace tandem::cli
