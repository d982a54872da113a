`default_nettype none
// Bytes to a serial line: a start bit, eight bits (least first), a stop bit. A byte is taken in a clock with valid and ready.
module uart_transmitter #(
    parameter DIVISOR = 24  // clocks per bit
) (
    input  wire       clock,
    input  wire       reset,
    input  wire [7:0] data,
    input  wire       valid,
    output wire       ready,
    output reg        line
);
  localparam WIDTH = $clog2(DIVISOR);
  localparam [WIDTH-1:0] WHOLE = DIVISOR - 1;
  localparam [3:0] BITS = 4'd10;

  reg [8:0] shift = 9'h1ff;
  reg [3:0] left = 4'd0;  // bits that are not yet over
  reg [WIDTH-1:0] timer = {WIDTH{1'b0}};
  wire over = timer == {WIDTH{1'b0}};
  assign ready = left == 4'd0;

  initial line = 1'b1;

  always @(posedge clock) begin
    if (ready) begin
      timer <= WHOLE;
      if (valid) begin
        line  <= 1'b0;
        shift <= {1'b1, data};
        left  <= BITS;
      end
    end else begin
      timer <= over ? WHOLE : timer - 1'b1;
      if (over) begin
        line  <= shift[0];
        shift <= {1'b1, shift[8:1]};
        left  <= left - 4'd1;
      end
    end
    if (reset) begin
      line <= 1'b1;
      left <= 4'd0;
    end
  end
endmodule
