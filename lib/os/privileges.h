// SPDX-License-Identifier: Apache-2.0
// What a daemon that owns network devices may do: CAP_NET_ADMIN and CAP_NET_RAW, and after start nothing else.
#pragma once

#include <string>

#include "lib/base/result.h"

namespace tandem::os {

// Fails naming the capabilities that are not in effect.
base::Result<> check_network_capabilities();

struct Account {
  std::string user;   // name; empty: stay who we are
  std::string group;  // name; empty: the user's primary group, or the present one without a user
};

// Becomes the account, keeps exactly the two capabilities and forbids gaining others (no_new_privs). For good. Do first
// what needs more: PID file, directories, the socket's group.
base::Result<> drop_privileges(const Account& account);

}  // namespace tandem::os
