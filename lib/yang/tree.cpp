// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/tree.h"

#include <algorithm>
#include <cstdlib>

#include "lib/yang/context_impl.h"
#include "lib/yang/data.h"
#include "lib/yang/json_duplicates.h"
#include "lib/yang/named_nodes.h"
#include "lib/yang/problems.h"
#include "lib/yang/text.h"
#include "lib/yang/tree_impl.h"
#include "lib/yang/validation.h"

namespace tandem::yang {
namespace {

std::unique_ptr<Tree::Impl> copy_of(const Tree::Impl& other) {
  auto copy = std::make_unique<Tree::Impl>(Tree::Impl{other.context, other.schema, nullptr});
  copy->data = duplicate(other.data.get());
  return copy;
}

// The path of `problem` begins below the known part of the trail: makes it complete.
base::Unexpected<Problem> refuse(const cli::Edit& edit, std::size_t known, Problem problem) {
  problem.path.insert(0, edit.path, 0, known);
  return base::Unexpected<Problem>(std::move(problem));
}

// Moves a node that named nodes own into the tree.
void graft(Tree::Impl& tree, lyd_node* parent, NamedNodes& named, lyd_node* node) {
  if (named.owner.get() == node) {
    static_cast<void>(named.owner.release());
  } else {
    lyd_unlink_tree(node);
  }
  if (parent != nullptr) {
    lyd_insert_child(parent, node);
    return;
  }
  lyd_node* first = tree.data.release();
  lyd_insert_sibling(first, node, &first);
  tree.data.reset(first);
}

base::Result<void, Problem> set(Tree::Impl& tree, const cli::Edit& edit) {
  const Trail::Node* const known = tree.trail.follow(edit.path);
  const std::size_t end = known == nullptr ? 0 : known->end;
  lyd_node* parent = known == nullptr ? nullptr : known->node;
  auto named =
      name_nodes(tree.context, parent, std::string_view(edit.path).substr(end), LastLeaf::with_value, edit.value);
  if (!named) {
    return refuse(edit, end, std::move(named.error()));
  }
  for (lyd_node* node : named->nodes) {
    lyd_node* const there = counterpart(parent == nullptr ? tree.data.get() : lyd_child(parent), node);
    if (there == nullptr) {
      graft(tree, parent, *named, node);
      parent = named->nodes.back();
      break;
    }
    if (there->schema->nodetype == LYS_LEAF) {
      lyd_change_term(there, edit.value.c_str());
    }
    parent = there;
  }
  tree.trail.extend(edit.path, parent);
  return {};
}

base::Result<void, Problem> remove(Tree::Impl& tree, const cli::Edit& edit) {
  const Trail::Node* const known = tree.trail.follow(edit.path);
  const std::size_t end = known == nullptr ? 0 : known->end;
  const auto found = find_node(tree.context, tree.data.get(), known == nullptr ? nullptr : known->node,
                               std::string_view(edit.path).substr(end));
  if (!found) {
    return refuse(edit, end, found.error());
  }
  if (*found != nullptr) {
    tree.forget();
    release_node(tree.data, *found);
  }
  return {};
}

// Removes the blank lines at the beginning, which libyang counts twice, and returns their number.
std::size_t skip_blank_lines(std::string_view& text) {
  const std::string_view blank = text.substr(0, text.find_first_not_of(" \t\r\n"));
  text.remove_prefix(blank.size());
  return static_cast<std::size_t>(std::ranges::count(blank, '\n'));
}

base::Result<DataHandle, std::vector<Problem>> parse(const Tree::Impl& tree, std::string_view text) {
  const ly_ctx* const context = tree.context;
  if (text.find('\0') != std::string_view::npos) {  // libyang would take it for the end
    return base::Unexpected<std::vector<Problem>>({{"", "a zero byte in the text: this is not JSON", 0}});
  }
  if (auto duplicate = find_duplicate(*tree.schema, text)) {
    return base::Unexpected<std::vector<Problem>>({std::move(*duplicate)});
  }
  const std::size_t skipped = skip_blank_lines(text);
  const std::string terminated(text);
  lyd_node* parsed = nullptr;
  const LY_ERR result = lyd_parse_data_mem(context, terminated.c_str(), LYD_JSON,
                                           LYD_PARSE_ONLY | LYD_PARSE_STRICT | LYD_PARSE_NO_STATE, 0, &parsed);
  DataHandle data(parsed);
  if (result != LY_SUCCESS) {
    std::vector<Problem> problems = take_problems(context);
    if (problems.empty()) {
      problems.push_back({"", "this is not JSON instance data", 0});
    }
    for (Problem& problem : problems) {
      problem.line += problem.line == 0 ? 0 : skipped;
    }
    return base::Unexpected<std::vector<Problem>>(std::move(problems));
  }
  return data;
}

}  // namespace

Tree::Tree(const Context& context)
    : impl_(std::make_unique<Impl>(Impl{context.impl().handle.get(), &context.schema(), nullptr})) {}
Tree::~Tree() = default;
Tree::Tree(const Tree& other) : impl_(copy_of(*other.impl_)) {}
Tree& Tree::operator=(const Tree& other) {
  if (this != &other) {
    impl_ = copy_of(*other.impl_);
  }
  return *this;
}
Tree::Tree(Tree&&) noexcept = default;
Tree& Tree::operator=(Tree&&) noexcept = default;

base::Result<void, Problem> Tree::apply(const cli::Edit& edit) {
  if (!is_yang_text(edit.path) || !is_yang_text(edit.value)) {
    return base::Unexpected<Problem>(Problem{edit.path, "this is not UTF-8 text", 0});
  }
  impl_->values.reset();
  switch (edit.kind) {
    case cli::Edit::Kind::set:
      return set(*impl_, edit);
    case cli::Edit::Kind::remove:
      return remove(*impl_, edit);
  }
  return {};
}

void Tree::normalise() {
  impl_->forget();
  yang::normalise(impl_->data);
}

std::vector<Problem> Tree::validate() {
  normalise();
  return validate_all(impl_->data, impl_->context);
}

base::Result<void, std::vector<Problem>> Tree::parse_json(std::string_view text) {
  auto parsed = TANDEM_TRY(parse(*impl_, text));
  impl_->forget();
  impl_->data = std::move(parsed);
  return {};
}

base::Result<void, std::vector<Problem>> Tree::merge_json(std::string_view text) {
  auto parsed = TANDEM_TRY(parse(*impl_, text));
  DataHandle merged = duplicate(impl_->data.get());
  strip_defaults(merged, merged.get());  // otherwise a container that holds only defaults would stay marked as one
  lyd_node* target = merged.release();
  const LY_ERR result = lyd_merge_siblings(&target, parsed.get(), 0);
  merged.reset(target);
  if (result != LY_SUCCESS) {
    return base::Unexpected<std::vector<Problem>>(take_problems(impl_->context));
  }
  impl_->forget();
  impl_->data = std::move(merged);
  return {};
}

std::string Tree::to_json(bool with_defaults) const {
  char* text = nullptr;
  const std::uint32_t options = LYD_PRINT_WITHSIBLINGS | (with_defaults ? LYD_PRINT_WD_ALL : LYD_PRINT_WD_EXPLICIT);
  const DataHandle sorted = sorted_copy(impl_->data.get());
  if (lyd_print_mem(&text, sorted.get(), LYD_JSON, options) != LY_SUCCESS || text == nullptr) {
    take_problems(impl_->context);
    return "{}\n";
  }
  std::string json = text;
  std::free(text);
  return json.empty() ? "{}\n" : json;
}

cli::DataNode Tree::to_data(bool with_defaults) const {
  return data_of(impl_->data.get(), *impl_->schema, with_defaults ? Defaults::included : Defaults::left_out);
}

const cli::DataNode& Tree::data() const {
  if (!impl_->values) {
    impl_->values = to_data(false);
  }
  return *impl_->values;
}

bool Tree::operator==(const Tree& other) const { return data() == other.data(); }

}  // namespace tandem::yang
