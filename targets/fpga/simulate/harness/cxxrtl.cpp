// The harness around the class that Yosys' write_cxxrtl makes, as a WebAssembly module: the host puts a message where
// `message(words)` says, calls `work()`, which gives the number of words of the answer, and reads them at `answer()`.
#include "circuit.cpp"
#include "harness.h"

namespace {

template <size_t BITS>
const cxxrtl::value<BITS> &now(const cxxrtl::value<BITS> &value) {
  return value;
}
template <size_t BITS>
const cxxrtl::value<BITS> &now(const cxxrtl::wire<BITS> &wire) {
  return wire.curr;
}

class Circuit {
 public:
  Circuit() { transfer(false, false, 0, 0); }

  void reset(bool on) { top_.p_reset.set<bool>(on); }
  void transfer(bool valid, bool write, uint32_t address, uint32_t data) {
    top_.p_host__valid.set<bool>(valid);
    top_.p_host__write.set<bool>(write);
    top_.p_host__address.set<uint32_t>(address & 0xffffffu);
    top_.p_host__data.set<uint32_t>(data);
  }
  // One evaluation with a rising clock gives the outputs before the edge and, in `next`, the state after it; `commit` is the
  // edge. Twice as fast as a step for each level of the clock, and right only where one evaluation is enough: a circuit that
  // write_cxxrtl could not put in order (the builder of this file knows) takes the two steps.
  void settle() {
    if (PLASTRON_TWO_STEPS) {
      setClock(0);
      top_.step();
    } else {
      setClock(1);
      top_.eval();
    }
  }
  void edge() {
    if (PLASTRON_TWO_STEPS) {
      setClock(1);
      top_.step();
    } else {
      top_.commit();
      top_.prev_p_clock = cxxrtl::value<1>{0u};
    }
  }
  bool ready() const { return now(top_.p_host__ready).template get<bool>(); }
  bool readValid() const { return now(top_.p_host__read__valid).template get<bool>(); }
  uint32_t readData() const { return now(top_.p_host__read__data).template get<uint32_t>(); }
  bool busy() const { return now(top_.p_busy).template get<bool>(); }
  size_t records() const { return now(top_.p_trace).bits / 64; }
  uint32_t traceWord(size_t index) const { return now(top_.p_trace).data[index]; }

 private:
  void setClock(uint32_t level) { top_.p_clock = cxxrtl::value<1>{level}; }

  cxxrtl_design::p_plastron__core top_;
};

plastron::Harness<Circuit> harness;
std::vector<uint32_t> in, out;

}  // namespace

extern "C" {

__attribute__((export_name("message"))) uint32_t *message(uint32_t words) {
  in.resize(words);
  return in.data();
}

__attribute__((export_name("work"))) uint32_t work() {
  out.clear();
  harness.work(in.data(), in.size(), out);
  return static_cast<uint32_t>(out.size());
}

__attribute__((export_name("answer"))) const uint32_t *answer() { return out.data(); }
}
