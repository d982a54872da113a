`default_nettype none
// The rows of a word, one after the other: the lowest that counts and was not given. A word without any is passed over, or gives an
// empty item where it ends its slot.
module rows_given #(
    parameter LANES = 2,
    parameter SHIFT = 1,
    parameter ROW_BITS = 16
) (
    input wire clock,
    input wire start,
    // Asks for the next row.
    input wire next,
    // The word, where there is one.
    input wire there,
    input wire [ROW_BITS-1:0] word,
    input wire word_end,
    input wire word_last,
    input wire [LANES-1:0] rows,
    input wire [16*LANES-1:0] payloads,
    input wire [16*LANES-1:0] x0s,
    input wire [16*LANES-1:0] x1s,
    // It has no more.
    output wire pop,
    output wire item,
    output wire empty,
    output wire [ROW_BITS-1:0] row,
    output wire last_of_slot,
    output wire last_of_sweep,
    output wire [15:0] payload,
    output wire [15:0] x0,
    output wire [15:0] x1
);
  reg [LANES-1:0] given = {LANES{1'b0}};
  wire [LANES-1:0] left = rows & ~given;
  wire [LANES-1:0] lowest = left & (~left + {{(LANES - 1) {1'b0}}, 1'b1});
  wire [LANES-1:0] after = left & ~lowest;
  wire none = left == {LANES{1'b0}};
  assign pop = there && next && after == {LANES{1'b0}};
  assign item = there && next && (!none || word_last);
  assign empty = none;
  assign last_of_slot = word_last && after == {LANES{1'b0}};
  assign last_of_sweep = word_end && after == {LANES{1'b0}};
  always @(posedge clock) begin
    if (start || pop) given <= {LANES{1'b0}};
    else if (there && next) given <= given | lowest;
  end

  // A one-hot choice.
  reg [ROW_BITS-1:0] lane_number;
  reg [15:0] payload_chosen, x0_chosen, x1_chosen;
  integer i;
  always @* begin
    lane_number = {ROW_BITS{1'b0}};
    payload_chosen = 16'd0;
    x0_chosen = 16'd0;
    x1_chosen = 16'd0;
    for (i = 0; i < LANES; i = i + 1)
      if (lowest[i]) begin
        lane_number = lane_number | i[ROW_BITS-1:0];
        payload_chosen = payload_chosen | payloads[16*i+:16];
        x0_chosen = x0_chosen | x0s[16*i+:16];
        x1_chosen = x1_chosen | x1s[16*i+:16];
      end
  end
  assign row = (word << SHIFT) | lane_number;
  assign payload = payload_chosen;
  assign x0 = x0_chosen;
  assign x1 = x1_chosen;
endmodule
