`default_nettype none
// Bytes from a serial line: a start bit, eight bits (least first), a stop bit. Each bit is sampled at its centre, by the majority
// of three clocks; the centre is found anew with every start bit, so that the clocks of the two ends may differ by some per cent.
// A byte waits in `data` until it is taken; the next one may arrive meanwhile.
module uart_receiver #(
    parameter DIVISOR = 24  // clocks per bit, at least 8
) (
    input  wire       clock,
    input  wire       reset,
    input  wire       line,
    output reg  [7:0] data,
    output reg        valid,
    input  wire       ready,
    output reg        misframed,  // for one clock: no stop bit where one belongs, the byte is dropped
    output reg        overrun     // for one clock: a byte is dropped, for the one before was not taken
);
  localparam WIDTH = $clog2(DIVISOR);
  localparam [WIDTH-1:0] WHOLE = DIVISOR - 1;
  localparam [WIDTH-1:0] HALF = DIVISOR / 2 - 1;
  localparam [3:0] START = 4'd0, STOP = 4'd9;

  // Two registers bring the line to this clock; a majority of three passes over spikes.
  reg [3:0] taps = 4'hf;
  wire level = (taps[1] & taps[2]) | (taps[2] & taps[3]) | (taps[1] & taps[3]);

  reg running = 1'b0;
  reg waiting = 1'b0;  // for the line to be high again
  reg [3:0] position = START;
  reg [7:0] shift = 8'd0;
  reg [WIDTH-1:0] timer = {WIDTH{1'b0}};
  wire sample = running && timer == {WIDTH{1'b0}};
  wire stopped = sample && position == STOP;
  wire free = !valid || ready;

  initial {data, valid, misframed, overrun} = 11'd0;

  always @(posedge clock) begin
    taps <= {taps[2:0], line};
    timer <= sample ? WHOLE : timer - 1'b1;
    if (sample) begin
      position <= position + 4'd1;
      shift <= {level, shift[7:1]};
    end
    if (running) begin
      if (stopped || (sample && position == START && level)) running <= 1'b0;
    end else if (!waiting && !level) begin
      running <= 1'b1;
      position <= START;
      timer <= HALF;
    end
    waiting <= (waiting || stopped) && !level;
    misframed <= stopped && !level;
    overrun <= stopped && level && !free;
    if (stopped && level && free) begin
      data <= shift;
      valid <= 1'b1;
    end else if (ready) valid <= 1'b0;
    if (reset) begin
      running <= 1'b0;
      waiting <= 1'b0;
      valid <= 1'b0;
      misframed <= 1'b0;
      overrun <= 1'b0;
    end
  end
endmodule
