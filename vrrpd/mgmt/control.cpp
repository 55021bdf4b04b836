// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "vrrpd/mgmt/operational.h"
#include "vrrpd/mgmt/show.h"

namespace tandem::vrrpd::mgmt {

std::vector<tandem::mgmt::ObjectCount> Control::object_counts() const {
  const std::vector<GroupView> all = groups({});
  std::size_t routers = 0;
  for (const GroupView& group : all) {
    routers += (group.v4.exists ? 1U : 0U) + (group.v6.exists ? 1U : 0U);
  }
  return {{"Groups", "groups", all.size()}, {"Virtual routers", "virtualRouters", routers}};
}

std::vector<std::string> Control::completions(std::string_view source) const {
  if (source == "interface") {
    return interface_names();
  }
  if (source != "vrid") {
    return {};
  }
  std::set<unsigned> vrids;
  for (const GroupView& group : groups({})) {
    vrids.insert(group.config.vrid.value());
  }
  std::vector<std::string> values;
  for (const unsigned vrid : vrids) {
    values.push_back(std::to_string(vrid));
  }
  return values;
}

std::string Control::operational_data() const { return model_json(groups({}), history({})); }

}  // namespace tandem::vrrpd::mgmt
