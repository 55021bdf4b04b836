// SPDX-License-Identifier: Apache-2.0
// Limits of one management session, of one user, and of all together, each with its reason. An operator never reaches
// them. They keep a slow, broken or hostile client from disturbing the others. A viewer is a user who may not
// configure.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::ipc {

// One message. The largest is a configuration file from a shell (base::kMaxConfigFileSize); larger output is sent in
// pieces.
inline constexpr std::size_t kMaxFrameSize = 16U << 20U;

// One message of a viewer: commands are lines (base::kMaxLineLength).
inline constexpr std::size_t kMaxViewerFrameSize = 64U << 10U;

// Fields of one request, those of its body included. A line has three, and one for each mode in which it was typed.
inline constexpr std::size_t kMaxRequestFields = 64;

// Names of modes and clients.
inline constexpr std::size_t kMaxName = 256;

// The name of a file, in messages about its lines (PATH_MAX).
inline constexpr std::size_t kMaxFileName = 4096;

struct Limits {
  // Each takes a descriptor. Enough for all viewers, for one user whose script never closes its shells, and then for
  // root.
  std::size_t sessions = 128;
  // Sessions of one user: several terminals and a few pollers, with a margin.
  std::size_t sessions_per_user = 32;
  // Sessions of all viewers together: they cannot lock out an administrator.
  std::size_t sessions_of_viewers = 64;
  // Connections of one viewer, per second and in a burst; a poller needs one. The server refuses further ones before
  // any work for them.
  unsigned connections_per_second = 50;
  unsigned connections_at_once = 100;
  // From connecting to Hello. A shell sends it at once; the margin is for a loaded machine.
  std::chrono::microseconds hello_time = std::chrono::seconds(10);
  // From the first byte of a message to its last: 16 MiB over a local socket take milliseconds.
  std::chrono::microseconds message_time = std::chrono::seconds(10);
  // Requests per second and session, and in a burst. vtysh reaches about a thousand when it reads from a file. The
  // server delays a client that sends more and does not close its session.
  unsigned requests_per_second = 1000;
  unsigned requests_at_once = 1000;
  // Output that one client has not read yet. `show vrrp detail` of 4 000 groups is about 22 MB. A session's next request
  // is not handled before the client has read the answer to the last one.
  std::size_t session_backlog = 32U << 20U;
  // Unread output of all sessions together: two of the largest answers. Beyond it the server closes the session with
  // the most.
  std::size_t total_backlog = 64U << 20U;
  // Unread log lines of a monitoring terminal: about a thousand. Further lines are dropped and counted.
  std::size_t monitor_backlog = 128U << 10U;
  // The pause after the process has run out of descriptors: an immediate retry would only use processor time.
  std::chrono::microseconds accept_pause = std::chrono::seconds(1);
};

}  // namespace tandem::ipc
