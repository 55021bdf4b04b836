// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/recording/replay.h"

#include <charconv>

#include "vrrpd/recording/line.h"

namespace tandem::vrrpd::recording {

namespace {

constexpr std::size_t kMaxDifferences = 10;  // more would not help to find the cause

std::vector<std::uint8_t> bytes_of(const std::vector<base::IpAddress>& addresses) {
  std::vector<std::uint8_t> bytes;
  for (const base::IpAddress& address : addresses) {
    bytes.insert(bytes.end(), address.bytes().begin(), address.bytes().end());
  }
  return bytes;
}

}  // namespace

base::Result<> Replay::feed(std::string_view line) {
  ++line_;
  if (const base::Result<> done = read(line); !done) {
    return base::fail("line {}: {}", line_, done.error().message);
  }
  return {};
}

base::Result<> Replay::read(std::string_view line) {
  constexpr std::string_view kRouter = "router ";
  if (line_ == 1) {
    return line == kFirstLine ? base::Result<>() : base::fail("this is no recording: \"{}\" expected", kFirstLine);
  }
  if (line.empty() || line.front() == '#') {
    return {};
  }
  if (line.front() == '>') {
    expected_.emplace_back(line);
    return {};
  }
  compare_rest();
  if (line.starts_with(kRouter)) {
    return remember_name(line.substr(kRouter.size()));
  }
  const auto input = TANDEM_TRY(parse_input(line));
  if (base::Result<> fine = check(input); !fine) {
    return fine;
  }
  input_line_ = line_;
  ++inputs_;
  first_ = first_.value_or(input.at);
  tell_input(input);
  carry_out(input);
  return {};
}

base::Result<> Replay::finish() {
  compare_rest();
  return line_ == 0 ? base::fail("this is no recording: it is empty") : base::Result<>();
}

base::Result<> Replay::remember_name(std::string_view rest) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc() || end == rest.data() + rest.size() || *end != ' ') {
    return base::fail("the number of a router and its name expected, found \"{}\"", rest);
  }
  names_[core::RouterId{number}] = std::string(rest.substr(static_cast<std::size_t>(end - rest.data()) + 1));
  return {};
}

// The preconditions of the engine.
base::Result<> Replay::check(const Input& input) const {
  const core::Router* const router = engine_.find(input.router);
  const bool begins = std::holds_alternative<Added>(input.what) || std::holds_alternative<Resumed>(input.what);
  if (begins && router != nullptr) {
    return base::fail("router {} is there already", static_cast<std::uint32_t>(input.router));
  }
  const auto* configured = std::get_if<core::Configured>(&input.what);
  if (configured != nullptr && router != nullptr &&
      (configured->config.family != router->config().family || configured->config.vrid != router->config().vrid)) {
    return base::fail("router {} cannot change its family or VRID", static_cast<std::uint32_t>(input.router));
  }
  const auto* heard = std::get_if<HeardAdvertisement>(&input.what);
  if (heard != nullptr && router != nullptr && heard->source.family() != router->config().family) {
    return base::fail("router {} hears only {}", static_cast<std::uint32_t>(input.router),
                      base::to_string(router->config().family));
  }
  return {};
}

void Replay::carry_out(const Input& input) {
  const core::RouterId id = input.router;
  if (const auto* added = std::get_if<Added>(&input.what)) {
    engine_.add(id, added->config, added->status, input.at, actions_);
  } else if (const auto* resumed = std::get_if<Resumed>(&input.what)) {
    engine_.resume(id, resumed->config, resumed->status, resumed->state);
  } else if (std::holds_alternative<Removed>(input.what)) {
    engine_.remove(id, input.at, actions_);
  } else if (const auto* configured = std::get_if<core::Configured>(&input.what)) {
    engine_.handle(id, *configured, input.at, actions_);
  } else if (const auto* changed = std::get_if<core::InterfaceChanged>(&input.what)) {
    engine_.handle(id, *changed, input.at, actions_);
  } else if (const auto* heard = std::get_if<HeardAdvertisement>(&input.what)) {
    const std::vector<std::uint8_t> bytes = bytes_of(heard->addresses);
    const packet::AddressView addresses(heard->source.family(), bytes);
    engine_.handle(id, core::AdvertisementReceived{{heard->fields, heard->source, addresses}}, input.at, actions_);
  } else if (const auto* rejected = std::get_if<core::PacketRejected>(&input.what)) {
    engine_.handle(id, *rejected, input.at, actions_);
  } else if (std::holds_alternative<core::StopRequested>(input.what)) {
    engine_.handle(id, core::StopRequested{}, input.at, actions_);
  } else {
    engine_.advance(input.at, actions_);
  }
}

// The recorded and the replayed actions of the last input are complete: compares the rest.
void Replay::compare_rest() {
  for (std::size_t i = 0; i < std::max(actions_.size(), expected_.size()); ++i) {
    const std::string recorded = i < expected_.size() ? expected_[i] : "";
    const std::string replayed = i < actions_.size() ? to_line(actions_[i]) : "";
    if (!replayed.empty()) {
      const std::string_view words = std::string_view(replayed).substr(replayed.find(' ', 2) + 1);
      tell_line(fmt::format("{:>14} {}: {}", "->", name_of(actions_[i].router), words));
    }
    if (recorded != replayed && differences_.size() < kMaxDifferences) {
      differences_.push_back({input_line_, recorded, replayed});
      tell_line(fmt::format("{:>14} recorded was: {}", "!!", recorded.empty() ? "nothing" : recorded));
    }
  }
  actions_count_ += actions_.size();
  actions_.clear();
  expected_.clear();
}

void Replay::tell_input(const Input& input) {
  const std::int64_t us = (input.at - *first_).count();
  const std::string line = to_line(input);
  std::string_view words = std::string_view(line).substr(line.find(' ') + 1);
  if (std::holds_alternative<Advanced>(input.what)) {
    return tell_line(fmt::format("{:>14.6f} {}", static_cast<double>(us) / 1e6, words));
  }
  const std::size_t verb_end = words.find(' ');
  const std::string_view verb = words.substr(0, verb_end);
  const std::size_t number_end = words.find(' ', verb_end + 1);
  const std::string_view fields = number_end == std::string_view::npos ? "" : words.substr(number_end);
  tell_line(fmt::format("{:>14.6f} {}: {}{}", static_cast<double>(us) / 1e6, name_of(input.router), verb, fields));
}

void Replay::tell_line(std::string_view line) {
  if (tell_) {
    tell_(line);
  }
}

std::string Replay::name_of(core::RouterId id) const {
  const auto found = names_.find(id);
  return found == names_.end() ? fmt::format("router {}", static_cast<std::uint32_t>(id)) : found->second;
}

}  // namespace tandem::vrrpd::recording
