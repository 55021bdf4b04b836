// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/recording/line.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "vrrpd/recording/values.h"

namespace tandem::vrrpd::recording {

namespace {

// Appends " key=value" for each field.
template <class Struct>
void write_fields(const Struct& value, std::string& line) {
  base::for_each_field(value, [&line](const base::FieldInfo& field, const auto& member) {
    line += fmt::format(" {}={}", field.name, to_word(member));
  });
}

std::string_view next_word(std::string_view& rest) {
  const std::size_t end = rest.find(' ');
  const std::string_view word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return word;
}

// The key=value words of a line. Each is read once, in any order.
class KeyValues {
 public:
  explicit KeyValues(std::string_view rest) {
    while (!rest.empty()) {
      words_.push_back(next_word(rest));
    }
  }

  // Reads each field. A missing field that older recordings lack keeps its value.
  template <class Struct>
  void read(Struct& value) {
    base::for_each_field(value, [this](const base::FieldInfo& field, auto& member) {
      const auto word = std::ranges::find_if(words_, [&](std::string_view each) {
        return each.starts_with(field.name) && each.substr(field.name.size()).starts_with('=');
      });
      if (word == words_.end()) {
        require(field.optional, fmt::format("{}=… is missing", field.name));
        return;
      }
      require(from_word(word->substr(field.name.size() + 1), member),
              fmt::format("{}=… expected, found \"{}\"", field.name, *word));
      words_.erase(word);
    });
  }
  void require(bool fine, std::string_view otherwise) {
    if (!fine && wrong_.empty()) {
      wrong_ = otherwise;
    }
  }
  // The error of the line; empty: every word has been read.
  std::string wrong() const {
    return wrong_.empty() && !words_.empty() ? fmt::format("\"{}\" is too much", words_.front()) : wrong_;
  }

 private:
  std::vector<std::string_view> words_;
  std::string wrong_;
};

core::RouterConfig read_config(KeyValues& words) {
  auto config = base::blank<core::RouterConfig>();
  words.read(config);
  words.require(config.advertisement_interval > base::Duration::zero(), "interval is 0");
  words.require(config.addresses->empty() || config.addresses->front().family() == config.family,
                "addresses are of the other family");
  words.require(config.version == packet::Version::v3 || config.family == base::Family::ipv4, "version 2 has no IPv6");
  return config;
}

core::InterfaceStatus read_status(KeyValues& words) {
  core::InterfaceStatus status;
  words.read(status);
  return status;
}

Resumed read_resumed(KeyValues& words) {
  Resumed resumed{read_config(words), read_status(words), {}};
  words.read(resumed.state);
  words.require(resumed.state.state == core::State::initialize || resumed.state.source.has_value(),
                "no source address");
  return resumed;
}

HeardAdvertisement read_heard(KeyValues& words) {
  auto heard = base::blank<HeardAdvertisement>();
  words.read(heard);
  words.require(heard.addresses.empty() || heard.addresses.front().family() == heard.source.family(),
                "addresses are of the other family");
  return heard;
}

// The rest of the line, after the time, the verb and the number of the router.
std::optional<decltype(Input::what)> read_what(std::string_view verb, KeyValues& words) {
  if (verb == "add") {
    core::RouterConfig config = read_config(words);
    return Added{std::move(config), read_status(words)};
  }
  if (verb == "resume") {
    return read_resumed(words);
  }
  if (verb == "configure") {
    return core::Configured{read_config(words)};
  }
  if (verb == "interface") {
    return core::InterfaceChanged{read_status(words)};
  }
  if (verb == "heard") {
    return read_heard(words);
  }
  if (verb == "rejected") {
    auto rejected = base::blank<core::PacketRejected>();
    words.read(rejected);
    return rejected;
  }
  if (verb == "remove") {
    return Removed{};
  }
  return verb == "stop" ? std::optional<decltype(Input::what)>(core::StopRequested{}) : std::nullopt;
}

// Appends the fields of an input and returns its verb.
std::string_view write(const Added& added, std::string& line) {
  write_fields(added.config, line);
  write_fields(added.status, line);
  return "add";
}
std::string_view write(const Resumed& resumed, std::string& line) {
  write_fields(resumed.config, line);
  write_fields(resumed.status, line);
  write_fields(resumed.state, line);
  return "resume";
}
std::string_view write(const Removed&, std::string&) { return "remove"; }
std::string_view write(const core::Configured& configured, std::string& line) {
  write_fields(configured.config, line);
  return "configure";
}
std::string_view write(const core::InterfaceChanged& changed, std::string& line) {
  write_fields(changed.status, line);
  return "interface";
}
std::string_view write(const HeardAdvertisement& heard, std::string& line) {
  write_fields(heard, line);
  return "heard";
}
std::string_view write(const core::PacketRejected& rejected, std::string& line) {
  write_fields(rejected, line);
  return "rejected";
}
std::string_view write(const core::StopRequested&, std::string&) { return "stop"; }
std::string_view write(const Advanced&, std::string&) { return "advance"; }

std::string words_of(const core::SendAdvertisement& send) {
  std::string text = "send";
  write_fields(HeardAdvertisement{send.advertisement, send.source, *send.addresses}, text);
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
  const std::string_view verb = std::visit([&](const auto& what) { return write(what, fields); }, input.what);
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
  KeyValues words(line);
  auto what = read_what(verb, words);
  if (!what) {
    return base::fail("\"{}\" is not something that happens", verb);
  }
  if (const std::string wrong = words.wrong(); !wrong.empty()) {
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
