// The circuit of a whole board, without its PLL, on a pseudo-terminal: bytes that a host writes come to its pin `rx` bit by bit, and
// what it sends on `tx` goes back. The first argument is the number of clocks of a bit. Prints the path that a host opens, and ends
// with its standard input. Where nothing is under way the clock stands still, for nothing in the circuit waits for time.
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "Vcircuit.h"
#include "verilated.h"

double sc_time_stamp() { return 0; }

namespace {

// Clocks without anything under way after which the clock stands still, in bits: an answer has begun by then.
constexpr int QUIET = 4096;

class Sender {
 public:
  explicit Sender(int divisor) : divisor_(divisor) {}
  bool idle() const { return left_ == 0; }
  void begin(uint8_t byte) {
    frame_ = 0x200u | (static_cast<unsigned>(byte) << 1);
    left_ = 10 * divisor_;
  }
  bool level() {
    if (left_ == 0) return true;
    const int bit = 10 - (left_ + divisor_ - 1) / divisor_;
    left_--;
    return (frame_ >> bit) & 1u;
  }

 private:
  int divisor_;
  int left_ = 0;
  unsigned frame_ = 0;
};

class Receiver {
 public:
  explicit Receiver(int divisor) : divisor_(divisor) {}
  bool idle() const { return at_ < 0; }
  // Whether a byte is whole; it is then in `byte`.
  bool take(bool level, uint8_t *byte) {
    if (at_ < 0) {
      if (!level) at_ = 0;
      return false;
    }
    at_++;
    if (at_ % divisor_ != divisor_ / 2) return false;
    const int bit = at_ / divisor_;
    if (bit >= 1 && bit <= 8) byte_ = static_cast<uint8_t>((byte_ >> 1) | (level ? 0x80 : 0));
    if (bit < 9) return false;
    at_ = -1;
    *byte = byte_;
    return level;
  }

 private:
  int divisor_;
  int at_ = -1;
  uint8_t byte_ = 0;
};

}  // namespace

int main(int argc, char **argv) {
  const int divisor = argc > 1 ? atoi(argv[1]) : 8;
  int master, slave;
  if (openpty(&master, &slave, nullptr, nullptr, nullptr) != 0) return 1;
  termios raw;
  tcgetattr(slave, &raw);
  cfmakeraw(&raw);
  tcsetattr(slave, TCSANOW, &raw);
  fcntl(master, F_SETFL, fcntl(master, F_GETFL) | O_NONBLOCK);
  printf("%s\n", ttyname(slave));
  fflush(stdout);

  VerilatedContext context;
  Vcircuit top(&context, "circuit");
  Sender sender(divisor);
  Receiver receiver(divisor);
  top.stable = 1;
  top.rx = 1;
  uint8_t buffer[4096];
  ssize_t have = 0, used = 0;
  int quiet = 0;
  for (uint64_t clock = 0;; clock++) {
    if (sender.idle()) {
      if (used == have) {
        have = used = 0;
        const ssize_t got = read(master, buffer, sizeof buffer);
        if (got > 0) have = got;
      }
      if (used < have) sender.begin(buffer[used++]);
    }
    const bool idle = sender.idle() && receiver.idle() && !top.busy;
    quiet = idle ? quiet + 1 : 0;
    if (quiet > QUIET) {
      pollfd files[2] = {{master, POLLIN, 0}, {0, POLLIN, 0}};
      poll(files, 2, 1000);
      char byte;
      if (files[1].revents != 0 && read(0, &byte, 1) <= 0) return 0;
      quiet = QUIET - 1;
      continue;
    }
    top.rx = sender.level();
    top.clock = 0;
    top.eval();
    top.clock = 1;
    top.eval();
    uint8_t byte;
    if (receiver.take(top.tx, &byte)) {
      for (int tries = 0; tries < 1000 && write(master, &byte, 1) != 1; tries++) usleep(100);
    }
  }
}
