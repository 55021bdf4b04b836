// SPDX-License-Identifier: Apache-2.0
// The two ways to talk to rtnetlink: RequestSocket asks and waits for the kernel's answer (which it gives while the
// request is sent, so nothing blocks), Monitor listens to what changes. Both belong to the network namespace they were
// opened in.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "lib/base/result.h"
#include "lib/netlink/encode.h"
#include "lib/netlink/messages.h"
#include "lib/netlink/settings.h"

namespace tandem::netlink {

class RequestSocket {
 public:
  static base::Result<RequestSocket> open();
  RequestSocket(RequestSocket&&) noexcept;
  RequestSocket& operator=(RequestSocket&&) noexcept;
  ~RequestSocket();

  // Sends the requests in order, up to kMaxBatch in one system call; a failed one does not stop those after it.
  // Returns one result for each; an error has the errno value and the kernel's words.
  std::vector<base::Result<>> execute(std::span<const Request> requests);
  base::Result<> execute(const Request& request);

  // All links and then all addresses as `handle(event)`.
  base::Result<> dump(const std::function<void(const Event&)>& handle);

  // All links with their settings. One pass: where others change links meanwhile some may be missing.
  base::Result<> dump_settings(const std::function<void(const Link&, const LinkSettings&)>& handle);

  // Each answer takes about 1 KiB of the socket's receive buffer until it is read.
  static constexpr std::size_t kMaxBatch = 64;

 private:
  struct Impl;
  explicit RequestSocket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Notifications about links and IPv4 and IPv6 addresses.
class Monitor {
 public:
  static base::Result<Monitor> open();
  Monitor(Monitor&&) noexcept;
  Monitor& operator=(Monitor&&) noexcept;
  ~Monitor();

  int descriptor() const;  // non-blocking

  // `complete`: nothing is left of what was reported before the call. `overrun`: the kernel had to drop notifications
  // (ENOBUFS); dump again.
  enum class Outcome { complete, more, overrun };
  // Hands over what has been reported until now, in the kernel's order; at most kMaxPerDrain notifications, so that who
  // has other things to do in between can call again while the descriptor is readable.
  Outcome drain(const std::function<void(const Event&)>& handle);

  // Each takes some 3 µs to decode, and some 20 µs to be compared with what is wanted.
  static constexpr int kMaxPerDrain = 16;

 private:
  struct Impl;
  explicit Monitor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::netlink
