// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/recording/line.h"

#include <fmt/format.h>

#include <charconv>

#include "vrrpd/recording/fields.h"
#include "vrrpd/recording/values.h"

namespace tandem::vrrpd::recording {

namespace {

class Writing {
 public:
  explicit Writing(std::string& line) : line_(line) {}
  template <class Value>
  void operator()(std::string_view key, const Value& value) {
    line_ += fmt::format(" {}={}", key, to_word(value));
  }
  template <class Value>
  void added(std::string_view key, const Value& value) {
    (*this)(key, value);
  }

 private:
  std::string& line_;
};

std::string_view next_word(std::string_view& rest) {
  const std::size_t end = rest.find(' ');
  const std::string_view word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return word;
}

// Takes the fields in the order in which they are written.
class Reading {
 public:
  explicit Reading(std::string_view rest) : rest_(rest) {}

  template <class Value>
  void operator()(std::string_view key, Value& value) {
    const std::string_view word = next_word(rest_);
    const std::size_t equals = word.find('=');
    const bool fine =
        word.substr(0, equals) == key && equals != std::string_view::npos && from_word(word.substr(equals + 1), value);
    if (!fine && wrong_.empty()) {
      wrong_ = fmt::format("{}=… expected, found \"{}\"", key, word);
    }
  }
  // A field at the end that recordings of older versions do not have.
  template <class Value>
  void added(std::string_view key, Value& value) {
    if (!rest_.empty()) {
      (*this)(key, value);
    }
  }
  void require(bool fine, std::string_view what) {
    if (!fine && wrong_.empty()) {
      wrong_ = what;
    }
  }
  std::string wrong() const {
    return wrong_.empty() && !rest_.empty() ? fmt::format("\"{}\" is too much", rest_) : wrong_;
  }

 private:
  std::string_view rest_;
  std::string wrong_;
};

core::RouterConfig blank_config() {
  return {.family = base::Family::ipv4,
          .vrid = packet::Vrid(1),
          .version = packet::Version::v3,
          .priority = 0,
          .advertisement_interval = {},
          .preempt = false,
          .preempt_delay = {},
          .checksum = core::ChecksumMode::automatic,
          .shutdown = false,
          .addresses = std::make_shared<const std::vector<base::IpAddress>>()};
}

void read_config(Reading& reading, core::RouterConfig& config) {
  describe_config(reading, config);
  reading.require(config.advertisement_interval > base::Duration::zero(), "interval is 0");
  reading.require(config.addresses->empty() || config.addresses->front().family() == config.family,
                  "addresses are of the other family");
  reading.require(config.version == packet::Version::v3 || config.family == base::Family::ipv4,
                  "version 2 has no IPv6");
}

// What follows the time, the verb and the number of the router.
std::optional<decltype(Input::what)> read_what(std::string_view verb, Reading& reading) {
  if (verb == "add") {
    Added added{blank_config(), {}};
    read_config(reading, added.config);
    describe_status(reading, added.status);
    describe_startup_delay(reading, added.config);
    describe_counts_from(reading, added.status);
    return added;
  }
  if (verb == "resume") {
    Resumed resumed{blank_config(), {}, {}};
    read_config(reading, resumed.config);
    describe_status(reading, resumed.status);
    describe_memory(reading, resumed.memory);
    describe_startup_delay(reading, resumed.config);
    describe_counts_from(reading, resumed.status);
    reading.require(resumed.memory.state == core::State::initialize || resumed.memory.source.has_value(),
                    "no source address");
    return resumed;
  }
  if (verb == "configure") {
    core::Configured configured{blank_config()};
    read_config(reading, configured.config);
    describe_startup_delay(reading, configured.config);
    return configured;
  }
  if (verb == "interface") {
    core::InterfaceChanged changed{};
    describe_status(reading, changed.status);
    describe_counts_from(reading, changed.status);
    return changed;
  }
  if (verb == "heard") {
    HeardAdvertisement heard{{packet::Version::v3, packet::Vrid(1), 0, {}, packet::ChecksumForm::pseudoheader},
                             blank<base::IpAddress>(),
                             {}};
    describe_heard(reading, heard);
    reading.require(heard.addresses.empty() || heard.addresses.front().family() == heard.source.family(),
                    "addresses are of the other family");
    return heard;
  }
  if (verb == "rejected") {
    core::PacketRejected rejected{{}, blank<base::IpAddress>()};
    describe_rejected(reading, rejected);
    return rejected;
  }
  if (verb == "remove") {
    return Removed{};
  }
  return verb == "stop" ? std::optional<decltype(Input::what)>(core::StopRequested{}) : std::nullopt;
}

// The verb of an input, and its fields.
std::string_view write(const Added& added, Writing& writing) {
  describe_config(writing, added.config);
  describe_status(writing, added.status);
  describe_startup_delay(writing, added.config);
  describe_counts_from(writing, added.status);
  return "add";
}
std::string_view write(const Resumed& resumed, Writing& writing) {
  describe_config(writing, resumed.config);
  describe_status(writing, resumed.status);
  describe_memory(writing, resumed.memory);
  describe_startup_delay(writing, resumed.config);
  describe_counts_from(writing, resumed.status);
  return "resume";
}
std::string_view write(const Removed&, Writing&) { return "remove"; }
std::string_view write(const core::Configured& configured, Writing& writing) {
  describe_config(writing, configured.config);
  describe_startup_delay(writing, configured.config);
  return "configure";
}
std::string_view write(const core::InterfaceChanged& changed, Writing& writing) {
  describe_status(writing, changed.status);
  describe_counts_from(writing, changed.status);
  return "interface";
}
std::string_view write(const HeardAdvertisement& heard, Writing& writing) {
  describe_heard(writing, heard);
  return "heard";
}
std::string_view write(const core::PacketRejected& rejected, Writing& writing) {
  describe_rejected(writing, rejected);
  return "rejected";
}
std::string_view write(const core::StopRequested&, Writing&) { return "stop"; }
std::string_view write(const Advanced&, Writing&) { return "advance"; }

std::string words_of(const core::SendAdvertisement& send) {
  std::string text = "send";
  Writing writing(text);
  const HeardAdvertisement same{send.advertisement, send.source, *send.addresses};
  describe_heard(writing, same);
  return text;
}
std::string words_of(const core::OwnershipChanged& ownership) { return ownership.claimed ? "claim" : "let-go"; }
std::string words_of(const core::HeldBack& change) {
  return change.held ? "startup-delay begins" : "startup-delay ends";
}
std::string words_of(const core::Announce& announce) { return "announce " + to_word(announce.addresses); }
std::string words_of(const core::Transitioned& transitioned) {
  const core::Transition& change = transitioned.transition;
  const std::string why = change.initialize_reason == core::InitializeReason::none
                              ? std::string(core::to_string(change.cause))
                              : core::describe(change.initialize_reason, "its interface");
  const std::string peer =
      change.peer ? fmt::format(" ({} priority {})", change.peer->to_string(), change.peer_priority) : "";
  return fmt::format("{} -> {}: {}{}", core::to_string(change.from), core::to_string(change.to), why, peer);
}
std::string words_of(const core::Noticed& noticed) {
  const std::string drop =
      noticed.notice == core::Notice::packet_dropped ? fmt::format(" reason={}", to_word(noticed.drop)) : "";
  return fmt::format("notice {}{} from={}", to_word(noticed.notice), drop, to_word(noticed.peer));
}

}  // namespace

std::string to_line(const Input& input) {
  std::string fields;
  Writing writing(fields);
  const std::string_view verb = std::visit([&](const auto& what) { return write(what, writing); }, input.what);
  if (std::holds_alternative<Advanced>(input.what)) {
    return fmt::format("{} advance", to_word(input.at));
  }
  return fmt::format("{} {} {}{}", to_word(input.at), verb, static_cast<std::uint32_t>(input.router), fields);
}

base::Result<Input> parse_input(std::string_view line) {
  Input input{{}, {}, Advanced{}};
  if (const std::string_view time = next_word(line); !from_word(time, input.at)) {
    return base::fail("a time in microseconds expected, found \"{}\"", time);
  }
  const std::string_view verb = next_word(line);
  if (verb == "advance") {
    return line.empty() ? base::Result<Input>(input) : base::fail("\"{}\" is too much", line);
  }
  const std::string_view id = next_word(line);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) {
    return base::fail("the number of a router expected, found \"{}\"", id);
  }
  input.router = core::RouterId{number};
  Reading reading(line);
  auto what = read_what(verb, reading);
  if (!what) {
    return base::fail("\"{}\" is not something that happens", verb);
  }
  if (const std::string wrong = reading.wrong(); !wrong.empty()) {
    return base::fail("{}: {}", verb, wrong);
  }
  input.what = std::move(*what);
  return input;
}

std::string to_line(const core::Action& action) {
  return fmt::format("> {} {}", static_cast<std::uint32_t>(action.router),
                     std::visit([](const auto& what) { return words_of(what); }, action.what));
}

std::string name_line(core::RouterId id, std::string_view name) {
  return fmt::format("router {} {}", static_cast<std::uint32_t>(id), name);
}

}  // namespace tandem::vrrpd::recording
