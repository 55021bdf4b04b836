// SPDX-License-Identifier: Apache-2.0
// The model of a configuration for the command line: an abstract tree that lib/yang makes from compiled YANG modules
// and their tandem-cli annotations. It does not depend on libyang. A schema is built once and lives as long as the
// daemon; data nodes point into it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

enum class NodeKind { container, list, leaf, leaf_list };

enum class ValueKind {
  word,    // text without blanks, length in [minimum, maximum]
  line,    // the rest of the line
  number,  // unsigned decimal in [minimum, maximum], counted in the model's unit
  boolean,
  enumeration,
  ipv4_address,  // A.B.C.D
  ipv6_address,  // X:X::X:X
};

struct EnumValue {
  std::string name;
  std::string help;
};

struct ValueType {
  ValueKind kind = ValueKind::word;
  std::int64_t minimum = 0;  // of a number its value, of a word or line its length
  std::int64_t maximum = 0;
  std::vector<EnumValue> values;  // of an enumeration
};

// The annotations of a node; tandem-cli.yang describes each of them.
struct Annotations {
  std::string command;          // template; empty: the node has no command of its own
  std::string prefix;           // words put before the commands of all descendants
  std::string mode;             // a list whose entries are a mode of their own ("config-if")
  std::string help;             // of the command's last keyword; the node's description otherwise
  std::string value_help;       // of the value
  std::string placeholder;      // shown for a word or line: "IFNAME", "TEXT"
  std::string completer;        // name of the source of live values: "interface"
  std::string example;          // a value as typed, for the examples of the documentation
  std::string object;           // the name of an entry in errors: "vrrp {vrid} on {interface/name}"
  std::string slash;            // of an address leaf: the sibling leaf that "/LEN" after the value sets
  std::string negative;         // of an enumeration: the value that the `no` form of its container sets
  std::int64_t multiplier = 1;  // command-line value = model value × multiplier
  bool print_inline = false;    // printed on the line of the parent's command, not on its own
  bool hidden = false;          // accepted, not shown by `?`
  bool keep_given = false;      // a value that equals the default stays in the tree if it was given
};

struct SchemaNode {
  std::string name;
  std::string module;  // the YANG module that defines it
  NodeKind kind = NodeKind::container;
  ValueType type;                            // leaf, leaf-list
  std::optional<std::string> default_value;  // leaf
  std::string description;
  bool is_key = false;
  bool presence = false;          // the existence of the container has a meaning
  std::vector<std::string> keys;  // of a list, names of its key leaves
  Annotations cli;
  const SchemaNode* parent = nullptr;
  std::vector<std::unique_ptr<SchemaNode>> children;  // in schema order: the order of running-config

  const SchemaNode* child(std::string_view child_name) const;
};

// Root: a container without name whose children are the top-level nodes of all modules.
struct Schema {
  std::unique_ptr<SchemaNode> root;
  std::vector<std::string> ignored;  // command syntaxes of files of other suites, which are accepted without effect
};

// Instance data, as plain values. Default nodes are absent.
struct DataNode {
  const SchemaNode* schema = nullptr;
  std::string value;  // leaf, leaf-list: canonical text of the model
  std::vector<DataNode> children;

  const DataNode* child(std::string_view child_name) const;
  bool operator==(const DataNode&) const = default;
};

// One change of the tree. `path` is an instance path with module prefixes where the module changes, in the syntax of
// RFC 7951: /tandem-interfaces:interfaces/interface[name='eth1']/tandem-vrrp:vrrp/group[vrid='5']/priority
struct Edit {
  enum class Kind { set, remove };
  Kind kind;
  std::string path;   // of a leaf-list entry: …/debug[.='arp']
  std::string value;  // leaf: the model's text; empty otherwise

  bool operator==(const Edit&) const = default;
};

}  // namespace tandem::cli
