// What runs a circuit on behalf of a host: it takes words of 32 bits and answers with words of 32 bits.
// The same for every simulator; a `Circuit` is the thin layer over the class that one of them makes of the Verilog:
//   reset, valid, write, address, data   set the inputs of the clock that is to come
//   settle()                             works out what the outputs are in that clock; once per clock
//   ready(), readValid(), readData(), busy(), traceWord(i), records()   read them
//   edge()                               ends the clock
//
// Commands (trace-hash.ts computes the same hash):
//   1 address data         writes on the host bus
//   2 address              reads; answers one word
//   3 limit                clocks until busy is 0 after it was 1, at most `limit`; answers the clocks in which busy was 1, or
//                          0xffffffff when the limit was hit
//   4 mode window from to  mode 0 traces nothing, 1 hashes, 2 records; forgets what was traced before
//   5                      answers how many words were traced, and the words; forgets them
//   6                      resets the circuit
//   7                      answers the number of clocks so far: low word, high word
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace plastron {

// Begins every answer. After a fault, the rest of the commands is left undone.
enum Fault : uint32_t { FAULT_NONE = 0, FAULT_NOT_READY = 1, FAULT_NO_DATA = 2, FAULT_COMMAND = 3 };

constexpr uint32_t BUS_CLOCKS = 100000;  // the most that a transfer may take
constexpr int RESET_CLOCKS = 4;
constexpr uint32_t LIMIT_HIT = 0xffffffffu;

class Trace {
 public:
  void start(uint32_t mode, uint32_t window, uint32_t from, uint32_t to) {
    *this = Trace();
    mode_ = mode;
    window_ = window == 0 ? 1 : window;
    from_ = from;
    to_ = to;
  }

  // One clock in which the circuit was busy.
  template <class Circuit>
  void clock(const Circuit &circuit) {
    const bool wanted = mode_ == 1 || (mode_ == 2 && now_ >= from_ && now_ < to_);
    if (wanted) {
      const size_t records = circuit.records();
      for (size_t record = 0; record < records; record++) {
        const uint32_t high = circuit.traceWord(2 * record + 1);
        if (high >> 31) take(high, circuit.traceWord(2 * record));
      }
    }
    now_++;
    if (mode_ == 1 && now_ % window_ == 0) {
      words_.push_back(h1_);
      words_.push_back(h2_);
    }
  }

  void answer(std::vector<uint32_t> &out) {
    out.push_back(static_cast<uint32_t>(words_.size()));
    out.insert(out.end(), words_.begin(), words_.end());
    words_.clear();
  }

 private:
  void take(uint32_t high, uint32_t low) {
    const uint32_t words[3] = {now_, high, low};
    if (mode_ == 2) {
      words_.insert(words_.end(), words, words + 3);
      return;
    }
    for (const uint32_t word : words) {
      h1_ = (h1_ ^ word) * 0x01000193u;
      h2_ = (((h2_ << 5) | (h2_ >> 27)) ^ word) * 0x9e3779b1u;
    }
  }

  uint32_t mode_ = 0, window_ = 1, from_ = 0, to_ = 0;
  uint32_t now_ = 0;
  uint32_t h1_ = 0x811c9dc5u, h2_ = 0x1b873593u;
  std::vector<uint32_t> words_;
};

template <class Circuit>
class Harness {
 public:
  // Does the commands of one message; `out` takes the fault and the answers.
  void work(const uint32_t *in, size_t count, std::vector<uint32_t> &out) {
    static const size_t LENGTHS[] = {0, 3, 2, 2, 5, 1, 1, 1};
    const size_t start = out.size();
    out.push_back(FAULT_NONE);
    for (size_t at = 0; at < count;) {
      const uint32_t command = in[at];
      const size_t length = command < 8 ? LENGTHS[command] : 0;
      Fault fault = FAULT_COMMAND;
      if (length != 0 && at + length <= count) fault = run(in + at, out);
      if (fault != FAULT_NONE) {
        out.resize(start);
        out.push_back(fault);
        out.push_back(length > 1 ? in[at + 1] : command);
        return;
      }
      at += length;
    }
  }

 private:
  Fault run(const uint32_t *command, std::vector<uint32_t> &out) {
    switch (command[0]) {
      case 1: return transfer(true, command[1], command[2]);
      case 2: return read(command[1], out);
      case 3: out.push_back(runUntilDone(command[1])); return FAULT_NONE;
      case 4: trace_.start(command[1], command[2], command[3], command[4]); return FAULT_NONE;
      case 5: trace_.answer(out); return FAULT_NONE;
      case 6: reset(); return FAULT_NONE;
      default:
        out.push_back(static_cast<uint32_t>(clocks_));
        out.push_back(static_cast<uint32_t>(clocks_ >> 32));
        return FAULT_NONE;
    }
  }

  // Outputs are those of the clock that `settle` began; `end` closes it.
  void end() {
    if (circuit_.busy()) trace_.clock(circuit_);
    circuit_.edge();
    clocks_++;
  }

  Fault transfer(bool write, uint32_t address, uint32_t data) {
    circuit_.transfer(true, write, address, data);
    for (uint32_t waited = 0; waited < BUS_CLOCKS; waited++) {
      circuit_.settle();
      const bool accepted = circuit_.ready();
      end();
      if (accepted) {
        // The address of a read stays until its word comes.
        circuit_.transfer(false, write, address, data);
        return FAULT_NONE;
      }
    }
    circuit_.transfer(false, false, 0, 0);
    return FAULT_NOT_READY;
  }

  Fault read(uint32_t address, std::vector<uint32_t> &out) {
    const Fault fault = transfer(false, address, 0);
    if (fault != FAULT_NONE) return fault;
    for (uint32_t waited = 0; waited < BUS_CLOCKS; waited++) {
      circuit_.settle();
      const bool valid = circuit_.readValid();
      const uint32_t data = circuit_.readData();
      end();
      if (valid) {
        out.push_back(data);
        return FAULT_NONE;
      }
    }
    return FAULT_NO_DATA;
  }

  uint32_t runUntilDone(uint32_t limit) {
    uint32_t busy = 0;
    for (uint32_t clock = 0; clock < limit; clock++) {
      circuit_.settle();
      const bool now = circuit_.busy();
      end();
      if (now) busy++;
      else if (busy > 0) return busy;
    }
    return LIMIT_HIT;
  }

  void reset() {
    circuit_.transfer(false, false, 0, 0);
    circuit_.reset(true);
    for (int clock = 0; clock < RESET_CLOCKS; clock++) {
      circuit_.settle();
      circuit_.edge();
      clocks_++;
    }
    circuit_.reset(false);
  }

  Circuit circuit_;
  Trace trace_;
  uint64_t clocks_ = 0;
};

}  // namespace plastron
