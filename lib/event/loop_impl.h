// SPDX-License-Identifier: Apache-2.0
// The inside of Loop, for this folder's .cpp files only: Asio costs seconds per translation unit.
#pragma once

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <memory>
#include <unordered_map>

#include "lib/event/loop.h"

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
  asio::io_context context{1};
  std::unordered_map<int, std::weak_ptr<SharedDescriptor>> descriptors;

  std::shared_ptr<SharedDescriptor> share(int descriptor);
};

}  // namespace tandem::event
