// SPDX-License-Identifier: Apache-2.0
// What one management session, one user and all of them together may cost, each limit with its reason. An operator
// never meets one; a client that is stuck, broken or hostile does, and no other client notices.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::ipc {

// One message. The largest is a configuration file on its way in (base::kMaxConfigFileSize); larger output is sent in
// pieces.
inline constexpr std::size_t kMaxFrameSize = 16U << 20U;

// One message of a client that may only look: commands are lines (base::kMaxLineLength).
inline constexpr std::size_t kMaxViewerFrameSize = 64U << 10U;

// Fields of one request, those of its body included: a line has three, and one for each mode that it was typed in.
inline constexpr std::size_t kMaxRequestFields = 64;

// Names that a program chooses: of a mode, of the client.
inline constexpr std::size_t kMaxName = 256;

// The name of a file, in messages about its lines (PATH_MAX).
inline constexpr std::size_t kMaxFileName = 4096;

struct Limits {
  // Each costs a descriptor. Enough for all viewers, for one user whose script forgets its shells, and then for root.
  std::size_t sessions = 128;
  // Of these, one user's: several terminals and a few pollers, with room.
  std::size_t sessions_per_user = 32;
  // And those of all users who may only look: they cannot lock out who has to mend something.
  std::size_t sessions_of_viewers = 64;
  // Connections of one user who may only look, per second and at once after a pause: a poller needs one. More are
  // turned away before they cost anything.
  unsigned connections_per_second = 50;
  unsigned connections_at_once = 100;
  // From connecting to Hello. A shell says it at once; the rest is a loaded machine.
  std::chrono::microseconds hello_time = std::chrono::seconds(10);
  // From the first byte of a message to its last: 16 MiB over a local socket take milliseconds.
  std::chrono::microseconds message_time = std::chrono::seconds(10);
  // Requests per second and session, and how many at once after a pause. vtysh reaches about a thousand when it is fed
  // from a file; a client that sends more waits, it is not closed.
  unsigned requests_per_second = 1000;
  unsigned requests_at_once = 1000;
  // Output that one client has not read yet. `show vrrp detail` of 4 000 groups is about 22 MB. The next request
  // of a session is not looked at before the answer to the one before has gone.
  std::size_t session_backlog = 32U << 20U;
  // The same of all sessions together: beyond it the session with the most is closed. Two of the largest answers.
  std::size_t total_backlog = 64U << 20U;
  // Log lines are left out, and counted, for a monitoring terminal that has more than this to read: about a thousand
  // lines.
  std::size_t monitor_backlog = 128U << 10U;
  // After running out of descriptors: trying again at once would burn the processor for nothing.
  std::chrono::microseconds accept_pause = std::chrono::seconds(1);
};

}  // namespace tandem::ipc
