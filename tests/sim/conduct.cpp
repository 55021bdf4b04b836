// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/conduct.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace tandem::sim {

namespace {

using core::State;

// Checks the actions of one step in order.
class Story {
 public:
  Story(const Step& step, RouterFacts& router) : step_(step), router_(router) {}

  Verdict tell() {
    for (const core::Action& action : step_.actions) {
      if (Verdict verdict = std::visit([&](const auto& what) { return on(what); }, action.what)) {
        return verdict;
      }
    }
    return end();
  }

 private:
  Verdict on(const core::SendAdvertisement& send) {
    const std::uint8_t priority = send.advertisement.priority;
    if (priority == packet::kPriorityRelease) {
      if (router_.state != State::master) {
        return "a router that is not Master sent priority 0";
      }
      released_ = true;
      return check_fields(send, step_.stimulus == Stimulus::configured ? router_.previous : router_.config);
    }
    if (released_ && router_.state == State::master) {
      return "an advert followed priority 0";
    }
    if (priority != router_.priority()) {
      return fmt::format("sent priority {} instead of {}", priority, router_.priority());
    }
    sent_ = true;
    return check_fields(send, router_.config);
  }

  Verdict check_fields(const core::SendAdvertisement& send, const RouterConfig& config) const {
    const packet::Advertisement& fields = send.advertisement;
    if (fields.version != config.version || fields.vrid != config.vrid) {
      return "sent an advert of another version or VRID than configured";
    }
    if (fields.interval != std::chrono::ceil<base::Centiseconds>(config.advertisement_interval)) {
      return "sent an advert with another interval than its own";
    }
    if (send.addresses != config.addresses && *send.addresses != *config.addresses) {
      return "sent an advert with other addresses than configured";
    }
    if (send.source != router_.source) {
      return fmt::format("sent an advert from {} instead of {}", send.source.to_string(), router_.source.to_string());
    }
    const bool pinned_form = fields.version == Version::v3 && config.family == Family::ipv4 &&
                             config.checksum != core::ChecksumMode::automatic;
    if (pinned_form &&
        (fields.checksum == ChecksumForm::pseudoheader) != (config.checksum == core::ChecksumMode::pseudoheader)) {
      return "sent the form of the checksum that is configured away";
    }
    return std::nullopt;
  }

  Verdict on(const core::OwnershipChanged& ownership) {
    if (ownership.claimed && !sent_) {
      return "claimed the addresses before it sent an advert";
    }
    router_.claimed = ownership.claimed;
    return std::nullopt;
  }

  Verdict on(const core::HeldBack&) const {
    return router_.state == State::backup ? Verdict() : "the startup delay holds a router that is not Backup";
  }

  Verdict on(const core::Announce& announce) {
    if (!router_.claimed) {
      return "announced addresses that it had not claimed";
    }
    const std::vector<IpAddress>& own = *router_.config.addresses;
    const bool all_own = std::all_of(announce.addresses->begin(), announce.addresses->end(), [&](const IpAddress& a) {
      return std::find(own.begin(), own.end(), a) != own.end();
    });
    announced_ = true;
    return all_own ? Verdict() : "announced an address that is not configured";
  }

  Verdict on(const core::Transitioned& transitioned) {
    const core::Transition& change = transitioned.transition;
    if (change.from != router_.state || change.from == change.to) {
      return fmt::format("told of a transition from {} to {} while it was in {}", core::to_string(change.from),
                         core::to_string(change.to), core::to_string(router_.state));
    }
    if (change.from == State::initialize && change.to == State::master && !router_.owner) {
      return "became Master at once without owning the addresses";
    }
    if (change.to == State::master && !(sent_ && router_.claimed && announced_)) {
      return "became Master without advert, claim and announcement";
    }
    if (change.from == State::master && router_.claimed) {
      return "left Master and kept the addresses";
    }
    const bool has_link = router_.status.present && router_.status.up;
    if (change.from == State::master && change.to == State::initialize && has_link && !released_) {
      return "left Master without priority 0";
    }
    if (change.from == State::master && change.to == State::backup && !loses()) {
      return "became Backup without an advert that wins";
    }
    router_.state = change.to;
    sent_ = false;
    return std::nullopt;
  }

  Verdict on(const core::Noticed&) { return std::nullopt; }

  Verdict end() const {
    if (router_.claimed != (router_.state == State::master)) {
      return fmt::format("{} the addresses in {}", router_.claimed ? "has" : "does not have",
                         core::to_string(router_.state));
    }
    if (sent_ && router_.state != State::master) {
      return fmt::format("sent an advert in {}", core::to_string(router_.state));
    }
    const bool runs = router_.state != State::initialize;
    if (step_.stimulus != Stimulus::removed && runs != router_.may_run()) {
      return runs ? "runs although something stands in its way" : "is in Initialize although nothing stands in its way";
    }
    if (step_.before == State::master && router_.state == State::master && loses()) {
      return "stayed Master although an advert arrived that wins";
    }
    return std::nullopt;
  }

  bool loses() const {
    return step_.stimulus == Stimulus::advertisement && step_.admissible &&
           step_.advertisement->fields.priority != packet::kPriorityRelease && step_.advertisement_wins();
  }

  const Step& step_;
  RouterFacts& router_;
  bool sent_ = false;  // since the last transition
  bool released_ = false;
  bool announced_ = false;
};

}  // namespace

Verdict check_conduct(const Step& step, RouterFacts& router) { return Story(step, router).tell(); }

}  // namespace tandem::sim
