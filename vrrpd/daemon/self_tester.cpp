// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/self_tester.h"

#include <algorithm>
#include <set>
#include <utility>

#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::daemon {
namespace {

// Questions of a piece: the kernel answers each in some 50 µs, on the thread that asks.
constexpr std::size_t kPiece = 32;
// Between two pieces.
constexpr std::chrono::milliseconds kPause{50};

}  // namespace

SelfTester::SelfTester(event::Loop& loop, log::Logger& logger, Handlers handlers)
    : logger_(logger), handlers_(std::move(handlers)), timer_(loop, [this] { on_timer(); }) {}

void SelfTester::start(event::Worker& worker) {
  constexpr std::size_t kRank = 1;  // of io::Devices::background()
  inquirer_.emplace(worker, kRank, io::inquire_by_packet_sockets(),
                    [this](const std::vector<io::Inquiry>& inquiries, const io::Findings& findings) {
                      on_done(inquiries, findings);
                    });
  set_timer(event::monotonic_now());
}

void SelfTester::begin(core::RouterId id) {
  const base::TimePoint now = event::monotonic_now();
  own_.begin(id, now);
  wire_.begin(id, now);
  if (inquirer_ && inquirer_->under_way() == 0) {
    set_timer(now);
  }
}

void SelfTester::end(core::RouterId id) {
  own_.end(id);
  wire_.end(id);
}

void SelfTester::stop() {
  stopped_ = true;
  timer_.cancel();
  if (inquirer_) {
    inquirer_->give_up();
  }
}

void SelfTester::set_timer(base::TimePoint not_before) {
  const auto own = own_.deadline();
  const auto wire = wire_.deadline();
  if (!stopped_ && (own || wire)) {
    timer_.set(
        std::max(not_before, std::min(own.value_or(base::TimePoint::max()), wire.value_or(base::TimePoint::max()))));
  }
}

void SelfTester::on_timer() {
  const base::TimePoint now = event::monotonic_now();
  std::vector<io::Inquiry> inquiries = next_of_own(now);
  if (inquiries.empty()) {
    inquiries = next_of_wire(now);
  }
  if (inquiries.empty()) {
    set_timer(now);
  } else {
    inquirer_->begin(std::move(inquiries));
  }
}

std::vector<io::Inquiry> SelfTester::next_of_own(base::TimePoint now) {
  std::vector<io::Inquiry> inquiries;
  while (inquiries.size() < kPiece) {
    const auto id = own_.first_due(now);
    if (!id) {
      break;
    }
    const auto subject = handlers_.describe(*id);
    if (!subject || !subject->looped) {
      own_.take(*id, {}, 0, now);
      continue;
    }
    for (const base::IpAddress& address : own_.take(*id, subject->addresses, kPiece - inquiries.size(), now)) {
      const auto at = std::ranges::find(subject->addresses, address) - subject->addresses.begin();
      const base::IpAddress& sender = subject->own_senders[static_cast<std::size_t>(at)];
      inquiries.push_back({*id, subject->macvlan, subject->virtual_mac, {address, sender, subject->virtual_mac}});
    }
  }
  return inquiries;
}

std::vector<io::Inquiry> SelfTester::next_of_wire(base::TimePoint now) {
  std::vector<io::Inquiry> inquiries;
  while (inquiries.size() < kPiece) {
    const auto id = wire_.first_due(now);
    if (!id) {
      break;
    }
    const auto subject = handlers_.describe(*id);
    const bool can = subject && subject->wire_sender;
    const auto address = wire_.take(*id, can ? subject->addresses : std::vector<base::IpAddress>(), now);
    if (address) {
      inquiries.push_back(
          {*id, subject->parent, packet::group_mac(*address), {*address, *subject->wire_sender, subject->parent_mac}});
    }
  }
  return inquiries;
}

void SelfTester::on_done(const std::vector<io::Inquiry>& inquiries, const io::Findings& findings) {
  if (findings.failure.empty()) {
    judge(inquiries, findings);
  }
  if (std::exchange(failure_, findings.failure) != findings.failure) {
    if (findings.failure.empty()) {
      logger_.write<io::kAskedAgain>();
    } else {
      logger_.write<io::kNotAsked>(findings.failure);
    }
  }
  set_timer(event::monotonic_now() + kPause);
}

void SelfTester::judge(const std::vector<io::Inquiry>& inquiries, const io::Findings& findings) {
  std::set<core::RouterId> asked;
  for (std::size_t i = 0; i < inquiries.size(); ++i) {
    const io::Inquiry& inquiry = inquiries[i];
    if (!inquiry.is_looped()) {
      judge_wire(inquiry, findings.stations[i]);
      continue;
    }
    asked.insert(inquiry.router);
    if (findings.stations[i]) {
      own_.answered(inquiry.router, inquiry.question.target);
    } else {
      own_.missed(inquiry.router, inquiry.question.target);
    }
  }
  const base::TimePoint now = event::monotonic_now();
  for (const core::RouterId id : asked) {
    if (const TestChange change = own_.judge(id, now); change != TestChange::none) {
      handlers_.own_changed(id, change);
    }
  }
}

void SelfTester::judge_wire(const io::Inquiry& inquiry, const std::optional<base::MacAddress>& station) {
  const TestChange change = wire_.judge(inquiry.router, inquiry.question.target, station, event::monotonic_now());
  if (change != TestChange::none) {
    handlers_.wire_changed(inquiry.router, change);
  }
}

}  // namespace tandem::vrrpd::daemon
