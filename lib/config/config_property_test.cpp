// SPDX-License-Identifier: Apache-2.0
// Properties on the real modules: whatever is typed, one line at a time or as a candidate, the configuration is what a
// model of a page says; and every valid configuration survives being printed, saved, compared and loaded.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

#include "lib/config/transactions.h"

namespace tandem::config {
namespace {

class NoApplier final : public Applier {
 public:
  Preparation prepare(const yang::Tree&) override { return std::make_unique<NothingToApply>(); }
};

const yang::Context& context() {
  static const std::unique_ptr<yang::Context> loaded =
      yang::Context::load(yang::default_directory(), {"tandem-system", "tandem-vrrp", "tandem-interfaces"}).value();
  return *loaded;
}

// ---- the model: what an operator believes

struct Group {
  unsigned version = 3;
  bool version_given = false;                 // and printed, although it is the default
  std::map<std::string, std::string> leaves;  // command → value
  std::map<std::string, bool> flags;
  std::set<std::string> ipv4;
  std::set<std::string> ipv6;
};

struct Model {
  std::string hostname;
  std::map<std::string, std::map<unsigned, Group>> interfaces;

  bool valid() const {
    for (const auto& [name, groups] : interfaces) {
      for (const auto& [vrid, group] : groups) {
        const auto interval = group.leaves.find("advertisement-interval");
        const bool whole = interval == group.leaves.end() || std::stoul(interval->second) % 1000 == 0;
        if (group.version == 2 && (!group.ipv6.empty() || !whole)) {
          return false;
        }
      }
    }
    return true;
  }

  std::string print() const {
    std::string text = hostname.empty() ? "" : fmt::format("hostname {}\n!\n", hostname);
    for (const auto& [name, groups] : interfaces) {
      if (groups.empty()) {
        continue;
      }
      text += fmt::format("interface {}\n", name);
      for (const auto& [vrid, group] : groups) {
        text += print(vrid, group);
      }
      text += "exit\n!\n";
    }
    return text;
  }

  static std::string print(unsigned vrid, const Group& group) {
    std::string text =
        fmt::format(" vrrp {}{}\n", vrid, group.version_given ? fmt::format(" version {}", group.version) : "");
    for (const char* command : {"description", "priority", "preempt", "advertisement-interval", "shutdown"}) {
      if (const auto leaf = group.leaves.find(command); leaf != group.leaves.end()) {
        text += fmt::format(" vrrp {} {} {}\n", vrid, command, leaf->second);
      } else if (const auto flag = group.flags.find(command); flag != group.flags.end()) {
        text += fmt::format(" {}vrrp {} {}\n", flag->second ? "" : "no ", vrid, command);
      }
    }
    for (const std::string& address : group.ipv4) {
      text += fmt::format(" vrrp {} ip {}\n", vrid, address);
    }
    for (const std::string& address : group.ipv6) {
      text += fmt::format(" vrrp {} ipv6 {}\n", vrid, address);
    }
    return text;
  }
};

// A line, and what it does to the model.
struct Typed {
  cli::Context where;
  std::string line;
  std::function<void(Model&)> effect;
};

using Groups = std::map<unsigned, Group>;

// What an existing group loses by a `no` form; one that does not exist stays so.
std::function<void(Groups&)> if_there(unsigned vrid, const std::function<void(Group&)>& effect) {
  return [=](Groups& groups) {
    if (const auto found = groups.find(vrid); found != groups.end()) {
      effect(found->second);
    }
  };
}

std::pair<std::string, std::function<void(Groups&)>> random_leaf(unsigned vrid) {
  using Leaf = std::pair<std::string, std::string>;
  static const std::vector<Leaf> kLeaves{{"priority", "1"},
                                         {"priority", "100"},
                                         {"priority", "254"},
                                         {"advertisement-interval", "10"},
                                         {"advertisement-interval", "1000"},
                                         {"advertisement-interval", "2000"},
                                         {"description", "no vrrp 5"},
                                         {"description", "! up  stairs"},
                                         {"description", "\xc3\xa4 'x\" ?"}};
  const auto [name, value] = *rc::gen::elementOf(kLeaves);
  if (*rc::gen::inRange(0, 3) > 0) {
    return {fmt::format("vrrp {} {} {}", vrid, name, value),
            [=](Groups& groups) { groups[vrid].leaves[name] = value; }};
  }
  return {fmt::format("no vrrp {} {}", vrid, name), if_there(vrid, [=](Group& group) { group.leaves.erase(name); })};
}

std::pair<std::string, std::function<void(Groups&)>> random_flag(unsigned vrid) {
  const auto name = *rc::gen::element<std::string>("preempt", "shutdown");
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return {fmt::format("vrrp {} {}", vrid, name), [=](Groups& groups) { groups[vrid].flags[name] = true; }};
    case 1:
      return {fmt::format("no vrrp {} {}", vrid, name), [=](Groups& groups) { groups[vrid].flags[name] = false; }};
    default:
      return {fmt::format("default vrrp {} {}", vrid, name),
              if_there(vrid, [=](Group& group) { group.flags.erase(name); })};
  }
}

std::pair<std::string, std::function<void(Groups&)>> random_address(unsigned vrid) {
  const bool v4 = *rc::gen::arbitrary<bool>();
  const std::string address = fmt::format("{}{}", v4 ? "10.0.0." : "2001:db8::", *rc::gen::inRange(1, 10));
  const auto set_of = [v4](Group& group) -> std::set<std::string>& { return v4 ? group.ipv4 : group.ipv6; };
  if (*rc::gen::inRange(0, 3) > 0) {
    return {fmt::format("vrrp {} {} {}", vrid, v4 ? "ip" : "ipv6", address),
            [=](Groups& groups) { set_of(groups[vrid]).insert(address); }};
  }
  return {fmt::format("no vrrp {} {} {}", vrid, v4 ? "ip" : "ipv6", address),
          if_there(vrid, [=](Group& group) { set_of(group).erase(address); })};
}

std::pair<std::string, std::function<void(Groups&)>> random_group_line() {
  const auto vrid = *rc::gen::element(1U, 5U, 255U);
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
      return {fmt::format("no vrrp {}", vrid), [=](Groups& groups) { groups.erase(vrid); }};
    case 1: {
      const auto version = *rc::gen::element(2U, 3U);
      return {fmt::format("vrrp {} version {}", vrid, version), [=](Groups& groups) {
                groups[vrid].version = version;
                groups[vrid].version_given = true;
              }};
    }
    case 2:
      return {fmt::format("vrrp {}", vrid), [=](Groups& groups) { groups[vrid]; }};
    case 3:
    case 4:
      return random_leaf(vrid);
    case 5:
      return random_flag(vrid);
    default:
      return random_address(vrid);
  }
}

Typed random_line() {
  const auto name = *rc::gen::element<std::string>("eth1", "eth1.100", "vlan-2");
  switch (*rc::gen::inRange(0, 20)) {
    case 0:
      return {{}, "no interface " + name, [=](Model& model) { model.interfaces.erase(name); }};
    case 1:
      return {{}, "hostname r1", [](Model& model) { model.hostname = "r1"; }};
    case 2:
      return {{}, "no hostname", [](Model& model) { model.hostname.clear(); }};
    default: {
      auto [line, effect] = random_group_line();
      return {{"interface " + name}, line, [=](Model& model) { effect(model.interfaces[name]); }};
    }
  }
}

// ---- the program under test

class Router {
 public:
  Router() : store(context(), applier_), history_("", logger_), transactions(store, history_, logger_) {}

  std::vector<cli::Edit> edits(const Typed& typed) const {
    const auto effect = store.commands().interpret(typed.where, typed.line);
    RC_ASSERT(effect.has_value());
    return effect->edits;
  }

  static inline const Caller kCaller{.session = 1, .author = {}, .now = {}, .wall_now = {}};

 private:
  NoApplier applier_;
  log::Logger logger_;

 public:
  Datastore store;

 private:
  History history_;

 public:
  Transactions transactions;
};

// One line at once: it is done, or, if the model says that this cannot be, refused.
void type_line(Router& router, Model& model) {
  const Typed typed = random_line();
  Model wanted = model;
  typed.effect(wanted);
  const auto done = router.transactions.commit_line(Router::kCaller, typed.line, router.edits(typed));
  RC_LOG() << typed.line << "\n";
  RC_ASSERT(done.has_value() == wanted.valid());
  model = done ? wanted : model;
}

// Several lines in a candidate: all or none.
void type_candidate(Router& router, Model& model) {
  Model wanted = model;
  RC_ASSERT(router.transactions.open(Router::kCaller, CandidateKind::private_copy).has_value());
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
    const Typed typed = random_line();
    RC_LOG() << "candidate: " << typed.line << "\n";
    typed.effect(wanted);
    RC_ASSERT(router.transactions.edit(1, router.edits(typed)).has_value());
  }
  const auto done = router.transactions.commit(Router::kCaller, {});
  RC_ASSERT(done.has_value() == wanted.valid());
  RC_ASSERT(router.transactions.uncommitted(1) == !done.has_value());
  router.transactions.close(1);
  model = done ? wanted : model;
}

Model type_at_random(Router& router) {
  Model model;
  for (int i = *rc::gen::inRange(0, 25); i > 0; --i) {
    *rc::gen::inRange(0, 3) == 0 ? type_candidate(router, model) : type_line(router, model);
    RC_ASSERT(router.store.print() == model.print());
  }
  return model;
}

TEST(TransactionProperties, TheConfigurationIsWhatTheModelSays) {
  EXPECT_TRUE(rc::check([] {
    Router router;
    type_at_random(router);
  }));
}

bool loads_as(const yang::Tree& tree, const std::string& text) {
  NoApplier applier;
  Datastore store(context(), applier);
  return store.commit(store.read(store.empty(), text, {.base = Datastore::Base::replaced})) && store.running() == tree;
}

// With the defaults in it each value was given: of the version that makes a difference for what is printed, and no
// other.
bool means_the_same(const yang::Tree& tree, const std::string& text) {
  NoApplier applier;
  Datastore store(context(), applier);
  return store.commit(store.read(store.empty(), text, {.base = Datastore::Base::replaced})) &&
         store.running().to_json(true) == tree.to_json(true);
}

TEST(TransactionProperties, EveryConfigurationSurvivesTextAndJson) {
  EXPECT_TRUE(rc::check([] {
    Router router;
    type_at_random(router);
    const yang::Tree& tree = router.store.running();
    RC_ASSERT(loads_as(tree, router.store.print()));
    RC_ASSERT(loads_as(tree, tree.to_json(false)));
    RC_ASSERT(means_the_same(tree, tree.to_json(true)));
  }));
}

TEST(TransactionProperties, DifferenceLeadsThereAndBack) {
  EXPECT_TRUE(rc::check([] {
    Router one;
    Router other;
    type_at_random(one);
    type_at_random(other);
    const yang::Tree& before = one.store.running();
    const yang::Tree& after = other.store.running();
    Draft there = one.store.edited(before, cli::difference(before.data(), after.data()));
    RC_ASSERT(one.store.check(there).has_value());
    RC_ASSERT(there.tree == after);
    Draft back = one.store.edited(after, cli::difference(after.data(), before.data()));
    RC_ASSERT(one.store.check(back).has_value());
    RC_ASSERT(back.tree == before);
  }));
}

std::string json_string(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    quoted += byte < 0x20 || c == '"' || c == '\\' ? fmt::format("\\u{:04x}", byte) : std::string(1, c);
  }
  return quoted + "\"";
}

// JSON can say what a line cannot. What the model admits, commands can carry; so the history, which is text, is exact.
TEST(TransactionProperties, TheModelAdmitsNoTextThatACommandCannotCarry) {
  EXPECT_TRUE(rc::check([] {
    const auto letter = rc::gen::weightedOneOf<char>(
        {{3, rc::gen::inRange('a', 'f')}, {1, rc::gen::elementOf(std::string(" \t\n\r\x01\x7f!#'\"\\|?/"))}});
    const std::string text = *rc::gen::container<std::string>(letter);
    const std::string quoted = json_string(text);
    const std::string json = *rc::gen::element(
        fmt::format("{{\"tandem-interfaces:interfaces\":{{\"interface\":[{{\"name\":\"e\",\"description\":{}}}]}}}}",
                    quoted),
        fmt::format("{{\"tandem-interfaces:interfaces\":{{\"interface\":[{{\"name\":{},\"description\":\"x\"}}]}}}}",
                    quoted),
        fmt::format(
            "{{\"tandem-interfaces:interfaces\":{{\"interface\":[{{\"name\":\"e\",\"tandem-vrrp:vrrp\":{{\"group\":"
            "[{{\"vrid\":5,\"description\":{}}}]}}}}]}}}}",
            quoted),
        fmt::format("{{\"tandem-system:hostname\":{}}}", quoted),
        fmt::format("{{\"tandem-system:log\":{{\"file\":{{\"name\":{}}}}}}}", json_string("/" + text)));
    Router router;
    const auto loaded = router.transactions.commit_file(Router::kCaller, {.name = "x", .text = json});
    RC_CLASSIFY(loaded.has_value());
    if (loaded) {
      RC_LOG() << json << "\n" << router.store.print();
      RC_ASSERT(loads_as(router.store.running(), router.store.print()));
    }
  }));
}

}  // namespace
}  // namespace tandem::config
