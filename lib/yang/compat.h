// SPDX-License-Identifier: Apache-2.0
// The differences between the supported versions of libyang (2.1.30 to 3.x): only this file has an #if on them. Private
// to this folder.
#pragma once

#include <libyang/libyang.h>
#include <libyang/plugins_types.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace tandem::yang::compat {

// The place of an error.
struct Location {
  std::string path;      // of the data; empty: unknown
  std::size_t line = 0;  // 0: unknown
};

#if LY_VERSION_MAJOR >= 3

inline Location location(const ly_err_item& item) {
  return {item.data_path != nullptr ? item.data_path : "", static_cast<std::size_t>(item.line)};
}

#else

// libyang 2 gives one text: `Schema location "/s", data location "/d", line number 3.`, of which any part may be
// absent.
inline Location location(const ly_err_item& item) {
  Location result;
  const std::string_view text = item.path != nullptr ? item.path : "";
  constexpr std::string_view kData = "ata location \"";
  constexpr std::string_view kLine = "ine number ";
  const std::size_t line = text.rfind(kLine);
  if (line != std::string_view::npos) {
    result.line = std::strtoul(text.data() + line + kLine.size(), nullptr, 10);
  }
  if (const std::size_t data = text.find(kData); data != std::string_view::npos) {
    const std::string_view rest = text.substr(data + kData.size());
    const std::size_t line_part = rest.rfind("\", line number ");
    const std::size_t end = line_part != std::string_view::npos ? line_part : rest.rfind('"');
    result.path = std::string(rest.substr(0, end));
  }
  return result;
}

#endif

// The name of a type that libyang implements itself, such as addresses: "… ipv4-address-no-zone …".
inline std::string_view plugin_id(const lysc_type& type) {
  return type.plugin != nullptr && type.plugin->id != nullptr ? type.plugin->id : "";
}

// libyang's macro for this needs a pointer variable.
inline bool is_key(const lysc_node& node) { return node.nodetype == LYS_LEAF && (node.flags & LYS_KEY) != 0; }

}  // namespace tandem::yang::compat
