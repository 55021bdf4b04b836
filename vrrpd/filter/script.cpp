// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/filter/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace tandem::vrrpd::filter {
namespace {

using base::Family;

bool has_arp(const Rules& rules) {
  return std::any_of(rules.mute.begin(), rules.mute.end(),
                     [](const Mute& mute) { return mute.address.family() == Family::ipv4; });
}

std::string on_interface(const std::string& interface, const base::IpAddress& address) {
  return fmt::format("\"{}\" . {}", interface, address.to_string());
}

class Script {
 public:
  explicit Script(std::string_view table) : table_(table) {}

  void remove(const Rules& rules) {
    if (!rules.empty()) {
      line("delete table inet {}", table_);
    }
    if (has_arp(rules)) {
      line("delete table arp {}", table_);
    }
  }

  void create(const Rules& rules) {
    if (rules.empty()) {
      return;
    }
    create_table("inet");
    line("add chain inet {} input {{ type filter hook input priority filter; }}", table_);
    line("add chain inet {} neighbour_discovery", table_);
    line("add rule inet {} input iifname \"lo\" accept", table_);
    // Accept mode does not concern neighbour discovery (R59).
    line("add rule inet {} input icmpv6 type {{ nd-neighbor-solicit, nd-neighbor-advert }} goto neighbour_discovery",
         table_);
    drop_deaf(rules, {Family::ipv4, "ipv4_addr", "ip daddr", "deaf4"});
    drop_deaf(rules, {Family::ipv6, "ipv6_addr", "ip6 daddr", "deaf6"});
    drop_solicitations(rules);
    drop_arp_requests(rules);
  }

  std::string take() { return std::move(text_); }

 private:
  struct DeafSet {
    Family family;
    const char* type;
    const char* match;
    const char* name;
  };

  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }

  // The comment tells an operator what `nft list ruleset` shows.
  void create_table(std::string_view family) {
    line("create table {} {} {{ flags owner; comment \"of vrrpd: virtual addresses, see show vrrp\"; }}", family,
         table_);
  }

  void drop_deaf(const Rules& rules, const DeafSet& set) {
    std::vector<std::string> anywhere;
    std::vector<std::string> somewhere;
    for (const Deaf& deaf : rules.deaf) {
      if (deaf.address.family() == set.family && deaf.interface.empty()) {
        anywhere.push_back(deaf.address.to_string());
      } else if (deaf.address.family() == set.family) {
        somewhere.push_back(on_interface(deaf.interface, deaf.address));
      }
    }
    drop_elements("inet", {set.name, set.type, set.match}, anywhere);
    drop_elements(
        "inet",
        {fmt::format("{}_on", set.name), fmt::format("ifname . {}", set.type), fmt::format("iifname . {}", set.match)},
        somewhere);
  }

  struct Drop {
    std::string set;
    std::string type;
    std::string match;
  };
  void drop_elements(std::string_view family, const Drop& drop, const std::vector<std::string>& elements) {
    if (elements.empty()) {
      return;
    }
    line("add set {} {} {} {{ type {}; elements = {{ {} }}; }}", family, table_, drop.set, drop.type,
         fmt::join(elements, ", "));
    line("add rule {} {} input {} @{} drop", family, table_, drop.match, drop.set);
  }

  // nft 1.0 has no keyword for the target of a solicitation, which is bits 64 to 191.
  void drop_solicitations(const Rules& rules) {
    for (const Mute& mute : rules.mute) {
      if (mute.address.family() == Family::ipv6) {
        const base::Bytes bytes = mute.address.bytes();
        line(
            "add rule inet {} neighbour_discovery iifname \"{}\" icmpv6 type nd-neighbor-solicit @th,64,128 0x{:02x} "
            "drop",
            table_, mute.interface, fmt::join(bytes.begin(), bytes.end(), ""));
      }
    }
  }

  void drop_arp_requests(const Rules& rules) {
    std::vector<std::string> elements;
    for (const Mute& mute : rules.mute) {
      if (mute.address.family() == Family::ipv4) {
        elements.push_back(on_interface(mute.interface, mute.address));
      }
    }
    if (!elements.empty()) {
      create_table("arp");
      line("add chain arp {} input {{ type filter hook input priority filter; }}", table_);
      drop_elements("arp", {"mute", "ifname . ipv4_addr", "arp operation request iifname . arp daddr ip"}, elements);
    }
  }

  std::string_view table_;
  std::string text_;
};

}  // namespace

std::string script(const Rules& before, const Rules& after, std::string_view table) {
  Script script(table);
  script.remove(before);
  script.create(after);
  return script.take();
}

bool nameable(std::string_view interface) { return interface.find_first_of("\"*\\") == std::string_view::npos; }

}  // namespace tandem::vrrpd::filter
