// SPDX-License-Identifier: Apache-2.0
// The wires: what becomes of a frame between two ports. Frames are bytes; they are encoded and decoded by the real
// codec at both ends.
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
  // What the codec makes of the bytes; decoded when the first receiver looks at them.
  std::optional<base::Result<packet::ReceivedAdvertisement, packet::Rejected>> decoded{};
  MemberId sender = 0;
  IpAddress source{Family::ipv4};
  int references = 0;
};
using FrameId = std::uint32_t;

// Frames under way, without an allocation for each. They stay where they are in memory.
class FramePool {
 public:
  FrameId acquire();
  Frame& operator[](FrameId id) { return frames_[id]; }
  void release(FrameId id);

 private:
  std::deque<Frame> frames_;
  std::vector<FrameId> free_;
};

// How a LAN is at present, beyond what Lan says of it.
struct Conditions {
  Ppm loss = 0;
  Ppm duplication = 0;
  Ppm corruption = 0;
  Duration jitter{};
  std::uint32_t split = 0;  // machines are on one side or the other by their bit (of the machine's number modulo 32)
  bool cut_up = false;      // nothing gets from side 0 to side 1
  bool cut_down = false;    // nor back
};

struct Port {
  bool carrier = true;
  bool hears = true;
  bool is_heard = true;
  unsigned number = 0;  // how often its primary address has changed
  bool has_primary = true;
};

class Wire {
 public:
  Wire(const Scenario& scenario, Random random);

  Port& port(MachineId machine, LanId lan) { return ports_[machine * conditions_.size() + lan]; }
  Conditions& conditions(LanId lan) { return conditions_[lan]; }
  void calm();  // no extra conditions anywhere

  struct Copy {
    Duration after{};
    bool corrupted = false;
  };
  struct Fate {
    int copies = 0;
    std::array<Copy, 2> copy{};
  };
  Fate fate(LanId lan, MachineId from, MachineId to);
  // One bit flips.
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
