// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/election.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>

namespace tandem::sim {

namespace {

using namespace std::chrono_literals;
using core::State;

bool same_but_for_the_state(const Standing& a, const Standing& b) {
  return a.able == b.able && a.priority == b.priority && a.preempts == b.preempts &&
         a.preempt_delay == b.preempt_delay && a.startup_delay == b.startup_delay && a.version == b.version &&
         a.interval == b.interval && a.source == b.source;
}

}  // namespace

Duration Election::stretched(Duration local) const {
  return Duration(local.count() * 1'000'000 / (1'000'000 + circumstances_.slowest_clock)) + 2us;
}

Duration Election::master_down() const { return stretched(3 * longest_interval_ + longest_skew_); }

Duration Election::longest_gap() const {
  return stretched(longest_startup_delay_) + master_down() + circumstances_.travel + 2 * circumstances_.latency;
}

Duration Election::settling_time() const {
  const Duration elections = circumstances_.forms_to_learn ? 2 * master_down() : master_down();
  return stretched(longest_startup_delay_) + elections + stretched(longest_delay_) + stretched(longest_interval_) +
         4 * circumstances_.quiet_travel + 4 * circumstances_.latency;
}

Duration Election::duel_limit(const Duel& duel) const {
  return (duel.lost + 1) * (stretched(members_[duel.winner].interval) + circumstances_.latency) +
         circumstances_.travel + circumstances_.latency;
}

void Election::raise_bounds(const Standing& standing) {
  longest_interval_ = std::max(longest_interval_, standing.interval);
  longest_skew_ = std::max({longest_skew_, standing.interval, standing.version == Version::v2 ? Duration(1s) : 0us});
  longest_delay_ = std::max(longest_delay_, standing.preempt_delay);
  longest_startup_delay_ = std::max(longest_startup_delay_, standing.startup_delay);
}

Verdict Election::update(std::size_t member, const Standing& standing, TimePoint now) {
  Standing& known = members_[member];
  const bool disturbed = !same_but_for_the_state(known, standing);
  const bool moved = known.state != standing.state;
  if (!disturbed && !moved) {
    return std::nullopt;
  }
  Verdict verdict;
  if (disturbed) {
    raise_bounds(standing);
    disturb(now);
    disturbed_at_ = now;
  } else if (now > quiet_since_ + settling_time() && able_ones_agree() && !has_stalled_master()) {
    verdict = fmt::format("{} -> {} although nothing has disturbed the group for {} us", core::to_string(known.state),
                          core::to_string(standing.state), (now - quiet_since_).count());
  }
  known = standing;
  const bool had_master = masters_.any();
  masters_.set(member, standing.state == State::master);
  if (had_master && masters_.none()) {
    masterless_since_ = now;
  }
  refresh_duels(member, now);
  return verdict;
}

bool Election::beats(std::size_t a, std::size_t b) const {
  return std::pair(members_[a].priority, members_[a].source) > std::pair(members_[b].priority, members_[b].source);
}

void Election::refresh_duels(std::size_t member, TimePoint now) {
  std::erase_if(duels_, [&](const Duel& duel) { return duel.winner == member || duel.loser == member; });
  if (!masters_.test(member) || !members_[member].able) {
    return;
  }
  for (std::size_t other = 0; other < size_; ++other) {
    if (other != member && masters_.test(other) && members_[other].able) {
      const bool wins = beats(member, other);
      duels_.push_back({.winner = wins ? member : other, .loser = wins ? other : member, .since = now, .lost = 0});
    }
  }
}

void Election::lost(std::size_t sender, std::size_t receiver, TimePoint now) {
  if (members_[receiver].able) {
    disturb(now);
  }
  unusable(sender, receiver);
}

void Election::unusable(std::size_t sender, std::size_t receiver) {
  for (Duel& duel : duels_) {
    if (duel.winner == sender && duel.loser == receiver) {
      ++duel.lost;
    }
  }
}

bool Election::any_able() const {
  return std::any_of(members_.begin(), members_.begin() + size_, [](const Standing& one) { return one.able; });
}

bool Election::has_stalled_master() const {
  return std::any_of(members_.begin(), members_.begin() + size_,
                     [](const Standing& one) { return one.state == State::master && !one.able; });
}

bool Election::able_ones_agree() const {
  const Standing* first = nullptr;
  for (const Standing& one : std::span(members_).first(size_)) {
    if (!one.able) {
      continue;
    }
    first = first == nullptr ? &one : first;
    const bool same_interval = one.version == Version::v3 || one.interval == first->interval;
    if (one.version != first->version || !same_interval) {
      return false;
    }
  }
  return true;
}

Verdict Election::check(TimePoint now) const {
  for (const Duel& duel : duels_) {
    if (now - duel.since > duel_limit(duel)) {
      return fmt::format("two Masters for {} us, which is longer than the loss of {} adverts explains",
                         (now - duel.since).count(), duel.lost);
    }
  }
  if (masters_.none() && any_able()) {
    const TimePoint since = std::max(masterless_since_, disturbed_at_);
    if (now - since > longest_gap()) {
      return fmt::format("no Master for {} us", (now - since).count());
    }
  }
  return now > quiet_since_ + settling_time() ? check_settled() : std::nullopt;
}

Verdict Election::check_settled() const {
  if (!any_able() || has_stalled_master() || !able_ones_agree()) {
    return std::nullopt;
  }
  if (masters_.count() != 1) {
    return fmt::format("{} Masters in a group that nothing disturbs", masters_.count());
  }
  for (std::size_t one = 0; one < size_; ++one) {
    for (std::size_t other = 0; masters_.test(one) && other < size_; ++other) {
      const Standing& better = members_[other];
      if (better.able && better.preempts && better.priority > members_[one].priority) {
        return fmt::format("the Master has priority {}, a router that preempts has {}", members_[one].priority,
                           better.priority);
      }
    }
  }
  return std::nullopt;
}

}  // namespace tandem::sim
