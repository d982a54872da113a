`default_nettype none
// Every architectural write as a record of 64 bits, for a simulator to see: whether it happens, its kind, lane, address, value.
module trace #(
    parameter LANES = 2,
    parameter WEIGHT_BITS = 8,
    parameter X_BANKS = 2,
    parameter WEIGHT_ADDRESS = 8,
    parameter FIELD_ADDRESS = 8,
    parameter MESSAGE_ADDRESS = 8,
    parameter SCALE_ADDRESS = 2
) (
    input wire valid_end,
    input wire [6:0] writes_end,
    input wire [LANES-1:0] here_end,
    input wire [WEIGHT_ADDRESS-1:0] weight_address_end,
    input wire [WEIGHT_BITS*LANES-1:0] weights_end,
    input wire [16*LANES-1:0] variables_end,
    input wire [FIELD_ADDRESS-1:0] target_end,
    input wire [64*LANES-1:0] fields_end,
    input wire [LANES-1:0] store_3,
    input wire [FIELD_ADDRESS-1:0] target_3,
    input wire [1:0] bank_3,
    input wire [16*LANES-1:0] sums_3,
    input wire [MESSAGE_ADDRESS-1:0] message_to,
    input wire [16*LANES-1:0] sent_payloads,
    input wire [32*LANES-1:0] sent_xs,
    input wire scale_done,
    input wire [SCALE_ADDRESS-1:0] scale_target,
    input wire [19:0] scale_made,
    output wire [64*(LANES*9+1)-1:0] records
);
  localparam WA = WEIGHT_ADDRESS;
  localparam FA = FIELD_ADDRESS;
  localparam MA = MESSAGE_ADDRESS;
  genvar t, b;
  generate
    for (t = 0; t < LANES; t = t + 1) begin : of_lane
      localparam [5:0] LANE = t;
      wire here = valid_end && here_end[t];
      wire sends = here && writes_end[4];
      assign records[64*t+:64] = {
        here && writes_end[5], 3'd0, LANE, {(22 - WA) {1'b0}}, weight_address_end,
        {(32 - WEIGHT_BITS) {weights_end[WEIGHT_BITS*(t+1)-1]}}, weights_end[WEIGHT_BITS*t+:WEIGHT_BITS]
      };
      assign records[64*(LANES+t)+:64] = {
        here && writes_end[6], 3'd1, LANE, {(22 - WA) {1'b0}}, weight_address_end,
        {16{variables_end[16*t+15]}}, variables_end[16*t+:16]
      };
      for (b = 0; b < 4; b = b + 1) begin : of_bank
        localparam [1:0] BANK = b;
        wire sum_here = store_3[t] && bank_3 == BANK;
        wire [15:0] value = sum_here ? sums_3[16*t+:16] : fields_end[64*t+16*b+:16];
        wire [FA-1:0] at = store_3[t] ? target_3 : target_end;
        assign records[64*(2*LANES+4*t+b)+:64] = {
          sum_here || (here && writes_end[b]), 3'd2, LANE, {(20 - FA) {1'b0}}, at, BANK, {16{value[15]}}, value
        };
      end
      assign records[64*(6*LANES+t)+:64] = {
        sends, 3'd3, LANE, {(22 - MA) {1'b0}}, message_to, {16{sent_payloads[16*t+15]}}, sent_payloads[16*t+:16]
      };
      assign records[64*(7*LANES+t)+:64] = {
        sends, 3'd4, LANE, {(22 - MA) {1'b0}}, message_to, {16{sent_xs[32*t+15]}}, sent_xs[32*t+:16]
      };
      assign records[64*(8*LANES+t)+:64] = {
        sends && X_BANKS > 1, 3'd5, LANE, {(22 - MA) {1'b0}}, message_to, {16{sent_xs[32*t+31]}}, sent_xs[32*t+16+:16]
      };
    end
  endgenerate
  assign records[64*9*LANES+:64] = {scale_done, 3'd6, 6'd0, {(22 - SCALE_ADDRESS) {1'b0}}, scale_target, 12'd0, scale_made};
endmodule
