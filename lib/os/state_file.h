// SPDX-License-Identifier: Apache-2.0
// A text file with what a program has changed in the kernel and has to restore, remembered across crashes. One record a
// line, behind two lines of head:
//
//   FORMAT                  format and its version; a file of another format is not used
//   kernel BOOT-ID NETNS    of another boot or network namespace the records mean nothing
//
// While the program runs it appends records: replacing a file can take the file system milliseconds, which a loop with
// timers does not have. Nothing is synced to the disk: after a crash of the machine the records mean nothing.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::os {

// The two lines.
std::string state_head(std::string_view format, std::string_view boot_id, unsigned long network_namespace);
// What follows the head; empty if the text begins otherwise. A view of the text.
std::string_view records_after(std::string_view head, std::string_view text);

class StateFile {
 public:
  // The name gets the number of the network namespace as a suffix: daemons in several may share one directory.
  StateFile(const std::string& directory, std::string_view name, std::string_view format);

  std::string load() const;  // the records; empty if there are none of this boot
  // Replaces the file in one step; removes it if there are no records. Makes the directory if there is none.
  base::Result<> save(std::string_view records);
  // Precondition: save() was called before, so that the file is of this boot.
  base::Result<> append(std::string_view records);
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::string head_;
  FileDescriptor appended_;  // the file, from the first append() after a save() on
};

}  // namespace tandem::os
