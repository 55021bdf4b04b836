// SPDX-License-Identifier: Apache-2.0
// The inside of Loop, for this folder's .cpp files only: Asio costs seconds per translation unit.
#pragma once

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <atomic>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>

#include "lib/event/loop.h"
#include "lib/event/mailbox.h"

namespace tandem::event {

// The kernel's epoll knows a descriptor once, but it may be watched for reading and for writing: the watches of one
// descriptor share this. Gives the descriptor back unclosed.
struct SharedDescriptor {
  SharedDescriptor(asio::io_context& context, int descriptor) : stream(context, descriptor) {}
  ~SharedDescriptor() { stream.release(); }
  SharedDescriptor(const SharedDescriptor&) = delete;
  SharedDescriptor& operator=(const SharedDescriptor&) = delete;

  asio::posix::stream_descriptor stream;
};

struct Loop::Impl {
  asio::io_context context{ASIO_CONCURRENCY_HINT_UNSAFE};  // without locks: for the loop's own thread
  std::unordered_map<int, std::weak_ptr<SharedDescriptor>> descriptors;
  std::atomic<bool> stopping = false;
  Mailbox mailbox;
  std::list<Handler> taken;   // from the mailbox, not run yet
  std::optional<Watch> mail;  // its wait is work of the context, which would stop without any

  std::shared_ptr<SharedDescriptor> share(int descriptor);
  bool runs_here();  // on the calling thread; from any
  void run_mail();
};

}  // namespace tandem::event
