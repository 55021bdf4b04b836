// SPDX-License-Identifier: Apache-2.0
// A sink that passes copies of its records from the logger of one thread to the logger of another, which has the real
// sinks. The logging thread never waits for the other one. The number of records between them is limited.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "lib/log/log.h"

namespace tandem::log {

struct OwnedRecord {
  Level level;
  std::string id;
  std::string text;
};

// The bytes of the records between the two threads. The receiver may lag behind: the sender, at real-time priority, can
// keep the processor while it logs 60 000 packets a second.
class Backlog {
 public:
  static constexpr std::size_t kMost = 4U << 20U;  // bytes: some 10 000 records

  // Called by the sender. False: there is no room, and the record counts as dropped. After that, records are accepted
  // again when half of the room is free.
  bool reserve(std::size_t size) {
    if (waiting_ + size > (missed_ == 0 ? kMost : kMost / 2)) {
      ++missed_;
      ++dropped_;
      return false;
    }
    waiting_ += size;
    return true;
  }
  std::uint64_t take_missed() { return std::exchange(missed_, 0); }  // by the sender: dropped since the last call

  void release(std::size_t size) { waiting_ -= size; }  // by the receiver
  std::uint64_t dropped() const { return dropped_; }    // by any thread

  static std::size_t size_of(const OwnedRecord& record) {
    constexpr std::size_t kOverhead = 256;  // of the record, and of the call that carries it
    return record.text.size() + kOverhead;
  }

 private:
  std::atomic<std::size_t> waiting_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::uint64_t missed_ = 0;
};

class Relay : public Sink {
 public:
  using Deliver = std::function<void(OwnedRecord)>;
  explicit Relay(Deliver deliver) : deliver_(std::move(deliver)) {}
  void write(const Record& record) override {
    deliver_({record.level, std::string(record.id), std::string(record.text)});
  }

 private:
  Deliver deliver_;
};

}  // namespace tandem::log
