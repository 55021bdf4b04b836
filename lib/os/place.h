// SPDX-License-Identifier: Apache-2.0
// Opens files by path, safely against other users' symbolic links. A path is walked one name at a time, each from the
// open directory before it: another process that renames directories or creates links meanwhile has no effect.
#pragma once

#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::os {

enum class Links {
  trusted,  // follows only links owned by root or the process's user
  refused,  // follows no link and refuses ".."
};

// A name in an open directory (O_PATH). The name is not a symbolic link; it may be missing.
struct Place {
  FileDescriptor directory;
  std::string name;
  // Whether a user other than root can change where the path leads: a directory of the path is not owned by root, or is
  // writable by others and not sticky (as /tmp is).
  bool led_by_others = false;
};

// Errors are the reason alone, with errno: "Permission denied".
base::Result<Place> locate(const std::string& path, Links links);

base::Result<FileDescriptor> open_directory(const std::string& path);  // O_PATH; Links::trusted

// A path below one of the directories. The directories themselves may have trusted links; below them no link is
// followed. The error names the directories if the path is below none.
base::Result<Place> locate_below(const std::vector<std::string>& directories, const std::string& path);

enum class Access {
  read,
  append,  // creates a missing file with mode 0640
  create,  // fails if the file exists
};

// Opens regular files only: opening or using a FIFO, a device or a socket could block for ever. The error is the reason
// alone: "not a regular file".
base::Result<FileDescriptor> open_regular(const Place& place, Access access);
base::Result<FileDescriptor> open_regular(const std::string& path, Access access);  // Links::trusted
base::Result<FileDescriptor> open_regular_below(const std::vector<std::string>& directories, const std::string& path,
                                                Access access);  // locate_below()

}  // namespace tandem::os
