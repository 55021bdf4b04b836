// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/description.h"

#include <sys/socket.h>

#include "lib/nft/batch.h"
#include "vrrpd/config/check.h"
#include "vrrpd/config/from_yang.h"
#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/vrrp_work.h"
#include "vrrpd/fence/fence.h"
#include "vrrpd/io/ingress_rules.h"
#include "vrrpd/io/names.h"

namespace tandem::vrrpd::daemon {
namespace {

class Checker : public tandem::config::Applier {
 public:
  Preparation prepare(const yang::Tree& candidate) override {
    if (auto objections = config::check(config::from_yang(candidate)); !objections.empty()) {
      return base::Unexpected<std::vector<tandem::config::Objection>>(std::move(objections));
    }
    return std::make_unique<tandem::config::NothingToApply>();
  }
};

base::Result<std::unique_ptr<supervisor::Fence>> open_fence(const tandem::daemon::Options& options,
                                                            std::span<const int> kept) {
  const Kept handed_over = kept_of(kept);
  const io::LinkGroups groups = io::link_groups(options.instance);
  fence::Fence::Rules rules{
      .socket = handed_over.filter_socket >= 0 ? os::FileDescriptor(handed_over.filter_socket) : nft::open_socket(),
      .removal = io::removal_of(io::ingress_tables(options.instance))};
  return TANDEM_TRY(fence::Fence::open({groups.live, groups.pending_deletion, groups.deleting},
                                       os::FileDescriptor(handed_over.packet_socket), std::move(rules)));
}

}  // namespace

tandem::daemon::Description description() {
  return {.program = kProgram,
          .purpose = "Virtual Router Redundancy Protocol (RFC 9568, RFC 3768) for this machine's interfaces.",
          .yang_modules = config::yang_modules(),
          .options = {},
          .socket_families = {AF_INET, AF_INET6, AF_NETLINK, AF_PACKET},
          .descriptors = {.fewest = kFewestDescriptors, .most = kMostDescriptors},
          .memory = fence::memory_layout(),
          .open_fence = open_fence,
          .make_work = [](tandem::daemon::Frame& frame) { return std::make_unique<VrrpWork>(frame); },
          .make_checker = [] { return std::make_unique<Checker>(); }};
}

}  // namespace tandem::vrrpd::daemon
