// SPDX-License-Identifier: Apache-2.0
// Decides when to log why objects do not do their work: those of which the log has not said it, and those whose reason
// is another one by now. Each reason gets one line, when it has lasted for a moment: what passes by itself needs none.
// Pure; time is an argument.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/time.h"

namespace tandem::log {

// `Id`: of an object; ordered.
template <class Id>
class LastingReasons {
 public:
  struct Limits {
    base::Duration delay;     // how long a reason lasts before it is logged
    base::Duration interval;  // between two lines about one object
  };
  explicit LastingReasons(const Limits& limits) : limits_(limits) {}

  // The object does not work, and something about it may have changed.
  void note(Id id, base::TimePoint now);
  // It works, or it is no more.
  void forget(Id id);

  // When to look at objects again, and at which.
  std::optional<base::TimePoint> deadline() const;
  std::vector<Id> take_due(base::TimePoint now);

  // Whether the reason is to be logged: it is not what was logged last. From then on it counts as logged.
  bool say(Id id, const std::string& reason, base::TimePoint now);

 private:
  struct Object {
    std::optional<base::TimePoint> due{};
    std::string said{};
    std::optional<base::TimePoint> said_at{};
  };

  void unschedule(Id id, Object& object);

  Limits limits_;
  std::map<Id, Object> objects_;
  std::set<std::pair<base::TimePoint, Id>> schedule_;
};

template <class Id>
void LastingReasons<Id>::note(Id id, base::TimePoint now) {
  Object& object = objects_[id];
  if (object.due) {
    return;
  }
  base::TimePoint due = now + limits_.delay;
  if (object.said_at) {
    due = std::max(due, *object.said_at + limits_.interval);
  }
  object.due = due;
  schedule_.emplace(due, id);
}

template <class Id>
void LastingReasons<Id>::forget(Id id) {
  const auto found = objects_.find(id);
  if (found != objects_.end()) {
    unschedule(id, found->second);
    objects_.erase(found);
  }
}

template <class Id>
std::optional<base::TimePoint> LastingReasons<Id>::deadline() const {
  return schedule_.empty() ? std::nullopt : std::optional(schedule_.begin()->first);
}

template <class Id>
std::vector<Id> LastingReasons<Id>::take_due(base::TimePoint now) {
  std::vector<Id> due;
  while (!schedule_.empty() && schedule_.begin()->first <= now) {
    const Id id = schedule_.begin()->second;
    unschedule(id, objects_.at(id));
    due.push_back(id);
  }
  return due;
}

template <class Id>
bool LastingReasons<Id>::say(Id id, const std::string& reason, base::TimePoint now) {
  Object& object = objects_[id];
  if (reason.empty() || reason == object.said) {
    return false;
  }
  object.said = reason;
  object.said_at = now;
  return true;
}

template <class Id>
void LastingReasons<Id>::unschedule(Id id, Object& object) {
  if (object.due) {
    schedule_.erase({*object.due, id});
    object.due.reset();
  }
}

}  // namespace tandem::log
