// The harness around Verilator's model, as a process. Descriptor 3 brings messages and 4 takes answers, each behind its number of
// words; standard output stays free for what the model prints. An answer leaves after the whole message was read, so that
// neither side waits for the other. The end of descriptor 3 ends the process.
#include <unistd.h>

#include "Vcircuit.h"
#include "harness.h"
#include "verilated.h"

double sc_time_stamp() { return 0; }

namespace {

// A trace of one record is a number, a longer one an array.
uint32_t wordOf(QData trace, size_t index) { return static_cast<uint32_t>(trace >> (32 * index)); }
template <std::size_t WORDS>
uint32_t wordOf(const VlWide<WORDS> &trace, size_t index) {
  return trace[index];
}

class Circuit {
 public:
  Circuit() : top_(&context_, "circuit") {}

  void reset(bool on) { top_.reset = on; }
  void transfer(bool valid, bool write, uint32_t address, uint32_t data) {
    top_.host_valid = valid;
    top_.host_write = write;
    top_.host_address = address & 0xffffffu;
    top_.host_data = data;
  }
  void settle() {
    top_.clock = 0;
    top_.eval();
  }
  void edge() {
    top_.clock = 1;
    top_.eval();
  }
  bool ready() const { return top_.host_ready; }
  bool readValid() const { return top_.host_read_valid; }
  uint32_t readData() const { return top_.host_read_data; }
  bool busy() const { return top_.busy; }
  size_t records() const { return sizeof(top_.trace) / 8; }
  uint32_t traceWord(size_t index) const { return wordOf(top_.trace, index); }

 private:
  VerilatedContext context_;
  Vcircuit top_;
};

bool receive(void *to, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    const ssize_t got = read(3, static_cast<char *>(to) + done, bytes - done);
    if (got <= 0) return false;
    done += static_cast<size_t>(got);
  }
  return true;
}

bool send(const void *from, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    const ssize_t put = write(4, static_cast<const char *>(from) + done, bytes - done);
    if (put <= 0) return false;
    done += static_cast<size_t>(put);
  }
  return true;
}

}  // namespace

int main() {
  static plastron::Harness<Circuit> harness;
  std::vector<uint32_t> in, out;
  uint32_t count;
  while (receive(&count, sizeof count)) {
    in.resize(count);
    if (!receive(in.data(), 4 * static_cast<size_t>(count))) break;
    out.assign(1, 0);
    harness.work(in.data(), count, out);
    out[0] = static_cast<uint32_t>(out.size() - 1);
    if (!send(out.data(), 4 * out.size())) break;
  }
  return 0;
}
