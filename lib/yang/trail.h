// SPDX-License-Identifier: Apache-2.0
// Private to this folder.
#pragma once

#include <libyang/libyang.h>

#include <string>
#include <string_view>
#include <vector>

namespace tandem::yang {

// The nodes along the path of the last edit: the lines of a file go on where the ones before them were, and finding
// that again from the root is most of what an edit costs. Valid as long as no node is removed.
class Trail {
 public:
  struct Node {
    std::size_t end;  // of its part of the path
    lyd_node* node;
  };

  // The last node above what `path` names; nullptr: none is known. The trail ends there now.
  const Node* follow(std::string_view path);
  // Goes on to `last`, which `path` names, from where follow() ended.
  void extend(std::string_view path, lyd_node* last);

 private:
  std::string path_ = {};
  std::vector<Node> nodes_ = {};  // outermost first
};

}  // namespace tandem::yang
