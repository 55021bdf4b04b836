// SPDX-License-Identifier: Apache-2.0
// A sink that hands copies of its records on: from the logger of one thread to that of another, which has the real
// sinks. Whoever logs is not held up by a slow disk or a full pipe.
#pragma once

#include <functional>
#include <string>

#include "lib/log/log.h"

namespace tandem::log {

struct OwnedRecord {
  Level level;
  std::string id;
  std::string text;
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
