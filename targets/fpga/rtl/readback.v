`default_nettype none
// Half of the word that a host asked for, from what every memory gave: lanes side by side, one of them chosen by the address.
module readback #(
    parameter LANES = 2,
    parameter UNITS = 1,
    parameter WEIGHT_BITS = 8
) (
    input wire [3:0] region,
    input wire [19:0] index,
    input wire upper,
    input wire [15:0] register_half,
    input wire [WEIGHT_BITS*LANES-1:0] weights,
    input wire [16*LANES-1:0] variables,
    input wire [64*LANES-1:0] fields,
    input wire [64*LANES-1:0] coefficients,
    input wire [16*LANES-1:0] payloads,
    input wire [16*LANES-1:0] x0s,
    input wire [16*LANES-1:0] x1s,
    input wire [64*UNITS-1:0] codes,
    input wire [10:0] pass_word,
    input wire [31:0] control_word,
    input wire [19:0] scale_word,
    output reg [15:0] value
);
  localparam [31:0] LANE_MASK_32 = LANES - 1;
  localparam [31:0] UNIT_MASK_32 = UNITS - 1;
  localparam [19:0] LANE_MASK = LANE_MASK_32[19:0];
  localparam [19:0] UNIT_MASK = UNIT_MASK_32[19:0];
  wire [19:0] lane_read = index & LANE_MASK;
  wire [19:0] half_lane_read = (index >> 1) & LANE_MASK;
  wire [19:0] field_lane_read = (index >> 2) & LANE_MASK;
  wire [19:0] unit_read = (index >> 1) & UNIT_MASK;
  integer m;
  reg [WEIGHT_BITS-1:0] weight;
  reg [15:0] variable, payload, x, field;
  reg [63:0] coefficients_here, code;
  // What a word of several halves is chosen from, and what is signed and has one half.
  reg [63:0] words;
  reg [15:0] narrow;
  reg is_narrow;
  always @* begin
    weight = {WEIGHT_BITS{1'b0}};
    variable = 16'd0;
    payload = 16'd0;
    x = 16'd0;
    field = 16'd0;
    coefficients_here = 64'd0;
    code = 64'd0;
    for (m = 0; m < LANES; m = m + 1) begin
      if (lane_read == m[19:0]) begin
        weight = weights[WEIGHT_BITS*m+:WEIGHT_BITS];
        variable = variables[16*m+:16];
        payload = payloads[16*m+:16];
      end
      if (half_lane_read == m[19:0]) begin
        x = index[0] ? x1s[16*m+:16] : x0s[16*m+:16];
        coefficients_here = coefficients[64*m+:64];
      end
      if (field_lane_read == m[19:0]) field = fields[64*m+16*index[1:0]+:16];
    end
    for (m = 0; m < UNITS; m = m + 1) if (unit_read == m[19:0]) code = codes[64*m+:64];
    case (region)
      4'd1: narrow = {{(16 - WEIGHT_BITS) {weight[WEIGHT_BITS-1]}}, weight};
      4'd4: narrow = field;
      4'd5: narrow = payload;
      4'd6: narrow = x;
      default: narrow = variable;
    endcase
    is_narrow = region == 4'd1 || region == 4'd4 || region == 4'd5 || region == 4'd6 || region == 4'd11;
    case (region)
      4'd2: words = coefficients_here;
      4'd7: words = code;
      4'd8: words = {53'd0, pass_word};
      4'd9: words = {32'd0, control_word};
      default: words = {44'd0, scale_word};
    endcase
    if (region == 4'd0) value = register_half;
    else if (is_narrow) value = upper ? {16{narrow[15]}} : narrow;
    else value = words[16*{index[0] && (region == 4'd2 || region == 4'd7), upper}+:16];
  end
endmodule
