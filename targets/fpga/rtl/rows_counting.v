`default_nettype none
// Which rows of a word count: all that there are, or those where one of the chosen words (x1, x0, payload) is not 0.
module rows_counting #(
    parameter LANES = 2,
    parameter ROW_BITS = 16
) (
    input wire last,
    // Rows in the last word; 0: all.
    input wire [ROW_BITS-1:0] rest,
    input wire all,
    input wire [2:0] chosen,
    input wire [16*LANES-1:0] payloads,
    input wire [16*LANES-1:0] x0s,
    input wire [16*LANES-1:0] x1s,
    output wire [LANES-1:0] counting
);
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      wire there = !last || rest == {ROW_BITS{1'b0}} || l < rest;
      wire busy = (chosen[0] && payloads[16*l+:16] != 16'd0) || (chosen[1] && x0s[16*l+:16] != 16'd0)
          || (chosen[2] && x1s[16*l+:16] != 16'd0);
      assign counting[l] = there && (all || busy);
    end
  endgenerate
endmodule
