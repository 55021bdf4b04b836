// SPDX-License-Identifier: Apache-2.0
// Paths with which a client requests state. Input: a path. The parser refuses it with a place and a reason, or it
// selects a part of the state. The path printed from the parsed form selects the same part.
#include "lib/cli/data_path.h"
#include "lib/yang/select.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/model.h"

namespace tandem::fuzz {
namespace {

constexpr std::string_view kState = R"({"tandem-interfaces:interfaces":{"interface":[
{"name":"eth1","tandem-vrrp:vrrp":{"group":[
 {"vrid":5,"priority":200,"description":"one","ipv4":{"state":{"interface":"vrrp4-2-5","status":"master",
  "virtual-address":["10.0.0.1","10.0.0.2"],"statistics":{"advertisements-sent":"7","errors":{"ttl":"1"}},
  "transition":[{"from":"backup","to":"master"},{"from":"initialize","to":"backup"}]}}},
 {"vrid":6,"ipv6":{"state":{"status":"backup"}}}]}},
{"name":"eth2","tandem-vrrp:vrrp":{"group":[{"vrid":5,"version":2}]}}]}})";

std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (const char c : value) {
    text += c == '"' ? "\"\"" : std::string(1, c);
  }
  return text + "\"";
}

std::string written(const std::vector<cli::DataPath>& paths) {
  std::string text;
  for (const cli::DataPath& path : paths) {
    text += text.empty() ? "" : " | ";
    text += path.empty() ? "/" : "";
    for (const cli::DataPathStep& step : path) {
      text += (step.at_any_depth ? "//" : "/") + step.module + (step.module.empty() ? "" : ":") + step.name;
      for (const cli::PathPredicate& predicate : step.predicates) {
        text += "[" + predicate.module + (predicate.module.empty() ? "" : ":") + predicate.name + "=" +
                quoted(predicate.value) + "]";
      }
    }
  }
  return text;
}

void check(std::string_view text) {
  const yang::Context& context = *Model::instance().context;
  if (const auto parsed = cli::parse_data_paths(text)) {
    const auto again = cli::parse_data_paths(written(*parsed));
    require(again && written(*again) == written(*parsed), "a path is what it says", text);
  } else {
    require(parsed.error().offset <= text.size() && !parsed.error().message.empty(), "an error has a place", text);
  }
  const auto paths = yang::read_paths(context, text);
  if (!paths) {
    require(!paths.error().message.empty(), "a refusal has a reason", text);
    return;
  }
  static const std::string kAll = yang::select(context, kState, {cli::DataPath()}).value();
  const auto selected = yang::select(context, kState, *paths);
  require(selected && selected->size() <= kAll.size(), "a part is selected", text);
  require(yang::select(context, *selected, {cli::DataPath()}).value() == *selected, "which is data of the model", text);
}

}  // namespace
}  // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > tandem::fuzz::kMaxInput) {
    return -1;
  }
  tandem::fuzz::check(tandem::fuzz::text_of(data, size));
  return 0;
}
