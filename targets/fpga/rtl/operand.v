`default_nettype none
// One operand of a unit: `low` are zero, special, t0, t1, f0 … f3; `high` are w, v, k0 … k3, x0, x1. Weights and coefficients have
// NARROW bits at most, and above these only their sign.
module operand #(
    parameter NARROW = 8
) (
    input wire [3:0] select,
    input wire [127:0] low,
    input wire [127:0] high,
    output wire [15:0] value
);
  wire [2:0] which = select[2:0];
  wire is_wide = which == 3'd1 || which[2:1] == 2'd3;
  wire [15:0] from_low = low[16*which+:16];
  wire [15:0] wide = which == 3'd1 ? high[31:16] : which[0] ? high[127:112] : high[111:96];
  wire [15:0] narrow = which == 3'd0 ? high[15:0] : which == 3'd2 ? high[47:32] : which == 3'd3 ? high[63:48]
      : which[0] ? high[95:80] : high[79:64];
  wire [15:0] from_high;
  genvar g;
  generate
    for (g = 0; g < 16; g = g + 1) begin : bits
      assign from_high[g] = is_wide ? wide[g] : g < NARROW ? narrow[g] : narrow[NARROW-1];
    end
  endgenerate
  assign value = select[3] ? from_high : from_low;
endmodule
