#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The checks themselves: each must find what it is for, and must not cry wolf. Usage: checks_test.py [unittest options]."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import formatting  # noqa: E402
import layers  # noqa: E402
import lint  # noqa: E402
import purity  # noqa: E402
import sizes  # noqa: E402
import tidy  # noqa: E402
import words  # noqa: E402


def tree(folder, files):
    for path, text in files.items():
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)


class Layers(unittest.TestCase):
    GOOD = {
        "lib/base/ip.h": "#pragma once\n#include <array>\n",
        "lib/yang/context.h": '#include "lib/base/ip.h"\n',
        "lib/yang/pimpl.h": "#include <libyang/libyang.h>\n",
        "lib/yang/context.cpp": '#include "lib/yang/pimpl.h"\n',
        "lib/event/loop.cpp": "#include <asio.hpp>\n",
        "vrrpd/core/router.h": '#include "lib/base/ip.h"\n',
        "vrrpd/main.cpp": '#include "vrrpd/daemon/daemon.h"\n',
        "vrrpd/daemon/daemon.h": '#include "vrrpd/core/router.h"\n#include "lib/yang/context.h"\n',
        "vtysh/editor.cpp": "#include <readline/readline.h>\n",
    }

    def found(self, more):
        with tempfile.TemporaryDirectory() as folder:
            tree(folder, {**self.GOOD, **more})
            return list(layers.violations(folder))

    def test_a_clean_tree_passes(self):
        self.assertEqual(self.found({}), [])

    def test_each_violation_is_found(self):
        bad = {
            "upwards": ("lib/base/x.h", '#include "vrrpd/core/router.h"'),
            "sibling": ("lib/yang/x.h", '#include "lib/event/y.h"'),
            "impure": ("vrrpd/core/x.cpp", "#include <sys/socket.h>"),
            "clock in core": ("vrrpd/core/x.cpp", "#include <ctime>"),
            "yang outside": ("vrrpd/config/x.cpp", "#include <libyang/libyang.h>"),
            "leak through a header": ("lib/config/x.cpp", '#include "lib/yang/pimpl.h"'),
            "asio elsewhere": ("lib/os/x.cpp", "#include <asio/io_context.hpp>"),
            "readline elsewhere": ("vtysh/shell.cpp", "#include <readline/history.h>"),
            "libnl elsewhere": ("vrrpd/io/x.cpp", "#include <netlink/route/link.h>"),
            "protobuf elsewhere": ("vrrpd/mgmt/x.cpp", '#include "lib/ipc/management.pb.h"'),
            "json elsewhere": ("vrrpd/io/x.cpp", "#include <json-c/json.h>"),
            "shell knows vrrpd": ("vtysh/x.cpp", '#include "vrrpd/core/router.h"'),
            "relative path": ("vrrpd/core/x.cpp", '#include "router.h"'),
            "unknown room": ("lib/misc/x.cpp", "#include <array>"),
        }
        for name, (path, line) in bad.items():
            with self.subTest(name):
                found = self.found({"lib/event/y.h": "", path: "#include <array>\n\n" + line + "\n"})
                self.assertTrue(found and all(f.startswith(path) for f in found), found)

    def test_a_knot_is_found(self):
        two = {"lib/os/a.h": '#include "lib/os/b.h"\n', "lib/os/b.h": "#pragma once\n", "lib/os/b.cpp": '#include "lib/os/a.h"\n'}
        self.assertEqual(self.found(two), ["lib/os/a.h:1: an include knot (files with their headers): a b"])
        three = {"lib/os/a.h": '#include "lib/os/b.h"\n', "lib/os/b.cpp": '#include "lib/os/c.h"\n', "lib/os/b.h": "", "lib/os/c.h": "",
                 "lib/os/c.cpp": '#include "lib/os/a.h"\n', "lib/os/d.h": '#include "lib/os/a.h"\n'}
        self.assertEqual(self.found(three), ["lib/os/a.h:1: an include knot (files with their headers): a b c"])

    def test_the_inside_of_a_class_belongs_to_its_header(self):
        inside = {"lib/os/a.h": "", "lib/os/a_impl.h": '#include "lib/os/a.h"\n', "lib/os/a.cpp": '#include "lib/os/a_impl.h"\n',
                  "lib/os/b.cpp": '#include "lib/os/a_impl.h"\n', "lib/os/b.h": '#include "lib/os/a.h"\n'}
        self.assertEqual(self.found(inside), [])


class Purity(unittest.TestCase):
    def found(self, code):
        with tempfile.TemporaryDirectory() as folder:
            tree(folder, {"x.cpp": code})
            library = os.path.join(folder, "libx.a")
            subprocess.run(["g++", "-std=c++20", "-c", "x.cpp", "-o", "x.o"], cwd=folder, check=True)
            subprocess.run(["ar", "rc", library, "x.o"], cwd=folder, check=True)
            return purity.check(library)

    def test_pure_code_passes(self):
        self.assertEqual(self.found("#include <vector>\n#include <string>\n"
                                    "void f(std::vector<std::string>& v) { v.push_back(std::string(99, 'x')); }"), [])

    def test_each_impurity_is_found(self):
        bad = {
            "clock": "#include <chrono>\nauto f() { return std::chrono::steady_clock::now(); }",
            "socket": "#include <sys/socket.h>\nint f() { return socket(1, 2, 3); }",
            "environment": "#include <cstdlib>\nconst char* f() { return getenv(\"HOME\"); }",
            "randomness": "#include <cstdlib>\nint f() { return rand(); }",
            "thread": "#include <thread>\nvoid f() { std::thread([] {}).join(); }",
            "file or stream": "#include <iostream>\nvoid f() { std::cout << 1; }",
        }
        for kind, code in bad.items():
            with self.subTest(kind):
                self.assertTrue(any(f": {kind}: " in line for line in self.found(code)))

    def test_an_empty_library_is_suspicious(self):
        self.assertTrue(self.found("int x;"))


class Sizes(unittest.TestCase):
    CODE = """
namespace a::b {
struct S : T<int> { int f() const { return 1; } };
enum class E : int { x, y };
constexpr Row kTable[] = {
    {1, f(2)},
};
S::S(int a) noexcept : a_(a), b_{g({1})}, c_{} {
  auto l = [](int x) { return x; };
}
template <typename T = std::pair<int, int>>
struct Made make(T t, std::vector<int> v = {1, 2}) {
  if (t) { return {'{', "}{", 1'000}; }  // }}}
}
bool operator==(const S& x, const S& y) { return true; }
TEST(Router, BecomesMaster) {
  EXPECT_EQ(R"({ {{)", x);
}
const auto lambda = [](int a) -> int {
  return a;
};
}  // namespace a::b
"""

    def test_functions_are_found_with_their_lines(self):
        self.assertEqual([(name, last - first + 1) for first, last, name in sizes.cpp_functions(self.CODE)],
                         [("f", 1), ("S::S", 3), ("make", 4), ("operator==", 1), ("TEST(Router, BecomesMaster)", 3), ("?", 3)])

    def test_a_long_function_is_found_wherever_it_is(self):
        body = "  x();\n" * 69
        for code in (f"void f() {{\n{body}}}\n", f"class A {{\n void f() {{\n{body}}}\n}};\n",
                     f"TEST(A, B) {{\n{body}}}\n", f"A::A()\n    : a_{{1}} {{\n{body}}}\n"):
            self.assertEqual(len(list(sizes.oversize("x.cpp", code))), 1, code[:40])
        fits = "void f() {\n" + "  x();\n" * 68 + "}\n"
        self.assertEqual(list(sizes.oversize("x.cpp", fits)), [])
        self.assertEqual(len(list(sizes.oversize("x.py", "def f():\n" + "    x()\n" * 70))), 1)
        self.assertEqual(list(sizes.oversize("x.py", "def f():\n" + "    x()\n" * 69)), [])

    def test_a_long_file_is_found(self):
        self.assertEqual(len(list(sizes.oversize("x.h", "\n" * 601))), 1)
        self.assertEqual(list(sizes.oversize("x.h", "\n" * 600)), [])

    CLASSES = """
class Door : public Thing<int> {
 public:
  enum class State { open, closed };
  using Handler = std::function<void(int)>;
  explicit Door(Handler handler) : handler_(std::move(handler)), state_{State::open} {}
  ~Door() override;
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;
  [[nodiscard]] bool is_open() const { return state_ == State::open; }
  template <class T>
  T visit(T t) { return {t}; }
  bool operator==(const Door&) const = default;
  static Door make(std::function<void()> on_open = [] { return 1; });

 private:
  struct Hinge { int screws = 4; };
  static constexpr int kLimit = 3;
  Handler handler_;
  std::function<void(int)> other_ = nullptr;
  std::map<int, std::vector<int>> names_{{1, {2}}};
  Hinge hinge_;
  State state_;
};
"""

    def test_members_of_classes_are_counted(self):
        self.assertEqual(list(sizes.cpp_classes(self.CLASSES)), [(2, "Door", 5, 4, False), (17, "Hinge", 1, 0, True)])

    def test_a_class_with_too_much_is_found(self):
        def found(head, data, functions):
            body = "".join(f"  int m{i}_ = {{}};\n" for i in range(data)) + "".join(f"  void f{i}();\n" for i in range(functions))
            return list(sizes.whales("x.h", f"{head} {{\n{body}}};\n", 15, 30))
        self.assertEqual(found("class A", 15, 30), [])
        self.assertEqual(found("class A", 16, 30), ["x.h:1: A has 16 data members; the limit of a class is 15"])
        self.assertEqual(found("struct A : B", 15, 31), ["x.h:1: A has 31 functions; the limit of a class is 30"])
        self.assertEqual(found("struct Row", 40, 0), [])


class Tidy(unittest.TestCase):
    def test_each_untidiness_is_found(self):
        good = f"// {tidy.LICENCE}\n#pragma once\n"
        self.assertEqual(list(tidy.untidy("x.h", good)), [])
        self.assertEqual(len(list(tidy.untidy("x.h", "#pragma once\n"))), 1)
        self.assertEqual(len(list(tidy.untidy("x.h", f"// {tidy.LICENCE}\n"))), 1)
        self.assertEqual(len(list(tidy.untidy("x.h", good + "// TO" + "DO: later\n"))), 1)

    def test_an_id_of_two_messages_is_found(self):
        ids = tidy.MessageIds()
        first = 'inline constexpr Message kA{"VRRP-001", x};\ninline constexpr Message kB{\n    "VRRP-002", x};\n'
        self.assertEqual(list(ids.repeated("vrrpd/messages.h", first)), [])
        again = list(ids.repeated("lib/messages.h", 'inline constexpr Message kC{"VRRP-002", x};\n'))
        self.assertEqual(again, ["lib/messages.h:1: VRRP-002 is the id of another message, vrrpd/messages.h:2"])


class Formatting(unittest.TestCase):
    def test_a_difference_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            tree(folder, {".clang-format": "BasedOnStyle: Google\n", "good.h": "int f();\n", "bad.h": "int  f();\n"})
            self.assertEqual(formatting.differences(folder, ["good.h"]), [])
            found = formatting.differences(folder, ["good.h", "bad.h"])
            self.assertTrue(len(found) == 1 and found[0].startswith("bad.h:1:"), found)


class Lint(unittest.TestCase):
    FAULTY = "#include <string>\n#include <utility>\nint f(std::string s) {\n  std::string t = std::move(s);\n  return s.empty() ? 1 : 0;\n}\n"
    CLEAN = '#include "lib/x.h"\nint f() { return 1; }\n'

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root, self.build = folder.name, os.path.join(folder.name, "build")
        os.makedirs(self.build)
        tree(self.root, {".clang-tidy": "Checks: '-*,bugprone-use-after-move'\nWarningsAsErrors: '*'\nHeaderFilterRegex: '/lib/'\n", "lib/x.h": "#pragma once\nint f();\n"})

    def lint(self, *texts):
        """Of the sources lib/x0.cpp, lib/x1.cpp …"""
        paths = [f"lib/x{number}.cpp" for number in range(len(texts))]
        tree(self.root, dict(zip(paths, texts)))
        rows = [{"directory": self.build, "file": f"{self.root}/{path}", "command": f"c++ -I{self.root} -c {self.root}/{path}"} for path in paths]
        with open(os.path.join(self.build, "compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump(rows, file)
        return lint.Lint(self.root, self.build).run(1)

    def test_a_fault_is_found_again_each_time(self):
        for _ in range(2):
            sources, looked_at, found = self.lint(self.FAULTY)
            self.assertEqual((sources, looked_at, len(found)), (1, 1, 1))
            self.assertRegex(found[0], r"^lib/x0.cpp:5:\d+: 's' used after it was moved")

    def test_a_clean_source_is_looked_at_again_when_a_header_has_changed(self):
        self.assertEqual(self.lint(self.CLEAN), (1, 1, []))
        self.assertEqual(self.lint(self.CLEAN), (1, 0, []))
        tree(self.root, {"lib/x.h": "#pragma once\nint f();  // changed\n"})
        self.assertEqual(self.lint(self.CLEAN), (1, 1, []))

    def test_sources_of_a_folder_are_looked_at_as_one(self):
        groups, _, found = self.lint("int g();\n", self.FAULTY)
        self.assertEqual((groups, len(found)), (1, 1))
        self.assertRegex(found[0], r"^lib/x1.cpp:5:")

    def test_sources_that_define_the_same_local_name_are_looked_at_apart(self):
        local = "namespace {\nconstexpr int kSize = 1;\n}  // namespace\n"
        self.assertEqual(self.lint(local, local), (2, 2, []))

    def test_sources_that_do_not_compile_together_are_looked_at_one_by_one(self):
        groups, _, found = self.lint("static int size;\n", "static int size;\n" + self.FAULTY)
        self.assertEqual((groups, len(found)), (1, 1))
        self.assertRegex(found[0], r"^lib/x1.cpp:6:")


class Words(unittest.TestCase):
    def found(self, path, text):
        return len(list(words.vague(path, text)))

    def test_vague_actors_are_found_in_prose(self):
        word = "some" + "body"
        self.assertEqual(self.found("doc/x.md", f"What {word} else made\n"), 1)
        self.assertEqual(self.found("lib/x.h", f"// {word.capitalize()}'s macvlan\n"), 1)
        self.assertEqual(self.found("lib/x.cpp", f'log("{word} has it");\n'), 1)
        self.assertEqual(self.found("tests/x.py", f'"""What {word} does."""\n# {word}\n'), 2)
        self.assertEqual(self.found("tests/x.py", f'def f():\n    """A line.\n    {word}"""\n'), 1)

    def test_citations_of_documents_outside_the_repository_are_found(self):
        for document in ("design" + ".md", "frr" + "-facts §1.4", "conformance" + ".md §1.3", "cli" + ".md §5"):
            self.assertEqual(self.found("lib/x.h", f"// As {document} says.\n"), 1)
            self.assertEqual(self.found("tests/x.py", f'"""See {document}."""\n'), 1)
        for document in ("doc/decisions/0041", "doc/cli/shell.md", "RFC 9568 §7.1", "`cli" + ".md`, the contract"):
            self.assertEqual(self.found("lib/x.h", f"// As {document} says.\n"), 0)

    def test_the_user_and_the_input_of_tests_are_no_prose(self):
        user = "no" + "body"
        self.assertEqual(self.found("doc/x.md", f"the user `{user}`, with -u {user}\n"), 0)
        self.assertEqual(self.found("lib/x_test.cpp", f'EXPECT_EQ(user, "{user}");  // a user\n'), 0)
        self.assertEqual(self.found("tests/x.py", f'run(user="{user}")\n{user} = 1\n'), 0)


if __name__ == "__main__":
    unittest.main()
