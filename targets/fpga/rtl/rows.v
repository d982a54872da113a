`default_nettype none
// The rows of a sweep that count. Words of LANES rows are read from the message memory, slot after slot, and wait in a short queue;
// every cycle gives the next row that counts, or nothing where a word has none: its last word then gives an empty item, which
// ends the slot.
module rows #(
    parameter LANES = 2,
    parameter MESSAGE_ADDRESS = 7,
    // Bits of the numbers of rows and of slots.
    parameter ROW_BITS = 16,
    parameter SLOT_BITS = 16
) (
    input wire clock,
    // One cycle: a sweep of so many slots begins. What follows is that of the sweep from the next cycle on.
    input wire start,
    input wire [SLOT_BITS-1:0] slot_count,
    input wire [ROW_BITS-1:0] row_count,
    input wire [MESSAGE_ADDRESS-1:0] base,
    // Whether all rows count; else those where one of the chosen words (x1, x0, payload) is not 0.
    input wire all,
    input wire [2:0] chosen,
    output wire [MESSAGE_ADDRESS-1:0] address,
    input wire [16*LANES-1:0] payloads,
    input wire [16*LANES-1:0] x0s,
    input wire [16*LANES-1:0] x1s,
    // Asks for the next row.
    input wire next,
    output wire ready,
    output wire item,
    output wire empty,
    output wire [ROW_BITS-1:0] row,
    output wire last_of_slot,
    output wire last_of_sweep,
    output wire [15:0] payload,
    output wire [15:0] x0,
    output wire [15:0] x1
);
  localparam SHIFT = LANES == 16 ? 4 : LANES == 8 ? 3 : LANES == 4 ? 2 : LANES == 2 ? 1 : 0;
  localparam [31:0] LANES_LESS_1 = LANES - 1;
  localparam [ROW_BITS-1:0] MASK = LANES_LESS_1[ROW_BITS-1:0];
  localparam [ROW_BITS-1:0] ONE_WORD = 1;
  localparam [SLOT_BITS-1:0] ONE_SLOT = 1;
  wire [ROW_BITS-1:0] words = (row_count + MASK) >> SHIFT;
  wire [ROW_BITS-1:0] rest = row_count & MASK;

  // Requests: word after word, slot after slot.
  reg running = 1'b0;
  reg [ROW_BITS-1:0] word = {ROW_BITS{1'b0}};
  reg [SLOT_BITS-1:0] slots_left = {SLOT_BITS{1'b0}};
  reg [1:0] count = 2'd0;
  reg asked = 1'b0, asked_last = 1'b0, asked_end = 1'b0;
  reg [ROW_BITS-1:0] asked_word = {ROW_BITS{1'b0}};
  wire pop;
  wire room = count + {1'b0, asked} < 2'd2 || pop;
  wire request = running && room;
  wire word_last = word + ONE_WORD >= words;
  wire slot_last = slots_left == ONE_SLOT;
  assign address = base + word[MESSAGE_ADDRESS-1:0];

  always @(posedge clock) begin
    asked <= request;
    asked_last <= word_last;
    asked_end <= word_last && slot_last;
    asked_word <= word;
    if (start) begin
      running <= 1'b1;
      word <= {ROW_BITS{1'b0}};
      slots_left <= slot_count;
    end else if (request) begin
      word <= word_last ? {ROW_BITS{1'b0}} : word + ONE_WORD;
      if (word_last) begin
        slots_left <= slots_left - ONE_SLOT;
        if (slot_last) running <= 1'b0;
      end
    end
  end

  // Which rows of the word that arrives count.
  wire [LANES-1:0] counting;
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      wire there = !asked_last || rest == {ROW_BITS{1'b0}} || l < rest;
      wire busy = (chosen[0] && payloads[16*l+:16] != 16'd0) || (chosen[1] && x0s[16*l+:16] != 16'd0)
          || (chosen[2] && x1s[16*l+:16] != 16'd0);
      assign counting[l] = there && (all || busy);
    end
  endgenerate

  // The queue: one word at its head, one behind it.
  localparam ENTRY = 49 * LANES + 2 + ROW_BITS;
  wire [ENTRY-1:0] comes = {asked_word, asked_end, asked_last, counting, x1s, x0s, payloads};
  reg [ENTRY-1:0] head = {ENTRY{1'b0}}, behind = {ENTRY{1'b0}};
  always @(posedge clock) begin
    if (start) count <= 2'd0;
    else count <= count + {1'b0, asked} - {1'b0, pop};
    if (pop || count == 2'd0) head <= count == 2'd2 ? behind : comes;
    if (asked) behind <= comes;
  end

  // The head, and what of it was given.
  wire [ROW_BITS-1:0] head_word;
  wire head_end, head_last;
  wire [LANES-1:0] head_rows;
  wire [16*LANES-1:0] head_x1, head_x0, head_payload;
  assign {head_word, head_end, head_last, head_rows, head_x1, head_x0, head_payload} = head;
  reg [LANES-1:0] given = {LANES{1'b0}};
  wire [LANES-1:0] left = head_rows & ~given;
  wire [LANES-1:0] lowest = left & (~left + {{(LANES - 1) {1'b0}}, 1'b1});
  wire [LANES-1:0] after = left & ~lowest;
  wire there = count != 2'd0;
  wire none = left == {LANES{1'b0}};
  assign pop = there && next && after == {LANES{1'b0}};
  assign item = there && next && (!none || head_last);
  assign ready = there;
  assign empty = none;
  assign last_of_slot = head_last && after == {LANES{1'b0}};
  assign last_of_sweep = head_end && after == {LANES{1'b0}};
  always @(posedge clock) begin
    if (start || pop) given <= {LANES{1'b0}};
    else if (there && next) given <= given | lowest;
  end

  // The row that is given: a one-hot choice.
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
        payload_chosen = payload_chosen | head_payload[16*i+:16];
        x0_chosen = x0_chosen | head_x0[16*i+:16];
        x1_chosen = x1_chosen | head_x1[16*i+:16];
      end
  end
  assign row = (head_word << SHIFT) | lane_number;
  assign payload = payload_chosen;
  assign x0 = x0_chosen;
  assign x1 = x1_chosen;
endmodule
