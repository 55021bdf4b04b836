// SPDX-License-Identifier: Apache-2.0
// Paths that select nodes of instance data, as a client types them. A language of our own: a client's text is read by
// this code alone, and what it can cost is limited here. PURE.
//
//   paths     = path { "|" path }                       what any of them selects
//   path      = "/" | step { step }                     "/" alone: everything
//   step      = ("/" | "//") ( [MODULE ":"] NAME | "*" ) { predicate }      "//": at any depth; "*": any name
//   predicate = "[" ( [MODULE ":"] NAME | "." ) "=" ( "'" VALUE "'" | '"' VALUE '"' ) "]"
//
// A name without a module is that name in any module, so that RFC 7951's instance identifiers are paths. A quote within
// a value of the same quotes is doubled. Blanks may stand between all of these. It looks like XPath and is less: there
// are no functions, numbers or axes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace tandem::cli {

// Steps of all paths of one text: the model is ten levels deep; a set of steps is the bits of one word.
inline constexpr std::size_t kMaxPathSteps = 32;
// Predicates of all paths: each is compared with every child of every node that its step may be.
inline constexpr std::size_t kMaxPathPredicates = 16;

struct PathPredicate {
  std::string module;  // empty: any
  std::string name;    // of a leaf below the node; ".": the node itself
  std::string value;
};

struct DataPathStep {
  bool at_any_depth = false;
  std::string module;  // empty: any
  std::string name;    // "*": any
  std::vector<PathPredicate> predicates;
  std::size_t offset = 0;  // of the step in the text
};

using DataPath = std::vector<DataPathStep>;  // without steps: everything

struct PathProblem {
  std::size_t offset = 0;  // in the text
  std::string message;
};

base::Result<std::vector<DataPath>, PathProblem> parse_data_paths(std::string_view text);

// "TEXT: at character N: MESSAGE"
std::string describe(const PathProblem& problem, std::string_view text);

}  // namespace tandem::cli
