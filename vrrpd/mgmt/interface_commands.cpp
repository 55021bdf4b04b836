// SPDX-License-Identifier: Apache-2.0
// Commands that show the interfaces of the machine, for inventory tools.
#include <algorithm>

#include "vrrpd/mgmt/commands.h"
#include "vrrpd/mgmt/show_interface.h"

namespace tandem::vrrpd::mgmt {
namespace {

Descriptions descriptions_of(const Invocation& in) {
  Descriptions descriptions;
  const cli::DataNode* const all = in.context.datastore.running().data().child("interfaces");
  for (const cli::DataNode& interface : all == nullptr ? std::vector<cli::DataNode>() : all->children) {
    const cli::DataNode* const name = interface.child("name");
    const cli::DataNode* const description = interface.child("description");
    if (name != nullptr && description != nullptr) {
      descriptions[name->value] = description->value;
    }
  }
  return descriptions;
}

base::Result<> show_interface(const Invocation& in) {
  std::vector<InterfaceView> interfaces = control_of(in).interfaces();
  const std::string* const wanted = in.bindings.find("IFNAME");
  if (wanted != nullptr) {
    std::erase_if(interfaces, [wanted](const InterfaceView& interface) { return interface.name != *wanted; });
  }
  if (in.bindings.has("json")) {
    in.output.print(show_interface_json(interfaces, descriptions_of(in)));
  } else if (wanted != nullptr && interfaces.empty()) {
    return base::fail("% Can't find interface {}", *wanted);
  } else if (in.bindings.has("brief")) {
    in.output.print(show_interface_brief(interfaces));
  } else if (in.bindings.has("description")) {
    in.output.print(show_interface_descriptions(interfaces, descriptions_of(in)));
  } else {
    in.output.print(show_interface_text(interfaces, descriptions_of(in)));
  }
  return {};
}

}  // namespace

CommandSet interface_commands() {
  return {
      .rows = {{Access::view, "show interface [<brief|description>] [json]", show_interface},
               {Access::view, "show interface IFNAME [json]", show_interface}},
      .helps = {{"brief", "One line for each address"}, {"description", "Status and description"}},
  };
}

}  // namespace tandem::vrrpd::mgmt
