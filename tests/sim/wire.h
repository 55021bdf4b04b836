// SPDX-License-Identifier: Apache-2.0
// The wires between ports. A frame consists of bytes; the real codec encodes and decodes it at both ends.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <vector>

#include "tests/sim/scenario.h"

namespace tandem::sim {

struct Frame {
  static constexpr std::size_t kSize = 96;  // v2 or v3 with a handful of addresses
  std::array<std::uint8_t, kSize> bytes{};
  std::size_t size = 0;
  // The decoded frame. The first receiver decodes it.
  std::optional<base::Result<packet::ReceivedAdvertisement, packet::Rejected>> decoded{};
  MemberId sender = 0;
  IpAddress source{Family::ipv4};
  int references = 0;
};
using FrameId = std::uint32_t;

// Frames under way, without an allocation per frame. Their addresses in memory do not change.
class FramePool {
 public:
  FrameId acquire();
  Frame& operator[](FrameId id) { return frames_[id]; }
  void release(FrameId id);

 private:
  std::deque<Frame> frames_;
  std::vector<FrameId> free_;
};

// The present conditions of a LAN, in addition to Lan.
struct Conditions {
  Ppm loss = 0;
  Ppm duplication = 0;
  Ppm corruption = 0;
  Duration jitter{};
  std::uint32_t split = 0;  // a bit for each machine (machine number modulo 32): its side of the split
  bool cut_up = false;      // no frame passes from side 0 to side 1
  bool cut_down = false;    // no frame passes from side 1 to side 0
};

struct Port {
  bool carrier = true;
  bool hears = true;
  bool is_heard = true;
  unsigned number = 0;  // number of changes of its primary address
  bool has_primary = true;
};

class Wire {
 public:
  Wire(const Scenario& scenario, Random random);

  Port& port(MachineId machine, LanId lan) { return ports_[machine * conditions_.size() + lan]; }
  Conditions& conditions(LanId lan) { return conditions_[lan]; }
  void calm();  // removes the extra conditions of all LANs

  struct Copy {
    Duration after{};
    bool corrupted = false;
  };
  struct Fate {
    int copies = 0;
    std::array<Copy, 2> copy{};
  };
  Fate fate(LanId lan, MachineId from, MachineId to);
  // Flips one bit.
  void corrupt(Frame& frame);

 private:
  bool passes(LanId lan, MachineId from, MachineId to);
  Copy draw_copy(LanId lan);

  const Scenario& scenario_;
  Random random_;
  std::vector<Port> ports_;
  std::vector<Conditions> conditions_;
};

}  // namespace tandem::sim
