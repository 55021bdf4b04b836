// SPDX-License-Identifier: Apache-2.0
// Lines typed at the daemon's real configuration commands. Input: one line, or two of which the first opens a mode.
// Matching, completion and errors agree (command_properties.h). The tree accepts the change of a line or refuses it
// with a reason, and a refusal leaves the tree unchanged.
#include "lib/cli/config_commands.h"
#include "lib/yang/context.h"
#include "lib/yang/tree.h"
#include "tests/fuzz/command_properties.h"
#include "tests/fuzz/model.h"

namespace tandem::fuzz {
namespace {

void check_effect(const Model& model, const cli::Context& context, std::string_view line) {
  const auto effect = model.commands.interpret(context, line);
  if (!effect) {
    require(effect.error().message.starts_with("% "), "an error begins with %", line);
    return;
  }
  const auto again = model.commands.interpret(effect->entered, "");
  require(again && again->entered == effect->entered, "a session can go on where a line has led it", line);
  yang::Tree tree(*model.context);
  for (const cli::Edit& edit : effect->edits) {
    if (const auto applied = tree.apply(edit); !applied) {
      require(!applied.error().message.empty(), "a refusal has a reason", line);
    }
    std::string detail;
    require(!model.commands.object_name(edit.path, &detail).empty(), "an edit has an object", edit.path);
  }
}

void check(std::string_view first, std::string_view second) {
  const Model& model = Model::instance();
  check_line(model.commands.grammar(), cli::kConfigMode, first);
  check_line(model.commands.grammar(), "config-if", second);
  check_effect(model, {}, first);
  check_effect(model, {"interface eth1"}, second);
}

}  // namespace
}  // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 5000) {  // a line may have 4096 bytes
    return -1;
  }
  const std::string_view text = tandem::fuzz::text_of(data, size);
  const std::size_t end = text.find('\n');
  tandem::fuzz::check(text.substr(0, end), end == std::string_view::npos ? text : text.substr(end + 1));
  return 0;
}
