`default_nettype none
// A transmitter and a receiver on one line, from a state in which neither is at work: the byte that is sent in the first clock
// comes out, once, and both are again in such a state when the next byte may be sent: at the earliest in the clock in which it
// comes out. Registers begin with any contents (line.ts).
module line_proof #(
    parameter DIVISOR = 8
) (
    input wire clock,
    input wire sends,
    input wire [7:0] byte_
);
  localparam [15:0] FRAME = 10 * DIVISOR + 1;
  reg [15:0] age = 16'd0;
  reg [7:0] sent;
  reg received = 1'b0, busy = 1'b0;
  wire line, transmitter_ready, valid, misframed, overrun;
  wire [7:0] data;
  uart_transmitter #(
      .DIVISOR(DIVISOR)
  ) transmitter (
      .clock(clock),
      .reset(1'b0),
      .data(byte_),
      .valid(age == 16'd0 && sends),
      .ready(transmitter_ready),
      .line(line)
  );
  uart_receiver #(
      .DIVISOR(DIVISOR)
  ) receiver (
      .clock(clock),
      .reset(1'b0),
      .line(line),
      .data(data),
      .valid(valid),
      .ready(1'b1),
      .misframed(misframed),
      .overrun(overrun)
  );
  // Of both, tied by the runner.
  (* keep *)wire [3:0] left, taps;
  (* keep *)wire running, waiting;
  wire rests = left == 4'd0 && line && taps == 4'hf && !running && !waiting && !misframed && !overrun;
  always @(posedge clock) begin
    age <= age + 16'd1;
    if (age == 16'd0) {busy, sent} <= {sends, byte_};
    // What comes out in the first clock was sent before.
    if (age != 16'd0 && valid) received <= 1'b1;
  end
  always @* begin
    if (age == 16'd0) assume (rests);
    if (age != 16'd0 && busy) begin
      assert (!misframed && !overrun);
      if (valid) assert (!received && data == sent);
      if (age < FRAME) assert (!transmitter_ready);
      if (age == FRAME) assert (rests && (received || valid));
    end
    // Where nothing is sent, they stay at rest.
    if (age == 16'd1 && !busy) assert (rests && !valid);
  end
endmodule
