// SPDX-License-Identifier: Apache-2.0
// Private to this folder.
#pragma once

#include <libyang/libyang.h>

#include <string>
#include <string_view>
#include <vector>

namespace tandem::yang {

// The nodes along the path of the last edit. The next line of a file usually has the same parents, and a search for
// them from the root is most of the cost of an edit. Valid as long as no node is removed.
class Trail {
 public:
  struct Node {
    std::size_t end;  // of its part of the path
    lyd_node* node;
  };

  // The deepest known node above the target of `path`; nullptr: none is known. The trail ends there now.
  const Node* follow(std::string_view path);
  // Extends the trail from the end of follow() to `last`, the target of `path`.
  void extend(std::string_view path, lyd_node* last);

 private:
  std::string path_ = {};
  std::vector<Node> nodes_ = {};  // outermost first
};

}  // namespace tandem::yang
