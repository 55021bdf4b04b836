// SPDX-License-Identifier: Apache-2.0
// Every event in every situation. Each row: what the supervisor does, the mode that follows, and the time until its
// deadline in milliseconds ("-": there is none). The situation was entered 10 ms before the event. A pair without a row
// does nothing, and changes neither mode nor deadline.
#include "lib/supervisor/decision.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

namespace tandem::supervisor {
namespace {

constexpr Time ms(std::int64_t milliseconds) { return milliseconds * 1000; }
constexpr Time kBegin = ms(1'000'000);
constexpr Time kHeartbeatTimeout = ms(500);

// ---- words

std::string to_string(Mode mode) {
  static const char* const names[] = {"no_worker",       "configuring", "serving",        "exiting",
                                      "exiting_to_stop", "stopping",    "killed",         "killed_to_stop",
                                      "no_cleaner",      "cleaning_up", "cleaner_killed", "ended"};
  return names[static_cast<std::size_t>(mode)];
}

struct Words {
  std::string operator()(const StartWorker&) const { return "start"; }
  std::string operator()(const SignalWorker& action) const {
    static const char* const names[] = {"SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGKILL"};
    return names[static_cast<std::size_t>(action.signal)];
  }
  std::string operator()(const IsolateWorker&) const { return "isolate"; }
  std::string operator()(const AwaitExit&) const { return "await exit"; }
  std::string operator()(const Resign&) const { return "resign"; }
  std::string operator()(const ExamineWorker&) const { return "examine worker"; }
  std::string operator()(const ExamineManagement&) const { return "examine management"; }
  std::string operator()(const RecordEnd&) const { return "record"; }
  std::string operator()(const Notify& action) const {
    static const char* const names[] = {"stopping", "reloading", "running", "restart failed", "watchdog"};
    return fmt::format("say {}", names[static_cast<std::size_t>(action.notice)]);
  }
  std::string operator()(const LeaveBackground&) const { return "leave"; }
  std::string operator()(const ReportEnd&) const { return "report"; }
  std::string operator()(const ReportKilledWhileExiting&) const { return "report kill"; }
};

std::string to_string(const Actions& actions) {
  std::vector<std::string> words;
  for (const Action& action : actions) {
    words.push_back(std::visit(Words{}, action));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

// ---- situations

// A supervisor and the time.
struct Subject {
  State state = begin({}, {kBegin, 0}).next;
  Time now = kBegin;
  Actions actions{};
  Observation seen{};

  Subject& handle(const Event& event) {
    Decision decision = decide(state, event, {now, 0});
    state = decision.next;
    actions = decision.actions;
    return *this;
  }
  Subject& start() {
    seen = {};
    return handle(WorkerStarted{.pid = 7, .start_timeout = ms(300)});
  }
  Subject& crash() { return handle(WorkerEnded{.exited = false, .number = 11, .was_ready = false}); }
  Subject& stop() { return handle(StopRequested{WorkerSignal::terminate}); }
  // The time passes without another heartbeat.
  Subject& pass(Time until, Time due) {
    now = std::max(now, until);
    return handle(TimePassed{.seen = seen, .due = due});
  }
};

Subject no_worker_yet() { return {}; }
Subject configuring() { return Subject().start(); }
Subject serving() {
  Subject subject = configuring().handle(WorkerReady{});
  subject.seen = {.phase = Phase::running, .heartbeat = kBegin, .heartbeat_timeout = kHeartbeatTimeout};
  return subject.pass(kBegin, kBegin);
}
Subject pausing() {
  Subject subject = serving();
  for (std::size_t i = 0; i < kCrashes; ++i) {
    subject.start().crash();
  }
  return subject;
}
Subject exiting() { return serving().handle(ManagementExamined{.in_kernel = false}); }
Subject exiting_to_stop() { return exiting().stop(); }
Subject stopping() { return serving().stop(); }
Subject stopping_unserved() { return configuring().stop(); }
Subject killed() { return serving().handle(WorkerExamined{WorkerCondition::unresponsive}); }
Subject killed_to_stop() { return killed().stop(); }
Subject no_cleaner() { return stopping().crash().handle(StartFailed{}); }
Subject cleaning_up() { return stopping().crash().start(); }
Subject cleaner_killed() { return cleaning_up().handle(WorkerExamined{WorkerCondition::unresponsive}); }
Subject ended() { return stopping().handle(WorkerEnded{.exited = true, .number = 0, .was_ready = false}); }

// ---- events

void early(Subject& s) { s.pass(s.now, s.now); }
void due(Subject& s) {
  const Time wake = deadline(s.state);
  if (wake != kNever) {
    s.pass(wake, wake);
  }
}
void overslept(Subject& s) {
  const Time wake = deadline(s.state);
  if (wake != kNever) {
    s.pass(wake + ms(1000), wake);
  }
}
void stop(Subject& s) { s.stop(); }
void reload(Subject& s) { s.handle(ReloadRequested{}); }
void reopen(Subject& s) { s.handle(ReopenRequested{}); }
void restart(Subject& s) { s.handle(RestartRequested{}); }
void restart_failed(Subject& s) {
  s.handle(RestartRequested{});
  s.handle(RestartFailed{});
}
void started(Subject& s) { s.start(); }
void start_failed(Subject& s) { s.handle(StartFailed{}); }
void ready(Subject& s) { s.handle(WorkerReady{}); }
void exit_0(Subject& s) { s.handle(WorkerEnded{.exited = true, .number = 0, .was_ready = false}); }
void exit_1(Subject& s) { s.handle(WorkerEnded{.exited = true, .number = 1, .was_ready = false}); }
void crash(Subject& s) { s.crash(); }
void responsive(Subject& s) { s.handle(WorkerExamined{WorkerCondition::responsive}); }
void in_kernel(Subject& s) { s.handle(WorkerExamined{WorkerCondition::in_kernel}); }
void unresponsive(Subject& s) { s.handle(WorkerExamined{WorkerCondition::unresponsive}); }
void management_in_kernel(Subject& s) { s.handle(ManagementExamined{.in_kernel = true}); }
void management_hangs(Subject& s) { s.handle(ManagementExamined{.in_kernel = false}); }

struct Situation {
  const char* name;
  Subject (*make)();
};
const Situation kSituations[] = {
    {"no_worker_yet", no_worker_yet},
    {"pausing", pausing},
    {"configuring", configuring},
    {"serving", serving},
    {"exiting", exiting},
    {"exiting_to_stop", exiting_to_stop},
    {"stopping", stopping},
    {"stopping_unserved", stopping_unserved},
    {"killed", killed},
    {"killed_to_stop", killed_to_stop},
    {"no_cleaner", no_cleaner},
    {"cleaning_up", cleaning_up},
    {"cleaner_killed", cleaner_killed},
    {"ended", ended},
};

struct NamedEvent {
  const char* name;
  void (*happen)(Subject&);
};
const NamedEvent kEvents[] = {
    {"early", early},
    {"due", due},
    {"overslept", overslept},
    {"stop", stop},
    {"reload", reload},
    {"reopen", reopen},
    {"restart", restart},
    {"restart_failed", restart_failed},
    {"started", started},
    {"start_failed", start_failed},
    {"ready", ready},
    {"exit_0", exit_0},
    {"exit_1", exit_1},
    {"crash", crash},
    {"responsive", responsive},
    {"in_kernel", in_kernel},
    {"unresponsive", unresponsive},
    {"management_in_kernel", management_in_kernel},
    {"management_hangs", management_hangs},
};

std::string described(const Subject& subject) {
  const Time wake = deadline(subject.state);
  return fmt::format("{} -> {}, {}{}", to_string(subject.actions), to_string(subject.state.mode),
                     wake == kNever ? "-" : std::to_string((wake - subject.now) / 1000),
                     subject.state.restart_requested ? ", restart" : "");
}

// The situation, 10 ms later.
Subject later(const Situation& situation) {
  Subject subject = situation.make();
  subject.now += ms(10);
  subject.actions = {};
  return subject;
}

struct Row {
  const char* situation;
  const char* event;
  const char* expected;
};
const Row kRows[] = {
    {"no_worker_yet", "early", "start -> no_worker, -10"},
    {"no_worker_yet", "due", "start -> no_worker, -10"},
    {"no_worker_yet", "overslept", "start -> no_worker, -1000"},
    {"no_worker_yet", "stop", "say stopping, resign, start -> no_cleaner, 0"},
    {"no_worker_yet", "started", " -> configuring, -"},
    {"no_worker_yet", "start_failed", " -> no_worker, 1000"},
    {"no_worker_yet", "ready", "say running, leave -> no_worker, -10"},
    {"pausing", "due", "start -> no_worker, 0"},
    {"pausing", "overslept", "start -> no_worker, -1000"},
    {"pausing", "stop", "say stopping, resign, start -> no_cleaner, 0"},
    {"pausing", "started", " -> serving, 300"},
    {"pausing", "start_failed", " -> no_worker, 1000"},
    {"pausing", "ready", "say running, leave -> no_worker, 990"},
    {"configuring", "stop", "say stopping, SIGTERM -> stopping, 30000"},
    {"configuring", "reload", "SIGHUP -> configuring, -"},
    {"configuring", "reopen", "SIGUSR1 -> configuring, -"},
    {"configuring", "ready", "say running, leave -> serving, -"},
    {"configuring", "exit_0", " -> ended, -"},
    {"configuring", "exit_1", " -> ended, -"},
    {"configuring", "crash", "resign, start, report -> no_cleaner, 0"},
    {"configuring", "unresponsive", "SIGKILL, isolate, await exit, resign -> killed, -"},
    {"serving", "due", "examine worker -> serving, 0"},
    {"serving", "overslept", " -> serving, 500"},
    {"serving", "stop", "say stopping, SIGTERM -> stopping, 490"},
    {"serving", "reload", "say reloading, SIGHUP -> serving, 490"},
    {"serving", "reopen", "SIGUSR1 -> serving, 490"},
    {"serving", "restart", "say reloading -> serving, 490, restart"},
    {"serving", "restart_failed", "say restart failed -> serving, 490"},
    {"serving", "ready", "say running, leave -> serving, 490"},
    {"serving", "exit_0", " -> ended, -"},
    {"serving", "exit_1", "record, start, report -> no_worker, 0"},
    {"serving", "crash", "record, start, report -> no_worker, 0"},
    {"serving", "responsive", " -> serving, 500"},
    {"serving", "in_kernel", " -> serving, 500"},
    {"serving", "unresponsive", "SIGKILL, isolate, await exit, resign -> killed, -"},
    {"serving", "management_hangs", "record, SIGUSR2 -> exiting, 150"},
    {"exiting", "due", "SIGKILL, report kill -> exiting, 150"},
    {"exiting", "overslept", "SIGKILL, report kill -> exiting, 150"},
    {"exiting", "stop", "say stopping, SIGTERM -> exiting_to_stop, 140"},
    {"exiting", "reload", "say reloading, SIGHUP -> exiting, 140"},
    {"exiting", "reopen", "SIGUSR1 -> exiting, 140"},
    {"exiting", "ready", "say running, leave -> exiting, 140"},
    {"exiting", "exit_0", "start, report -> no_worker, 0"},
    {"exiting", "exit_1", "start, report -> no_worker, 0"},
    {"exiting", "crash", "start, report -> no_worker, 0"},
    {"exiting_to_stop", "due", "SIGKILL, report kill -> exiting_to_stop, 150"},
    {"exiting_to_stop", "overslept", "SIGKILL, report kill -> exiting_to_stop, 150"},
    {"exiting_to_stop", "stop", "say stopping, SIGTERM -> exiting_to_stop, 140"},
    {"exiting_to_stop", "reload", "say reloading, SIGHUP -> exiting_to_stop, 140"},
    {"exiting_to_stop", "reopen", "SIGUSR1 -> exiting_to_stop, 140"},
    {"exiting_to_stop", "ready", "say running, leave -> exiting_to_stop, 140"},
    {"exiting_to_stop", "exit_0", "resign, start -> no_cleaner, 0"},
    {"exiting_to_stop", "exit_1", "resign, start -> no_cleaner, 0"},
    {"exiting_to_stop", "crash", "resign, start -> no_cleaner, 0"},
    {"stopping", "due", "examine worker -> stopping, 0"},
    {"stopping", "overslept", " -> stopping, 500"},
    {"stopping", "stop", "say stopping, SIGTERM -> stopping, 490"},
    {"stopping", "reload", "say reloading, SIGHUP -> stopping, 490"},
    {"stopping", "reopen", "SIGUSR1 -> stopping, 490"},
    {"stopping", "ready", "say running, leave -> stopping, 490"},
    {"stopping", "exit_0", " -> ended, -"},
    {"stopping", "exit_1", "resign, start, report -> no_cleaner, 0"},
    {"stopping", "crash", "resign, start, report -> no_cleaner, 0"},
    {"stopping", "responsive", " -> stopping, 500"},
    {"stopping", "in_kernel", " -> stopping, 500"},
    {"stopping", "unresponsive", "SIGKILL, isolate, await exit, resign -> killed_to_stop, -"},
    {"stopping_unserved", "due", "SIGKILL, isolate, await exit, resign -> killed_to_stop, -"},
    {"stopping_unserved", "overslept", " -> stopping, 0"},
    {"stopping_unserved", "stop", "say stopping, SIGTERM -> stopping, 30000"},
    {"stopping_unserved", "reload", "SIGHUP -> stopping, 29990"},
    {"stopping_unserved", "reopen", "SIGUSR1 -> stopping, 29990"},
    {"stopping_unserved", "ready", "say running, leave -> stopping, 29990"},
    {"stopping_unserved", "exit_0", " -> ended, -"},
    {"stopping_unserved", "exit_1", " -> ended, -"},
    {"stopping_unserved", "crash", "resign, start, report -> no_cleaner, 0"},
    {"stopping_unserved", "unresponsive", "SIGKILL, isolate, await exit, resign -> killed_to_stop, -"},
    {"killed", "stop", "say stopping, SIGTERM -> killed_to_stop, -"},
    {"killed", "reload", "say reloading, SIGHUP -> killed, -"},
    {"killed", "reopen", "SIGUSR1 -> killed, -"},
    {"killed", "restart", "say reloading -> killed, -, restart"},
    {"killed", "restart_failed", "say restart failed -> killed, -"},
    {"killed", "ready", "say running, leave -> killed, -"},
    {"killed", "exit_0", " -> ended, -"},
    {"killed", "exit_1", "record, start, report -> no_worker, 0"},
    {"killed", "crash", "record, start, report -> no_worker, 0"},
    {"killed_to_stop", "stop", "say stopping, SIGTERM -> killed_to_stop, -"},
    {"killed_to_stop", "reload", "say reloading, SIGHUP -> killed_to_stop, -"},
    {"killed_to_stop", "reopen", "SIGUSR1 -> killed_to_stop, -"},
    {"killed_to_stop", "ready", "say running, leave -> killed_to_stop, -"},
    {"killed_to_stop", "exit_0", " -> ended, -"},
    {"killed_to_stop", "exit_1", "resign, start, report -> no_cleaner, 0"},
    {"killed_to_stop", "crash", "resign, start, report -> no_cleaner, 0"},
    {"no_cleaner", "due", "start -> no_cleaner, 0"},
    {"no_cleaner", "overslept", "start -> no_cleaner, -1000"},
    {"no_cleaner", "stop", "say stopping, resign -> ended, -"},
    {"no_cleaner", "started", " -> cleaning_up, 300"},
    {"no_cleaner", "start_failed", " -> no_cleaner, 1000"},
    {"no_cleaner", "ready", "say running, leave -> no_cleaner, 990"},
    {"cleaning_up", "due", "examine worker -> cleaning_up, 0"},
    {"cleaning_up", "overslept", " -> cleaning_up, 300"},
    {"cleaning_up", "stop", "say stopping, SIGTERM -> cleaning_up, 290"},
    {"cleaning_up", "reload", "say reloading, SIGHUP -> cleaning_up, 290"},
    {"cleaning_up", "reopen", "SIGUSR1 -> cleaning_up, 290"},
    {"cleaning_up", "ready", "say running, leave -> cleaning_up, 290"},
    {"cleaning_up", "exit_0", " -> ended, -"},
    {"cleaning_up", "exit_1", "resign, report -> ended, -"},
    {"cleaning_up", "crash", "resign, report -> ended, -"},
    {"cleaning_up", "responsive", " -> cleaning_up, 300"},
    {"cleaning_up", "in_kernel", " -> cleaning_up, 300"},
    {"cleaning_up", "unresponsive", "SIGKILL, isolate, await exit, resign -> cleaner_killed, -"},
    {"cleaner_killed", "stop", "say stopping, SIGTERM -> cleaner_killed, -"},
    {"cleaner_killed", "reload", "say reloading, SIGHUP -> cleaner_killed, -"},
    {"cleaner_killed", "reopen", "SIGUSR1 -> cleaner_killed, -"},
    {"cleaner_killed", "ready", "say running, leave -> cleaner_killed, -"},
    {"cleaner_killed", "exit_0", " -> ended, -"},
    {"cleaner_killed", "exit_1", "resign, report -> ended, -"},
    {"cleaner_killed", "crash", "resign, report -> ended, -"},
};

std::string expected(const Situation& situation, const NamedEvent& event) {
  for (const Row& row : kRows) {
    if (std::string_view(row.situation) == situation.name && std::string_view(row.event) == event.name) {
      return row.expected;
    }
  }
  return described(later(situation));
}

TEST(Decision, EveryEventInEverySituation) {
  for (const Situation& situation : kSituations) {
    for (const NamedEvent& event : kEvents) {
      Subject subject = later(situation);
      const Time wake = deadline(subject.state);
      event.happen(subject);
      const bool time_passed = std::string_view(event.name) == "due" || std::string_view(event.name) == "overslept";
      EXPECT_TRUE(!time_passed || wake == kNever || subject.now >= wake);
      EXPECT_EQ(described(subject), expected(situation, event)) << situation.name << " " << event.name;
    }
  }
}

TEST(Decision, NoPairHasTwoRows) {
  std::set<std::pair<std::string, std::string>> pairs;
  for (const Row& row : kRows) {
    EXPECT_TRUE(pairs.insert({row.situation, row.event}).second) << row.situation << " " << row.event;
  }
}

// ---- several events

TEST(Decision, CrashesPauseLongerAndLonger) {
  Subject subject = pausing();
  for (const Time pause : {ms(2000), ms(4000), ms(8000), ms(16'000), ms(32'000)}) {
    subject.start().crash();
    EXPECT_EQ(deadline(subject.state) - subject.now, pause);
  }
}

TEST(Decision, CrashesThatAreLongAgoDoNotCount) {
  Subject subject = serving();
  for (std::size_t i = 0; i < 2 * kCrashes; ++i) {
    subject.now += ms(15'001);  // the fifth is 60.004 s after the first
    subject.start().crash();
    EXPECT_EQ(deadline(subject.state), subject.now) << i;
  }
}

TEST(Decision, AWorkerMayWaitInTheKernelForALimitedTime) {
  Subject subject = serving();
  for (int i = 0; i < 30 && subject.state.mode == Mode::serving; ++i) {
    due(subject);
    subject.handle(WorkerExamined{WorkerCondition::in_kernel});
  }
  EXPECT_EQ(subject.state.mode, Mode::killed);
  EXPECT_EQ(subject.now - kBegin, ms(10'500)) << "500 ms of silence, then 10 s in the kernel";
  EXPECT_EQ(subject.state.killed_for->number, 10'000);
}

// Once, the time that another worker had spent there counted for the next one.
TEST(Decision, TheNextWorkerMayWaitInTheKernelAsLong) {
  Subject subject = serving();
  due(subject);
  subject.handle(WorkerExamined{WorkerCondition::in_kernel}).crash();
  subject.now += ms(60'000);
  subject.start();
  due(subject);
  subject.handle(WorkerExamined{WorkerCondition::in_kernel});
  EXPECT_EQ(subject.state.mode, Mode::serving);
}

// It was an endless loop: the end of its time stayed in the past.
TEST(Decision, AWorkerThatWasToStopHasItsTimeWithoutWhatTheMachineSlept) {
  Subject subject = stopping_unserved();
  overslept(subject);
  EXPECT_EQ(subject.state.mode, Mode::stopping);
  due(subject);
  EXPECT_EQ(subject.state.mode, Mode::killed_to_stop);
}

TEST(Decision, ASilentWorkerIsRecordedAsFenced) {
  Subject subject = serving();
  due(subject);
  subject.handle(WorkerExamined{WorkerCondition::unresponsive}).crash();
  ASSERT_TRUE(subject.state.replaced_for);
  EXPECT_EQ(subject.state.replaced_for->cause, Cause::hung);
  EXPECT_EQ(subject.state.replaced_for->number, 500);
  EXPECT_EQ(subject.state.replaced_for->fenced, 1U);
}

TEST(Decision, TheExitStatusIsThatOfTheFirstFailure) {
  EXPECT_EQ(ended().state.exit_status, 0);
  EXPECT_EQ(configuring().handle(WorkerEnded{.exited = true, .number = 3, .was_ready = false}).state.exit_status, 3);
  const WorkerEnded cleaned{.exited = true, .number = 0, .was_ready = false};
  EXPECT_EQ(cleaning_up().handle(cleaned).state.exit_status, 1) << "the worker had crashed when it was told to stop";
  EXPECT_EQ(exiting_to_stop().crash().start().handle(cleaned).state.exit_status, 0) << "it had not";
}

TEST(Decision, AWorkerOfTheProgramBeforeIsReplaced) {
  const Decision decision = begin({.predecessor = 5}, {kBegin, 0});
  EXPECT_EQ(to_string(decision.actions), "SIGUSR2");
  EXPECT_EQ(decision.next.mode, Mode::exiting);
  EXPECT_EQ(deadline(decision.next), kBegin + ms(150));
}

TEST(Decision, ADaemonThatEndedUnseenIsRecorded) {
  EXPECT_EQ(to_string(begin({.inherited = true, .was_ready = true}, {kBegin, 0}).actions), "record");
  EXPECT_EQ(to_string(begin({.inherited = true, .was_ready = false}, {kBegin, 0}).actions), "");
}

TEST(Decision, TheWatchdogHearsOfProgressOnly) {
  Subject subject;
  subject.state = begin({.watchdog_timeout = ms(1000)}, {kBegin, 0}).next;
  subject.start().handle(WorkerReady{});
  early(subject);
  EXPECT_EQ(to_string(subject.actions), "say watchdog");
  EXPECT_EQ(deadline(subject.state), kBegin + ms(500));
  subject.handle(WorkerExamined{WorkerCondition::unresponsive});
  due(subject);
  EXPECT_EQ(to_string(subject.actions), "") << "a killed worker that does not end is a reason to restart the service";
}

}  // namespace
}  // namespace tandem::supervisor
