// SPDX-License-Identifier: Apache-2.0
// Paths that select nodes of instance data, as a client types them (doc/decisions/0023). Only this code parses the text
// of a client, and its limits bound the cost. PURE.
//
//   paths     = path { "|" path }                       the nodes that any path selects
//   path      = "/" | step { step }                     "/" alone: everything
//   step      = ("/" | "//") ( [MODULE ":"] NAME | "*" ) { predicate }      "//": at any depth; "*": any name
//   predicate = "[" ( [MODULE ":"] NAME | "." ) "=" ( "'" VALUE "'" | '"' VALUE '"' ) "]"
//
// A name without a module matches that name in any module, so that RFC 7951's instance identifiers are paths. A quote
// within a value is doubled if the same quotes enclose the value. Blanks may stand between all of these. The language
// is a small part of XPath: it has no functions, numbers or axes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace tandem::cli {

// Steps of all paths in one text. The model is ten levels deep; a set of steps fits the bits of one word.
inline constexpr std::size_t kMaxPathSteps = 32;
// Predicates of all paths. Each is compared with every child of every node that its step matches.
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
