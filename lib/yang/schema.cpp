// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/schema.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <span>

#include "lib/yang/compat.h"

namespace tandem::yang {
namespace {

constexpr std::string_view kAnnotationModule = "tandem-cli";

// libyang's sized arrays; the element count is before the first element.
template <class T>
std::span<T> elements(T* array) {
  return {array, static_cast<std::size_t>(LY_ARRAY_COUNT(array))};
}

std::string text_or_empty(const char* text) { return text != nullptr ? text : ""; }

// ---- annotations

void set_annotation(cli::Annotations& annotations, std::string_view name, const std::string& argument) {
  struct TextField {
    std::string_view name;
    std::string cli::Annotations::* field;
  };
  static constexpr TextField kTexts[] = {
      {"command", &cli::Annotations::command},
      {"prefix", &cli::Annotations::prefix},
      {"mode", &cli::Annotations::mode},
      {"help", &cli::Annotations::help},
      {"value-help", &cli::Annotations::value_help},
      {"placeholder", &cli::Annotations::placeholder},
      {"completer", &cli::Annotations::completer},
      {"example", &cli::Annotations::example},
      {"object", &cli::Annotations::object},
      {"slash", &cli::Annotations::slash},
      {"negative", &cli::Annotations::negative},
  };
  for (const TextField& text : kTexts) {
    if (text.name == name) {
      annotations.*text.field = argument;
    }
  }
  if (name == "multiplier") {
    annotations.multiplier = std::strtoll(argument.c_str(), nullptr, 10);
  } else if (name == "print-inline") {
    annotations.print_inline = true;
  } else if (name == "hidden") {
    annotations.hidden = true;
  } else if (name == "keep-given") {
    annotations.keep_given = true;
  }
}

bool is_annotation(const lysc_ext_instance& extension) {
  return extension.def != nullptr && extension.def->module != nullptr &&
         extension.def->module->name == kAnnotationModule;
}

cli::Annotations annotations_of(const lysc_node& node) {
  cli::Annotations annotations;
  for (const lysc_ext_instance& extension : elements(node.exts)) {
    if (is_annotation(extension)) {
      set_annotation(annotations, extension.def->name, text_or_empty(extension.argument));
    }
  }
  return annotations;
}

// ---- types

void set_unsigned_range(cli::ValueType& type, const lysc_range* range, std::uint64_t largest) {
  constexpr std::uint64_t kLimit = std::numeric_limits<std::int64_t>::max();
  std::uint64_t minimum = 0;
  std::uint64_t maximum = largest;
  if (range != nullptr && LY_ARRAY_COUNT(range->parts) > 0) {
    const auto parts = elements(range->parts);
    minimum = parts.front().min_u64;
    maximum = parts.back().max_u64;
  }
  type.minimum = static_cast<std::int64_t>(std::min(minimum, kLimit));
  type.maximum = static_cast<std::int64_t>(std::min(maximum, kLimit));
}

// Whether the type takes one word: a text with a pattern. A text without pattern, or whose patterns only exclude
// something, takes the rest of the line.
bool is_word(const lysc_type_str& text) {
  return std::ranges::any_of(elements(text.patterns), [](const lysc_pattern* pattern) { return !pattern->inverted; });
}

cli::ValueType string_type(const lysc_type& compiled) {
  cli::ValueType type;
  const std::string_view plugin = compat::plugin_id(compiled);
  if (plugin.find("ipv4-address") != std::string_view::npos) {
    type.kind = cli::ValueKind::ipv4_address;
    return type;
  }
  if (plugin.find("ipv6-address") != std::string_view::npos) {
    type.kind = cli::ValueKind::ipv6_address;
    return type;
  }
  const auto& text = reinterpret_cast<const lysc_type_str&>(compiled);
  type.kind = is_word(text) ? cli::ValueKind::word : cli::ValueKind::line;
  set_unsigned_range(type, text.length, std::numeric_limits<std::int64_t>::max());
  return type;
}

cli::ValueType enumeration_type(const lysc_type& compiled) {
  cli::ValueType type;
  type.kind = cli::ValueKind::enumeration;
  for (const lysc_type_bitenum_item& item : elements(reinterpret_cast<const lysc_type_enum&>(compiled).enums)) {
    type.values.push_back({item.name, text_or_empty(item.dsc)});
  }
  return type;
}

std::optional<cli::ValueType> number_type(const lysc_type& compiled) {
  std::uint64_t largest = 0;
  if (compiled.basetype == LY_TYPE_UINT8) {
    largest = std::numeric_limits<std::uint8_t>::max();
  } else if (compiled.basetype == LY_TYPE_UINT16) {
    largest = std::numeric_limits<std::uint16_t>::max();
  } else if (compiled.basetype == LY_TYPE_UINT32) {
    largest = std::numeric_limits<std::uint32_t>::max();
  } else if (compiled.basetype == LY_TYPE_UINT64) {
    largest = std::numeric_limits<std::uint64_t>::max();
  } else {
    return std::nullopt;
  }
  cli::ValueType type;
  type.kind = cli::ValueKind::number;
  set_unsigned_range(type, reinterpret_cast<const lysc_type_num&>(compiled).range, largest);
  return type;
}

std::optional<cli::ValueType> value_type(const lysc_type& compiled) {
  if (compiled.basetype == LY_TYPE_STRING) {
    return string_type(compiled);
  }
  if (compiled.basetype == LY_TYPE_ENUM) {
    return enumeration_type(compiled);
  }
  if (compiled.basetype == LY_TYPE_BOOL) {
    cli::ValueType type;
    type.kind = cli::ValueKind::boolean;
    return type;
  }
  return number_type(compiled);
}

// ---- nodes

class Builder {
 public:
  explicit Builder(const ly_ctx* context) : context_(context) {}

  // Appends the configuration nodes of a list of siblings to `parent`.
  base::Result<> append(cli::SchemaNode& parent, lysc_node* siblings) {
    for (lysc_node* node = siblings; node != nullptr; node = node->next) {
      if ((node->flags & LYS_CONFIG_W) == 0) {
        continue;
      }
      auto made = std::make_unique<cli::SchemaNode>();
      made->parent = &parent;
      node->priv = made.get();
      if (auto filled = fill(*made, *node); !filled) {
        return filled;
      }
      parent.children.push_back(std::move(made));
    }
    return {};
  }

 private:
  base::Result<> fill(cli::SchemaNode& made, const lysc_node& node) {
    made.name = node.name;
    made.module = node.module->name;
    made.description = text_or_empty(node.dsc);
    made.cli = annotations_of(node);
    made.is_key = compat::is_key(node);
    if (node.nodetype == LYS_LEAF) {
      return fill_leaf(made, node);
    }
    if (node.nodetype == LYS_LEAFLIST) {
      made.kind = cli::NodeKind::leaf_list;
      return set_type(made, reinterpret_cast<const lysc_node_leaflist&>(node).type);
    }
    if (node.nodetype != LYS_LIST && node.nodetype != LYS_CONTAINER) {
      return base::fail("{}: the command line cannot express a {}", path_of(node), lys_nodetype2str(node.nodetype));
    }
    made.kind = node.nodetype == LYS_LIST ? cli::NodeKind::list : cli::NodeKind::container;
    made.presence = node.nodetype == LYS_CONTAINER && (node.flags & LYS_PRESENCE) != 0;
    if (auto appended = append(made, const_cast<lysc_node*>(lysc_node_child(&node))); !appended) {
      return appended;
    }
    for (const auto& child : made.children) {
      if (child->is_key) {
        made.keys.push_back(child->name);
      }
    }
    return {};
  }

  base::Result<> fill_leaf(cli::SchemaNode& made, const lysc_node& node) {
    const auto& leaf = reinterpret_cast<const lysc_node_leaf&>(node);
    made.kind = cli::NodeKind::leaf;
    if (leaf.dflt != nullptr) {
      made.default_value = lyd_value_get_canonical(context_, leaf.dflt);
    }
    return set_type(made, leaf.type);
  }

  base::Result<> set_type(cli::SchemaNode& made, const lysc_type* compiled) {
    auto type = value_type(*compiled);
    if (!type) {
      return base::fail("{}:{}: the command line cannot express values of this type", made.module, made.name);
    }
    made.type = std::move(*type);
    return {};
  }

  static std::string path_of(const lysc_node& node) {
    char* text = lysc_path(&node, LYSC_PATH_LOG, nullptr, 0);
    std::string path = text_or_empty(text);
    std::free(text);
    return path;
  }

  const ly_ctx* context_;
};

}  // namespace

base::Result<cli::Schema> make_schema(const ly_ctx* context, const std::vector<std::string>& modules) {
  cli::Schema schema;
  schema.root = std::make_unique<cli::SchemaNode>();
  Builder builder(context);
  for (const std::string& name : modules) {
    const lys_module* module = ly_ctx_get_module_implemented(context, name.c_str());
    if (module == nullptr || module->compiled == nullptr) {
      return base::fail("YANG module {} is not loaded", name);
    }
    TANDEM_TRY(builder.append(*schema.root, module->compiled->data));
    for (const lysc_ext_instance& extension : elements(module->compiled->exts)) {
      if (is_annotation(extension) && std::string_view(extension.def->name) == "ignored") {
        schema.ignored.push_back(text_or_empty(extension.argument));
      }
    }
  }
  return schema;
}

}  // namespace tandem::yang
