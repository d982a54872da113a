`default_nettype none
// Reset of a board: high until the clock has been stable for 15 clocks.
module board_reset (
    input  wire clock,
    input  wire stable,  // from the PLL, in no clock's time
    output reg  reset
);
  reg [1:0] taps = 2'd0;
  reg [3:0] count = 4'd0;
  initial reset = 1'b1;
  always @(posedge clock) begin
    taps  <= {taps[0], stable};
    count <= !taps[1] ? 4'd0 : &count ? count : count + 4'd1;
    reset <= !(&count);
  end
endmodule
