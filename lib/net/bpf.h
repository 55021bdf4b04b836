// SPDX-License-Identifier: Apache-2.0
// Programs for socket filters (classic BPF, SO_ATTACH_FILTER): the kernel runs one on each packet before it queues it.
// Making one is pure: a test interprets it (bpf_testing.h).
#pragma once

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "lib/base/ip.h"

namespace tandem::net {

using FilterProgram = std::vector<sock_filter>;

// Appends instructions to a program. Jumps go forward to labels, which are placed later. A load from beyond the end of
// the packet ends the program and refuses the packet. A and X are the registers of the machine.
class FilterAssembler {
 public:
  enum class Label : std::uint16_t {};
  Label new_label() { return Label{next_label_++}; }
  void place(Label label) { places_[label] = program_.size(); }

  FilterAssembler& add(unsigned code, std::uint32_t value = 0);
  FilterAssembler& load_byte(std::uint32_t offset) { return add(BPF_LD | BPF_B | BPF_ABS, offset); }  // into A
  FilterAssembler& load_byte_behind_x(std::uint32_t offset) { return add(BPF_LD | BPF_B | BPF_IND, offset); }
  FilterAssembler& load_word(std::uint32_t offset) { return add(BPF_LD | BPF_W | BPF_ABS, offset); }
  // Compare A. The conditional jumps reach 255 instructions; a longer one breaks an invariant in finish().
  FilterAssembler& jump_if_equal(std::uint32_t value, Label to);
  FilterAssembler& jump_unless_equal(std::uint32_t value, Label to);
  FilterAssembler& jump_if_less(std::uint32_t value, Label to);
  FilterAssembler& jump(Label to);
  // Goes on if the address at `offset` of the packet is this one. Changes A.
  FilterAssembler& jump_unless_address(std::uint32_t offset, const base::IpAddress& address, Label to);
  FilterAssembler& accept();  // the whole packet
  FilterAssembler& refuse();

  // Precondition: every label that a jump names has been placed. The assembler is empty afterwards.
  FilterProgram finish();

 private:
  struct Jump {
    enum class Part { if_true, if_false, always };
    std::size_t at;
    Label to;
    Part part;
  };

  FilterProgram program_;
  std::vector<Jump> jumps_;
  std::map<Label, std::size_t> places_;
  std::uint16_t next_label_ = 0;
};

// Lets everything through.
FilterProgram accept_all();

// Replaces the socket's filter. Returns errno's value, 0: it is in force; otherwise the socket has no filter, for the
// former one may drop what has to be heard now.
int attach(int socket, const FilterProgram& program);

}  // namespace tandem::net
