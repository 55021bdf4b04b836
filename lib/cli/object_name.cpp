// SPDX-License-Identifier: Apache-2.0
// Names of objects for operators, from instance paths.
#include <algorithm>

#include "lib/cli/config_commands.h"
#include "lib/cli/config_commands_impl.h"
#include "lib/cli/instance_path.h"
#include "lib/cli/value.h"

namespace tandem::cli {
namespace {

// {vrid}: a key of the named step; {interface/name}: a key of the list `interface` at or above it.
std::string key_of(const std::vector<PathStep>& steps, std::size_t named, std::string_view reference) {
  const std::size_t slash = reference.find('/');
  const std::string_view list = slash == std::string_view::npos ? std::string_view() : reference.substr(0, slash);
  const std::string_view key = slash == std::string_view::npos ? reference : reference.substr(slash + 1);
  for (std::size_t i = named + 1; i-- > 0;) {
    const auto value = steps[i].values.find(key);
    if ((list.empty() ? i == named : steps[i].node->name == list) && value != steps[i].values.end()) {
      return value->second;
    }
  }
  return "?";
}

std::string fill(std::string_view text, const std::vector<PathStep>& steps, std::size_t named) {
  std::string name;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    name += text.substr(0, open);
    text.remove_prefix(open);
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) {
      return name + std::string(text);
    }
    name += key_of(steps, named, text.substr(1, close - 1));
    text.remove_prefix(close + 1);
  }
  return name;
}

}  // namespace

std::string ConfigCommands::object_name(std::string_view path, std::string* detail) const {
  if (detail != nullptr) {
    detail->clear();
  }
  const auto steps = parse_path(*impl_->schema.root, path);
  if (!steps) {
    return std::string(path);
  }
  std::size_t named = steps->size();
  while (named > 0 && (*steps)[named - 1].node->cli.object.empty()) {
    --named;
  }
  if (named == 0) {
    return std::string(path);
  }
  for (std::size_t i = named; detail != nullptr && i < steps->size(); ++i) {
    for (const std::string& key : (*steps)[i].keys) {
      *detail += (detail->empty() ? "" : " ") + key;
    }
  }
  return fill((*steps)[named - 1].node->cli.object, *steps, named - 1);
}

}  // namespace tandem::cli
