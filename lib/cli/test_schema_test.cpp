// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "lib/cli/command_table.h"
#include "lib/cli/instance_path.h"
#include "lib/cli/test_schema.h"

namespace tandem::cli {
namespace {

constexpr const char* kInterfaces = "t-interfaces";
constexpr const char* kVrrp = "t-vrrp";
constexpr const char* kSystem = "t-system";

struct Options {
  const char* module = kVrrp;
  Annotations cli = {};
  ValueType type = {};
  const char* description = "";
  std::optional<std::string> default_value = {};
};

SchemaNode& add(SchemaNode& parent, NodeKind kind, const char* name, Options options) {
  auto node = std::make_unique<SchemaNode>();
  node->name = name;
  node->kind = kind;
  node->module = options.module;
  node->cli = std::move(options.cli);
  node->type = std::move(options.type);
  node->description = options.description;
  node->default_value = std::move(options.default_value);
  node->presence = kind == NodeKind::container && !node->cli.command.empty();
  node->parent = &parent;
  parent.children.push_back(std::move(node));
  return *parent.children.back();
}

SchemaNode& add_key(SchemaNode& list, const char* name, Options options) {
  SchemaNode& key = add(list, NodeKind::leaf, name, std::move(options));
  key.is_key = true;
  list.keys.emplace_back(name);
  return key;
}

Annotations command(const char* text) {
  Annotations cli;
  cli.command = text;
  return cli;
}

Annotations prefix(const char* text) {
  Annotations cli;
  cli.prefix = text;
  return cli;
}

ValueType number(std::int64_t minimum, std::int64_t maximum) { return {ValueKind::number, minimum, maximum, {}}; }
ValueType boolean() { return {ValueKind::boolean, 0, 0, {}}; }

ValueType levels() {
  return {ValueKind::enumeration, 0, 0, {{"errors", "Error conditions"}, {"informational", ""}, {"debugging", ""}}};
}

void add_parameters(SchemaNode& parent) {
  add(parent, NodeKind::leaf, "priority",
      {.cli = command("priority"), .type = number(1, 254), .description = "Virtual Router Priority. RFC 9568."});
  add(parent, NodeKind::leaf, "preempt", {.cli = command("preempt"), .type = boolean(), .description = "Preempt mode"});
  add(parent, NodeKind::leaf, "checksum-with-ipv4-pseudoheader",
      {.cli = command("checksum-with-ipv4-pseudoheader"), .type = boolean(), .description = "Checksum mode"});
  Annotations interval = command("advertisement-interval");
  interval.multiplier = 10;
  add(parent, NodeKind::leaf, "advertisement-interval", {.cli = interval, .type = number(1, 4095)});
  add(parent, NodeKind::leaf, "shutdown", {.cli = command("shutdown"), .type = boolean()});
}

void add_addresses(SchemaNode& group, const char* family, const char* list_command, ValueKind kind) {
  SchemaNode& container = add(group, NodeKind::container, family, {});
  SchemaNode& list =
      add(container, NodeKind::list, "address", {.cli = command(list_command), .description = "Add address"});
  Annotations slash;
  slash.slash = "prefix-length";
  add_key(list, "ip", {.cli = slash, .type = {kind, 0, 0, {}}, .description = "Virtual Router IP address"});
  Annotations length = command("prefix-length");
  length.hidden = true;
  add(list, NodeKind::leaf, "prefix-length",
      {.cli = length, .type = number(1, kind == ValueKind::ipv4_address ? 32 : 128)});
}

void add_group(SchemaNode& vrrp) {
  Annotations cli = command("vrrp <vrid>");
  cli.object = "vrrp {vrid} on {interface/name}";
  SchemaNode& group =
      add(vrrp, NodeKind::list, "group", {.cli = cli, .description = "Virtual Router Redundancy Protocol"});
  add_key(group, "vrid", {.type = number(1, 255), .description = "Virtual Router ID"});
  Annotations version = command("version");
  version.print_inline = true;
  add(group, NodeKind::leaf, "version",
      {.cli = version, .type = number(2, 3), .description = "VRRP protocol version", .default_value = "3"});
  add(group, NodeKind::leaf, "description", {.cli = command("description"), .type = {ValueKind::line, 1, 80, {}}});
  add_parameters(group);
  Annotations delay = command("preempt delay");
  delay.help = "Wait before preempting";
  add(group, NodeKind::leaf, "preempt-delay", {.cli = delay, .type = number(0, 3600), .default_value = "0"});
  add_addresses(group, "ipv4", "ip <ip>", ValueKind::ipv4_address);
  add_addresses(group, "ipv6", "ipv6 <ip>", ValueKind::ipv6_address);
}

void add_interfaces(SchemaNode& root) {
  SchemaNode& interfaces = add(root, NodeKind::container, "interfaces", {.module = kInterfaces});
  Annotations mode = command("interface <name> [vrf <vrf>]");
  mode.mode = "config-if";
  mode.object = "interface {name}";
  SchemaNode& interface = add(interfaces, NodeKind::list, "interface",
                              {.module = kInterfaces, .cli = mode, .description = "Select an interface to configure"});
  Annotations name;
  name.placeholder = "IFNAME";
  name.completer = "interface";
  add_key(interface, "name", {.module = kInterfaces, .cli = name, .type = {ValueKind::word, 1, 15, {}}});
  Annotations vrf;
  vrf.placeholder = "NAME";
  vrf.help = "Specify the VRF";
  vrf.value_help = "The VRF name";
  add(interface, NodeKind::leaf, "vrf", {.module = kInterfaces, .cli = vrf, .type = {ValueKind::word, 1, 36, {}}});
  add(interface, NodeKind::leaf, "description",
      {.module = kInterfaces, .cli = command("description"), .type = {ValueKind::line, 1, 80, {}}});
  add_group(add(interface, NodeKind::container, "vrrp", {}));
}

void add_log(SchemaNode& root) {
  SchemaNode& log = add(root, NodeKind::container, "log", {.module = kSystem, .cli = prefix("log")});
  SchemaNode& file =
      add(log, NodeKind::container, "file", {.module = kSystem, .cli = command("file <name> [<level>]")});
  Annotations name;
  name.placeholder = "FILENAME";
  add(file, NodeKind::leaf, "name", {.module = kSystem, .cli = name, .type = {ValueKind::word, 1, 64, {}}});
  add(file, NodeKind::leaf, "level", {.module = kSystem, .type = levels()});
  SchemaNode& output = add(log, NodeKind::container, "stdout", {.module = kSystem, .cli = command("stdout")});
  Annotations level;
  level.print_inline = true;
  add(output, NodeKind::leaf, "level", {.module = kSystem, .cli = level, .type = levels()});
}

void add_banner(SchemaNode& root) {
  SchemaNode& banner = add(root, NodeKind::container, "banner", {.module = kSystem, .cli = command("banner <kind>")});
  Annotations kind;
  kind.negative = "none";
  add(banner, NodeKind::leaf, "kind",
      {.module = kSystem, .cli = kind, .type = {ValueKind::enumeration, 0, 0, {{"default", ""}, {"none", ""}}}});
}

bool is_same(const DataNode& data, const PathStep& step) {
  if (data.schema != step.node) {
    return false;
  }
  if (step.node->kind == NodeKind::leaf_list) {
    return data.value == step.keys.at(0);
  }
  return std::ranges::all_of(step.values, [&](const auto& key) {
    const DataNode* const leaf = data.child(key.first);
    return leaf != nullptr && leaf->value == key.second;
  });
}

void dump_node(const DataNode& node, const std::string& path, std::set<std::string>& lines) {
  const SchemaNode& schema = *node.schema;
  std::string own = path + "/" + schema.name;
  for (const std::string& key : schema.keys) {
    own += "[" + node.child(key)->value + "]";
  }
  const bool is_leaf = schema.kind == NodeKind::leaf || schema.kind == NodeKind::leaf_list;
  if (is_leaf && !schema.is_key && schema.default_value != node.value) {
    lines.insert(own + "=" + node.value);
  }
  if ((schema.kind == NodeKind::list && !is_mode(schema)) ||
      (schema.kind == NodeKind::container && !schema.cli.command.empty())) {
    lines.insert(own);
  }
  for (const DataNode& child : node.children) {
    dump_node(child, own, lines);
  }
}

}  // namespace

Schema test_schema() {
  Schema schema;
  schema.root = std::make_unique<SchemaNode>();
  SchemaNode& root = *schema.root;
  Annotations hostname = command("hostname");
  hostname.placeholder = "WORD";
  add(root, NodeKind::leaf, "hostname",
      {.module = kSystem, .cli = hostname, .type = {ValueKind::word, 1, 64, {}}, .description = "Set system's name"});
  add_banner(root);
  add_log(root);
  add_interfaces(root);
  SchemaNode& vrrp = add(root, NodeKind::container, "vrrp", {});
  add_parameters(add(vrrp, NodeKind::container, "default", {.cli = prefix("vrrp default"), .description = "Defaults"}));
  add(vrrp, NodeKind::leaf_list, "debug",
      {.cli = command("debug vrrp <value>"),
       .type = {ValueKind::enumeration, 0, 0, {{"protocol", "State"}, {"packets", "Packets"}, {"arp", "ARP"}}},
       .description = "VRRP information"});
  schema.ignored = {"frr version LINE...", "frr defaults WORD", "line vty", "exec-timeout LINE..."};
  return schema;
}

DataNode empty_tree(const Schema& schema) { return {schema.root.get(), "", {}}; }

bool apply(DataNode& root, const Edit& edit) {
  const auto steps = parse_path(*root.schema, edit.path);
  if (!steps || steps->empty()) {
    return false;
  }
  DataNode* node = &root;
  for (std::size_t i = 0; i < steps->size(); ++i) {
    const PathStep& step = (*steps)[i];
    auto found = std::ranges::find_if(node->children, [&](const DataNode& child) { return is_same(child, step); });
    if (edit.kind == Edit::Kind::remove && (found == node->children.end() || i + 1 == steps->size())) {
      if (found != node->children.end()) {
        node->children.erase(found);
      }
      return true;
    }
    if (found == node->children.end()) {
      DataNode made{step.node, step.node->kind == NodeKind::leaf_list ? step.keys.at(0) : "", {}};
      for (const auto& [key, value] : step.values) {
        if (step.node->kind == NodeKind::list) {
          made.children.push_back({step.node->child(key), value, {}});
        }
      }
      found = node->children.insert(node->children.end(), std::move(made));
    }
    node = &*found;
  }
  if (node->schema->kind == NodeKind::leaf) {
    node->value = edit.value;
  }
  return true;
}

std::string dump(const DataNode& root) {
  std::set<std::string> lines;
  for (const DataNode& child : root.children) {
    dump_node(child, "", lines);
  }
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text;
}

}  // namespace tandem::cli
