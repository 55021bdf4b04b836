// SPDX-License-Identifier: Apache-2.0
// json-c prints exactly the layout that FRR prints (doc/decisions/0002): two blanks of indentation, no blank after the
// colon.
#include <json-c/json.h>

#include <memory>

#include "vrrpd/mgmt/fields.h"
#include "vrrpd/mgmt/show.h"

namespace tandem::vrrpd::mgmt {
namespace {

struct Release {
  void operator()(json_object* object) const { json_object_put(object); }
};
using Json = std::unique_ptr<json_object, Release>;

Json make_string(const std::string& text) {
  return Json(json_object_new_string_len(text.data(), static_cast<int>(text.size())));
}

Json make_number(std::uint64_t value) { return Json(json_object_new_int64(static_cast<std::int64_t>(value))); }

void add(json_object* object, const char* key, Json value) { json_object_object_add(object, key, value.release()); }
void append(json_object* array, Json value) { json_object_array_add(array, value.release()); }

Json to_json(const Value& value) {
  struct Visitor {
    Json operator()(bool b) const { return Json(json_object_new_boolean(b ? 1 : 0)); }
    Json operator()(std::int64_t n) const { return Json(json_object_new_int64(n)); }
    Json operator()(Milliseconds ms) const { return Json(json_object_new_int64(ms.value)); }
    Json operator()(const std::string& text) const { return make_string(text); }
    Json operator()(const std::vector<std::string>& texts) const {
      Json array(json_object_new_array());
      for (const std::string& text : texts) {
        append(array.get(), make_string(text));
      }
      return array;
    }
  };
  return std::visit(Visitor{}, value);
}

Json errors_of(const core::Statistics& statistics) {
  Json errors(json_object_new_object());
  for (std::size_t i = 0; i < packet::kDropCount; ++i) {
    const auto drop = static_cast<packet::Drop>(i);
    add(errors.get(), std::string(packet::info(drop).name).c_str(), make_number(statistics.drops[drop]));
  }
  return errors;
}

Json router_object(const GroupView& group, const RouterView& router) {
  Json object(json_object_new_object());
  Json statistics;
  for (const RouterField* field : json_router_fields()) {
    if (field->only && field->only != router.family) {
      continue;
    }
    if (field->place == RouterField::Place::family) {
      add(object.get(), field->json_key, to_json(field->get(group, router)));
      continue;
    }
    if (statistics == nullptr) {  // FRR's order: "stats" stands where its first member is met
      statistics.reset(json_object_new_object());
      add(object.get(), "stats", Json(json_object_get(statistics.get())));
    }
    add(statistics.get(), field->json_key, to_json(field->get(group, router)));
  }
  add(statistics.get(), "errors", errors_of(router.statistics));
  return object;
}

std::string print(const Json& json) {
  return std::string(
             json_object_to_json_string_ext(json.get(), JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE)) +
         "\n";
}

}  // namespace

std::string show_json(std::span<const GroupView> groups) {
  Json array(json_object_new_array());
  for (const GroupView& group : groups) {
    Json object(json_object_new_object());
    for (const GroupField* field : json_group_fields()) {
      add(object.get(), field->json_key, to_json(field->get(group)));
    }
    add(object.get(), "v4", router_object(group, group.v4));
    add(object.get(), "v6", router_object(group, group.v6));
    append(array.get(), std::move(object));
  }
  return print(array);
}

std::string show_summary_json(std::span<const GroupView> groups) {
  Json array(json_object_new_array());
  for (const GroupView& group : groups) {
    Json object(json_object_new_object());
    add(object.get(), "interface", make_string(group.interface));
    add(object.get(), "vrid", make_number(group.config.vrid.value()));
    add(object.get(), "priority", make_number(group.config.priority));
    add(object.get(), "ipv4Addresses", make_number(group.v4.addresses.size()));
    add(object.get(), "ipv6Addresses", make_number(group.v6.addresses.size()));
    add(object.get(), "stateV4", make_string(std::string(core::to_string(group.v4.state))));
    add(object.get(), "stateV6", make_string(std::string(core::to_string(group.v6.state))));
    append(array.get(), std::move(object));
  }
  return print(array);
}

}  // namespace tandem::vrrpd::mgmt
