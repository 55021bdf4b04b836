// SPDX-License-Identifier: Apache-2.0
// What was changed outside of our own macvlans, remembered across crashes: the originals of sysctls and of macvlans
// that another program made. A text file in the state directory, one record a line, words separated by one space:
//
//   tandem-devices 1                         format and its version; a file of another version is not used
//   kernel BOOT-ID NETNS                     of another boot or network namespace the records mean nothing
//   sysctl IFINDEX NAME KEY ORIGINAL OURS    "sysctl 3 eth1 ipv4/arp_ignore 0 1"
//   macvlan IFINDEX NAME MODE up|down        "macvlan 7 gw5 private up"
//   address IFINDEX PREFIX                   of the macvlan before it: "address 7 10.0.0.1/32"
//   gone IFINDEX                             nothing is to be restored there any more; later records count again
//
// Another version of the program reads it too: it ignores records that it does not know, and words after those above.
//
// While the daemon runs, records are appended: replacing a file can take the file system milliseconds, which a loop
// that has adverts to send does not have.
//
// Within one boot and namespace the kernel never uses an index twice, so the index identifies the interface; the name
// is for people.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/ids.h"
#include "lib/base/result.h"
#include "vrrpd/io/original.h"

namespace tandem::vrrpd::io {

struct SavedSysctl {
  std::string interface;  // its name when it was changed
  int original;
  int ours;
  bool operator==(const SavedSysctl&) const = default;
};

struct SavedState {
  std::map<std::pair<base::IfIndex, std::string>, SavedSysctl> sysctls;  // by interface and key
  std::map<base::IfIndex, Original> adopted;
  bool empty() const { return sysctls.empty() && adopted.empty(); }
  bool operator==(const SavedState&) const = default;
};

using Changed = std::pair<const std::pair<base::IfIndex, std::string>, SavedSysctl>;
std::string print_record(const Changed& sysctl);
std::string print_record(base::IfIndex index, const Original& macvlan);
std::string print_gone(base::IfIndex index);

// `kernel` is "BOOT-ID NETNS". Records that cannot be understood are left out.
std::string print_state(const SavedState& state, std::string_view kernel);
SavedState parse_state(std::string_view text, std::string_view kernel);

class StateFile {
 public:
  StateFile(std::string directory, std::string_view instance);
  ~StateFile();
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;

  SavedState load() const;  // empty if there is none
  // Replaces the file in one step; removes it if there is nothing to remember.
  base::Result<> save(const SavedState& state);
  // Precondition: save() was called before, so that the file is of this boot.
  base::Result<> append(std::string_view records);
  const std::string& path() const { return path_; }

 private:
  void close();

  std::string path_;
  std::string kernel_;
  int fd_ = -1;  // of the file that is appended to
};

}  // namespace tandem::vrrpd::io
