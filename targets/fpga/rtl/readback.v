`default_nettype none
// The word that a host asked for, from what every memory gave: lanes side by side, one of them chosen by the address.
module readback #(
    parameter LANES = 2,
    parameter UNITS = 1,
    parameter WEIGHT_BITS = 8
) (
    input wire [3:0] region,
    input wire [19:0] index,
    input wire [31:0] register_read,
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
    output reg [31:0] value
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
  reg [WEIGHT_BITS-1:0] weight_chosen;
  reg [15:0] variable_chosen, payload_chosen, x_chosen, field_chosen;
  reg [63:0] coefficients_chosen, code_chosen;
  always @* begin
    weight_chosen = {WEIGHT_BITS{1'b0}};
    variable_chosen = 16'd0;
    payload_chosen = 16'd0;
    x_chosen = 16'd0;
    field_chosen = 16'd0;
    coefficients_chosen = 64'd0;
    code_chosen = 64'd0;
    for (m = 0; m < LANES; m = m + 1) begin
      if (lane_read == m[19:0]) begin
        weight_chosen = weights[WEIGHT_BITS*m+:WEIGHT_BITS];
        variable_chosen = variables[16*m+:16];
        payload_chosen = payloads[16*m+:16];
      end
      if (half_lane_read == m[19:0]) begin
        x_chosen = index[0] ? x1s[16*m+:16] : x0s[16*m+:16];
        coefficients_chosen = coefficients[64*m+:64];
      end
      if (field_lane_read == m[19:0]) field_chosen = fields[64*m+16*index[1:0]+:16];
    end
    for (m = 0; m < UNITS; m = m + 1) if (unit_read == m[19:0]) code_chosen = codes[64*m+:64];
    case (region)
      4'd0: value = register_read;
      4'd1: value = {{(32 - WEIGHT_BITS) {weight_chosen[WEIGHT_BITS-1]}}, weight_chosen};
      4'd2: value = index[0] ? coefficients_chosen[63:32] : coefficients_chosen[31:0];
      4'd4: value = {{16{field_chosen[15]}}, field_chosen};
      4'd5: value = {{16{payload_chosen[15]}}, payload_chosen};
      4'd6: value = {{16{x_chosen[15]}}, x_chosen};
      4'd7: value = index[0] ? code_chosen[63:32] : code_chosen[31:0];
      4'd8: value = {21'd0, pass_word};
      4'd9: value = control_word;
      4'd10: value = {12'd0, scale_word};
      4'd11: value = {{16{variable_chosen[15]}}, variable_chosen};
      default: value = 32'd0;
    endcase
  end
endmodule
