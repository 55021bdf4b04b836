// SPDX-License-Identifier: Apache-2.0
// Which Masters ask for their own addresses and when, and what the answers mean (doc/decisions/0028). Two questions:
// does the kernel answer for each virtual address, and does a station on the wire answer for one of them as well? Pure:
// time is an argument.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/time.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::daemon {

// After a claim: by then the former Master has let go.
inline constexpr std::chrono::seconds kFirstTest{1};
// The kernel is asked again and again; sooner if it has not answered.
inline constexpr std::chrono::seconds kTestPause{10};
inline constexpr std::chrono::seconds kTestAgain{1};
// A busy machine may lose a question: so many in a row make a warning.
inline constexpr int kMisses = 3;
// The wire is asked for one address of each virtual router: a broadcast frame each time. A former Master may answer
// once more, and a station that answers may miss a question.
inline constexpr std::chrono::seconds kWirePause{30};
inline constexpr std::chrono::seconds kWireAgain{3};
inline constexpr int kWireAnswers = 2;

// Virtual routers by the time at which each is due.
class Rota {
 public:
  void set(core::RouterId id, base::TimePoint due);
  void remove(core::RouterId id);
  std::optional<base::TimePoint> deadline() const;
  std::optional<core::RouterId> first_due(base::TimePoint now) const;

 private:
  std::map<core::RouterId, base::TimePoint> due_;
  std::set<std::pair<base::TimePoint, core::RouterId>> schedule_;
};

enum class TestChange { none, begun, over };

// Whether the kernel answers: a pass asks for all addresses of a virtual router, in as many pieces as that takes.
class OwnTest {
 public:
  void begin(core::RouterId id, base::TimePoint now);  // it is Master; again: no change
  void end(core::RouterId id);
  std::optional<base::TimePoint> deadline() const { return rota_.deadline(); }
  std::optional<core::RouterId> first_due(base::TimePoint now) const { return rota_.first_due(now); }

  // The next of these addresses, `most` at most, of a router that is due. When it has had all of them it is due again
  // after kTestPause.
  std::vector<base::IpAddress> take(core::RouterId id, std::span<const base::IpAddress> addresses, std::size_t most,
                                    base::TimePoint now);
  void answered(core::RouterId id, const base::IpAddress& address) { note(id, address, 0); }
  void missed(core::RouterId id, const base::IpAddress& address);
  // What has become of the warning, after what take() returned was noted. Nothing changes in the middle of a pass.
  TestChange judge(core::RouterId id, base::TimePoint now);
  // Addresses that the kernel does not answer for; empty: there is no warning.
  std::vector<base::IpAddress> unanswered(core::RouterId id) const;

 private:
  struct Router {
    std::size_t next = 0;                     // address of this pass; 0: none has begun, or the last one has been asked
    std::map<base::IpAddress, int> misses{};  // in a row
    std::set<base::IpAddress> asked{};        // in this pass
    bool warned = false;
  };

  void note(core::RouterId id, const base::IpAddress& address, int misses);

  Rota rota_;
  std::map<core::RouterId, Router> routers_;
};

// Whether another station answers.
class WireTest {
 public:
  struct Station {
    base::IpAddress address;
    base::MacAddress mac;
    bool operator==(const Station&) const = default;
  };

  void begin(core::RouterId id, base::TimePoint now);
  void end(core::RouterId id);
  std::optional<base::TimePoint> deadline() const { return rota_.deadline(); }
  std::optional<core::RouterId> first_due(base::TimePoint now) const { return rota_.first_due(now); }

  // One of these addresses, another one each time, until one is answered for.
  std::optional<base::IpAddress> take(core::RouterId id, std::span<const base::IpAddress> addresses,
                                      base::TimePoint now);
  TestChange judge(core::RouterId id, const base::IpAddress& address, const std::optional<base::MacAddress>& station,
                   base::TimePoint now);
  std::optional<Station> station(core::RouterId id) const;  // that the warning is about

 private:
  struct Router {
    std::size_t next = 0;
    std::optional<Station> suspect{};
    int answers = 0;   // of the suspect, in a row
    int silences = 0;  // in a row, while there is a warning
    bool warned = false;
  };

  Rota rota_;
  std::map<core::RouterId, Router> routers_;
};

// For people: "10.10.10.16 and 3 more".
std::string some_of(std::span<const base::IpAddress> addresses);

}  // namespace tandem::vrrpd::daemon
