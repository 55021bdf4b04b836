// SPDX-License-Identifier: Apache-2.0
#include "lib/yang/tree.h"

#include <algorithm>
#include <cstdlib>

#include "lib/yang/data.h"
#include "lib/yang/impl.h"
#include "lib/yang/problems.h"
#include "lib/yang/text.h"
#include "lib/yang/validation.h"

namespace tandem::yang {
namespace {

std::unique_ptr<Tree::Impl> copy_of(const Tree::Impl& other) {
  auto copy = std::make_unique<Tree::Impl>(Tree::Impl{other.context, other.schema, nullptr});
  copy->data = duplicate(other.data.get());
  return copy;
}

// The part of an instance path up to the end of the first predicate behind `from`; all of it if there is none.
std::string_view up_to_predicate(std::string_view path, std::size_t from) {
  char quote = '\0';
  for (std::size_t i = from; i < path.size(); ++i) {
    if (quote != '\0') {
      quote = path[i] == quote ? '\0' : quote;
    } else if (path[i] == '\'' || path[i] == '"') {
      quote = path[i];
    } else if (path[i] == ']') {
      return path.substr(0, i + 1);
    }
  }
  return path;
}

// What of the path the model does not take: up to the first key that is not of its type, or all of it if the keys are
// fine.
std::string refused_part(const ly_ctx* context, const std::string& path) {
  for (std::string_view part = up_to_predicate(path, 0); part.size() < path.size();
       part = up_to_predicate(path, part.size())) {
    lyd_node* created = nullptr;
    const LY_ERR result = lyd_new_path(nullptr, context, std::string(part).c_str(), nullptr, 0, &created);
    const DataHandle discarded(created);
    if (result != LY_SUCCESS) {
      ly_err_clean(const_cast<ly_ctx*>(context), nullptr);
      return std::string(part);
    }
  }
  return path;
}

base::Unexpected<Problem> refuse(const ly_ctx* context, const cli::Edit& edit) {
  const std::vector<Problem> problems = take_problems(context);
  // Of several messages about one edit the first is the reason. libyang knows no instance yet that it could name.
  return base::Unexpected<Problem>(
      Problem{refused_part(context, edit.path), problems.empty() ? "invalid value" : problems.front().message, 0});
}

// Below `parent`, or from the root without one. The result is the last node of the path, if it had to be made.
base::Result<lyd_node*, LY_ERR> make_path(Tree::Impl& tree, lyd_node* parent, const char* path,
                                          const std::string& value) {
  lyd_node* first = nullptr;
  lyd_node* last = nullptr;
  const LY_ERR result =
      lyd_new_path2(parent != nullptr ? parent : tree.data.get(), tree.context, path,
                    value.empty() ? nullptr : value.c_str(), 0, LYD_ANYDATA_STRING, LYD_NEW_PATH_UPDATE, &first, &last);
  if (result != LY_SUCCESS) {
    return base::Unexpected<LY_ERR>(result);
  }
  if (parent == nullptr) {  // a new top-level node may have become the first one
    lyd_node* const top = tree.data == nullptr ? first : lyd_first_sibling(tree.data.get());
    static_cast<void>(tree.data.release());
    tree.data.reset(top);
  }
  return last;
}

base::Result<void, Problem> set(Tree::Impl& tree, const cli::Edit& edit) {
  if (!is_yang_text(edit.path) || !is_yang_text(edit.value)) {
    return base::Unexpected<Problem>(Problem{edit.path, "this is not UTF-8 text", 0});
  }
  const Trail::Node* const above = tree.trail.follow(edit.path);
  const auto made = above == nullptr ? make_path(tree, nullptr, edit.path.c_str(), edit.value)
                                     : make_path(tree, above->node, edit.path.c_str() + above->end + 1, edit.value);
  if (!made) {
    return refuse(tree.context, edit);
  }
  if (*made != nullptr) {
    tree.trail.extend(edit.path, *made);
  }
  return {};
}

base::Result<void, Problem> remove(Tree::Impl& tree, const cli::Edit& edit) {
  if (tree.data == nullptr) {
    return {};
  }
  const Trail::Node* const above = tree.trail.follow(edit.path);
  lyd_node* match = nullptr;
  const LY_ERR result = above == nullptr ? lyd_find_path(tree.data.get(), edit.path.c_str(), 0, &match)
                                         : lyd_find_path(above->node, edit.path.c_str() + above->end + 1, 0, &match);
  if (result == LY_ENOTFOUND || result == LY_EINCOMPLETE) {
    ly_err_clean(const_cast<ly_ctx*>(tree.context), nullptr);
    return {};
  }
  if (result != LY_SUCCESS) {
    return refuse(tree.context, edit);
  }
  tree.forget();
  release_node(tree.data, match);
  return {};
}

// libyang counts the blank lines at the beginning twice: it gets the text without them.
std::size_t skip_blank_lines(std::string_view& text) {
  const std::string_view blank = text.substr(0, text.find_first_not_of(" \t\r\n"));
  text.remove_prefix(blank.size());
  return static_cast<std::size_t>(std::ranges::count(blank, '\n'));
}

base::Result<DataHandle, std::vector<Problem>> parse(const ly_ctx* context, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {  // libyang would take it for the end
    return base::Unexpected<std::vector<Problem>>({{"", "a zero byte in the text: this is not JSON", 0}});
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
  auto parsed = parse(impl_->context, text);
  if (!parsed) {
    return base::Unexpected<std::vector<Problem>>(std::move(parsed.error()));
  }
  impl_->forget();
  impl_->data = std::move(*parsed);
  return {};
}

base::Result<void, std::vector<Problem>> Tree::merge_json(std::string_view text) {
  auto parsed = parse(impl_->context, text);
  if (!parsed) {
    return base::Unexpected<std::vector<Problem>>(std::move(parsed.error()));
  }
  DataHandle merged = duplicate(impl_->data.get());
  strip_defaults(merged, merged.get());  // a container that holds defaults only would stay marked as one
  lyd_node* target = merged.release();
  const LY_ERR result = lyd_merge_siblings(&target, parsed->get(), 0);
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
