// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/builder.h"

#include <memory>
#include <optional>
#include <set>

#include "lib/netlink/socket.h"
#include "vrrpd/io/preparation.h"
#include "vrrpd/io/sysctls.h"

namespace tandem::vrrpd::io {
namespace {

class Workshop {
 public:
  std::vector<base::Result<>> execute(const std::vector<Job>& jobs);

 private:
  base::Result<> open();
  base::Result<> carry_out(const Job& job);

  std::optional<netlink::RequestSocket> socket_;
  std::unique_ptr<SysctlTree> sysctls_ = proc_sysctl_tree();
};

base::Result<> Workshop::open() {
  if (!socket_) {
    auto opened = TANDEM_TRY(netlink::RequestSocket::open());
    socket_.emplace(std::move(opened));
  }
  return {};
}

std::vector<base::Result<>> Workshop::execute(const std::vector<Job>& jobs) {
  std::vector<base::Result<>> results;
  results.reserve(jobs.size());
  std::set<base::IfIndex> unprepared;
  for (const Job& job : jobs) {
    const base::IfIndex device = device_of(job.operation);
    results.push_back(unprepared.contains(device) ? base::Result<>(base::fail("it could not be prepared"))
                                                  : carry_out(job));
    if (!results.back() && std::holds_alternative<PrepareDevice>(job.operation)) {
      unprepared.insert(device);
    }
  }
  return results;
}

base::Result<> Workshop::carry_out(const Job& job) {
  if (base::Result<> opened = open(); !opened) {
    return opened;
  }
  base::Result<> requested = socket_->execute(*request_of(job.operation));
  if (const auto* preparation = std::get_if<PrepareDevice>(&job.operation)) {
    return finish_preparation(*sysctls_, job.name, preparation->family, requested);
  }
  return requested;
}

}  // namespace

Builder::Execute build_by_netlink() {
  return [workshop = std::make_shared<Workshop>()](const std::vector<Job>& jobs) { return workshop->execute(jobs); };
}

}  // namespace tandem::vrrpd::io
