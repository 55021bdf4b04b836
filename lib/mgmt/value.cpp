// SPDX-License-Identifier: Apache-2.0
#include "lib/mgmt/value.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lib/mgmt/words.h"

namespace tandem::mgmt {
namespace {

std::string lower_case(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

// Writes a leaf under its name, or nothing if it has no value. Numbers of 64 bits are strings (RFC 7951 §6.1).
class LeafWriter {
 public:
  LeafWriter(json::Writer& writer, std::string_view name) : writer_(writer), name_(name) {}

  void operator()(bool b) const { leaf().boolean(b); }
  void operator()(unsigned n) const { leaf().number(n); }
  void operator()(OptionalNumber n) const {
    if (n.value != 0) {
      leaf().number(n.value);
    }
  }
  void operator()(Counter n) const { text(std::to_string(n.value)); }
  void operator()(Interval i) const {
    leaf().number(static_cast<std::uint64_t>(std::chrono::floor<base::Centiseconds>(i.value).count()));
  }
  void operator()(Timer t) const { text(std::to_string(t.value.count())); }
  void operator()(ExactTimer t) const { text(std::to_string(t.value.count())); }
  void operator()(const Address& a) const { text(a.value ? a.value->to_string() : std::string()); }
  void operator()(Moment m) const { text(to_text(m)); }
  void operator()(Name name) const { text(lower_case(name.value)); }
  void operator()(const std::string& value) const { text(value); }
  void operator()(const std::vector<std::string>& texts) const {
    if (texts.empty()) {
      return;
    }
    leaf().begin_array();
    for (const std::string& each : texts) {
      writer_.text(each);
    }
    writer_.end_array();
  }

 private:
  json::Writer& leaf() const { return writer_.key(name_); }
  void text(const std::string& value) const {
    if (!value.empty()) {
      leaf().text(value);
    }
  }

  json::Writer& writer_;
  std::string_view name_;
};

}  // namespace

std::int64_t shown_milliseconds(base::Duration duration) {
  return std::chrono::floor<base::Centiseconds>(duration).count() * 10;
}

std::string to_text(const Value& value) {
  struct Visitor {
    std::string operator()(bool b) const { return b ? "Yes" : "No"; }
    std::string operator()(unsigned n) const { return std::to_string(n); }
    std::string operator()(Counter n) const { return std::to_string(n.value); }
    std::string operator()(Interval i) const { return fmt::format("{} ms", shown_milliseconds(i.value)); }
    std::string operator()(Timer t) const { return fmt::format("{} ms", shown_milliseconds(t.value)); }
    std::string operator()(ExactTimer t) const { return std::to_string(t.value.count()); }
    std::string operator()(const Address& a) const { return a.value ? a.value->to_string() : a.none; }
    std::string operator()(Moment m) const { return m.value ? rfc3339(*m.value) : std::string(); }
    std::string operator()(OptionalNumber n) const { return n.value == 0 ? std::string() : std::to_string(n.value); }
    std::string operator()(Name name) const { return std::string(name.value); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const std::vector<std::string>& texts) const {
      return fmt::format("{}", fmt::join(texts, ", "));
    }
  };
  return std::visit(Visitor{}, value);
}

void write_json(json::Writer& writer, const Value& value) {
  struct Visitor {
    json::Writer& to;
    void operator()(bool b) const { to.boolean(b); }
    void operator()(unsigned n) const { to.number(n); }
    void operator()(Counter n) const { to.number(n.value); }
    void operator()(Interval i) const { milliseconds(i.value); }
    void operator()(Timer t) const { milliseconds(t.value); }
    void operator()(ExactTimer t) const { to.number(static_cast<std::uint64_t>(t.value.count())); }
    void operator()(OptionalNumber n) const { to.number(n.value); }
    void operator()(const Address& a) const { to.text(to_text(a)); }
    void operator()(Moment m) const { to.text(to_text(m)); }
    void operator()(Name name) const { to.text(name.value); }
    void operator()(const std::string& text) const { to.text(text); }
    void operator()(const std::vector<std::string>& texts) const {
      to.begin_array();
      for (const std::string& text : texts) {
        to.text(text);
      }
      to.end_array();
    }
    void milliseconds(base::Duration d) const { to.number(static_cast<std::uint64_t>(shown_milliseconds(d))); }
  };
  std::visit(Visitor{writer}, value);
}

void write_leaf(json::Writer& writer, std::string_view name, const Value& value) {
  std::visit(LeafWriter(writer, name), value);
}

}  // namespace tandem::mgmt
