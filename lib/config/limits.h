// SPDX-License-Identifier: Apache-2.0
// Limits of transactions, with their reasons.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::config {

// Commits that the history keeps. In `configure terminal` each line is one: an afternoon's work of an operator, and a
// listing that can still be read.
inline constexpr std::size_t kMaxCommits = 100;

// All of the history on the disk. A configuration of 1 000 groups takes 120 KiB; on a router with 32 MiB of flash its
// history must not push out anything else.
inline constexpr std::size_t kMaxHistoryBytes = 8U << 20U;

// Commits whose configuration is in memory because the disk did not take it: the last few, so that an operator can
// still go back while /var is full.
inline constexpr std::size_t kMaxCommitsInMemory = 10;

// What one line of the history may hold of a comment or command.
inline constexpr std::size_t kMaxNote = 256;

// Reasons reported for one refused file, each with the file's name. One more than the lines that are no commands
// (cli::ConfigCommands::interpret_file()), for the line that reports the rest.
inline constexpr std::size_t kMaxRefusals = 1001;

// Reported conflicts of two sessions: for each, all commits since are searched.
inline constexpr std::size_t kMaxConflicts = 32;

// `commit confirmed`: a day. A test of a configuration takes no longer.
inline constexpr std::chrono::minutes kMaxConfirmation{1440};

// A rollback that the kernel refuses is tried again after this time.
inline constexpr std::chrono::seconds kRollbackRetry{30};

// Candidates at once, those of private sessions included: each is a copy of the configuration.
inline constexpr std::size_t kMaxCandidates = 32;

// Changes of a tree between two calls of Applier::on_progress(): one takes some microseconds.
inline constexpr std::size_t kEditsPerProgress = 1000;

// How often a configuration of another version is loaded anew without the lines that were refused: syntax, values, and
// what contradicts what is left. Each takes some 100 ms with a thousand groups.
inline constexpr int kMaxSalvageRounds = 5;

// Bytes of a file that is the message of the day: some screens full.
inline constexpr std::size_t kMotdLimit = 8192;

}  // namespace tandem::config
