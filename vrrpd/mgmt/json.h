// SPDX-License-Identifier: Apache-2.0
// JSON documents with json-c, as values; for this folder's .cpp files only. json-c prints exactly the layout that FRR
// prints (doc/decisions/0002): two blanks of indentation, no blank after the colon.
#pragma once

#include <json-c/json.h>

#include <cstdint>
#include <memory>
#include <string>

namespace tandem::vrrpd::mgmt::json {

struct Release {
  void operator()(json_object* object) const { json_object_put(object); }
};
using Json = std::unique_ptr<json_object, Release>;

inline Json object() { return Json(json_object_new_object()); }
inline Json array() { return Json(json_object_new_array()); }
inline Json text(const std::string& value) {
  return Json(json_object_new_string_len(value.data(), static_cast<int>(value.size())));
}
inline Json number(std::uint64_t value) { return Json(json_object_new_int64(static_cast<std::int64_t>(value))); }
inline Json boolean(bool value) { return Json(json_object_new_boolean(value ? 1 : 0)); }

inline void add(const Json& object, const std::string& key, Json value) {
  json_object_object_add(object.get(), key.c_str(), value.release());
}
inline void append(const Json& array, Json value) { json_object_array_add(array.get(), value.release()); }

inline std::string print(const Json& document) {
  return std::string(
             json_object_to_json_string_ext(document.get(), JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE)) +
         "\n";
}

}  // namespace tandem::vrrpd::mgmt::json
