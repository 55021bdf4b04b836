// SPDX-License-Identifier: Apache-2.0
// Opens what a path names without being led elsewhere. A path is walked one name at a time, each from the directory
// before it: another process that renames directories or puts links there meanwhile changes nothing.
#pragma once

#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::os {

enum class Links {
  trusted,  // only links of root's or of the process's user are followed: no other user can plant those
  refused,  // none is followed, and ".." is refused
};

// A name in a directory that is open (O_PATH). The name is no symbolic link; it may be missing.
struct Place {
  FileDescriptor directory;
  std::string name;
  // Whether a user other than root can change where the path leads: a directory on the way is not root's, or may be
  // written by others and is not sticky (as /tmp).
  bool led_by_others = false;
};

// Errors are the reason alone, with errno: "Permission denied".
base::Result<Place> locate(const std::string& path, Links links);

base::Result<FileDescriptor> open_directory(const std::string& path);  // O_PATH; Links::trusted

// A path that lies below one of the directories. The directories are trusted: what is below them is walked without any
// link. The error names the directories if the path lies below none.
base::Result<Place> locate_below(const std::vector<std::string>& directories, const std::string& path);

enum class Access {
  read,
  append,  // made with mode 0640 if it is missing
  create,  // fails if there is one
};

// Opens a regular file and nothing else: opening or using a FIFO, a device or a socket could wait for ever. The error
// is the reason alone: "not a regular file".
base::Result<FileDescriptor> open_regular(const Place& place, Access access);
base::Result<FileDescriptor> open_regular(const std::string& path, Access access);  // Links::trusted
base::Result<FileDescriptor> open_regular_below(const std::vector<std::string>& directories, const std::string& path,
                                                Access access);  // locate_below()

}  // namespace tandem::os
