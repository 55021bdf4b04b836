// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/problems.h"

#include <algorithm>
#include <cctype>

#include "lib/yang/compat.h"

namespace tandem::yang {
namespace {

// libyang writes sentences; Tandem's messages are fragments after the name of an object. The texts of our models are
// fragments already. libyang may quote any input; a message must be one line that a terminal can show.
std::string as_fragment(std::string text) {
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  if (!text.empty() && text.back() == '.') {
    text.pop_back();
  }
  if (text.size() >= 2 && std::islower(static_cast<unsigned char>(text[1])) != 0) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

}  // namespace

std::vector<Problem> take_problems(const ly_ctx* context) {
  std::vector<Problem> problems;
  for (const ly_err_item* item = ly_err_first(context); item != nullptr; item = item->next) {
    if (item->level != LY_LLERR) {
      continue;
    }
    compat::Location location = compat::location(*item);
    problems.push_back(
        {std::move(location.path), as_fragment(item->msg != nullptr ? item->msg : "invalid"), location.line});
  }
  ly_err_clean(const_cast<ly_ctx*>(context), nullptr);
  return problems;
}

std::string take_text(const ly_ctx* context) {
  std::string text;
  for (const Problem& problem : take_problems(context)) {
    text += text.empty() ? "" : "; ";
    text += problem.message;
    if (!problem.path.empty()) {
      text += " (" + problem.path + ")";
    }
  }
  return text.empty() ? "libyang gives no reason" : text;
}

}  // namespace tandem::yang
