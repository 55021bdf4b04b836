// SPDX-License-Identifier: Apache-2.0
// The limits of this folder, with their reasons.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::daemon {

// Lines of the log kept for `show logging`: what happened lately, in 20 to 30 kB.
inline constexpr std::size_t kLogLinesKept = 200;

// How long the program that is to take over may take to say its version; meanwhile the supervisor does not watch its
// worker. It takes 20 ms, more on a busy machine.
inline constexpr std::chrono::seconds kSuccessorTimeout{2};

// How long management may take to finish what it does when the daemon is told to stop; a second signal starts the time
// anew. A service manager would not wait much longer.
inline constexpr std::chrono::seconds kManagementStopTimeout{5};

// How long a worker that exits to be replaced may write the last lines of its log to each destination: its supervisor
// waits three times as long.
inline constexpr std::chrono::milliseconds kLastLinesTimeout{50};

// How long the program's own thread may compute without waiting. Its longest turn takes a few milliseconds; one that
// takes so long is an endless loop, with real-time priority.
inline constexpr std::chrono::seconds kLongestTurn{2};

// How long a reader of stderr may take for the errors of a start, which fill more than a pipe. A worker that ends does
// not wait longer either: its supervisor waits for that end.
inline constexpr std::chrono::milliseconds kReaderTimeout{500};

// Errors of a file that are logged when it is to be read again. A file of another kind has a thousand.
inline constexpr std::size_t kMaxReloadErrors = 20;

}  // namespace tandem::daemon
