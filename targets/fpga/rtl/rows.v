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

  wire [LANES-1:0] counting;
  rows_counting #(
      .LANES(LANES),
      .ROW_BITS(ROW_BITS)
  ) weighing (
      .last(asked_last),
      .rest(rest),
      .all(all),
      .chosen(chosen),
      .payloads(payloads),
      .x0s(x0s),
      .x1s(x1s),
      .counting(counting)
  );

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

  wire [ROW_BITS-1:0] head_word;
  wire head_end, head_last;
  wire [LANES-1:0] head_rows;
  wire [16*LANES-1:0] head_x1, head_x0, head_payload;
  assign {head_word, head_end, head_last, head_rows, head_x1, head_x0, head_payload} = head;
  assign ready = count != 2'd0;
  rows_given #(
      .LANES(LANES),
      .SHIFT(SHIFT),
      .ROW_BITS(ROW_BITS)
  ) giving (
      .clock(clock),
      .start(start),
      .next(next),
      .there(ready),
      .word(head_word),
      .word_end(head_end),
      .word_last(head_last),
      .rows(head_rows),
      .payloads(head_payload),
      .x0s(head_x0),
      .x1s(head_x1),
      .pop(pop),
      .item(item),
      .empty(empty),
      .row(row),
      .last_of_slot(last_of_slot),
      .last_of_sweep(last_of_sweep),
      .payload(payload),
      .x0(x0),
      .x1(x1)
  );
endmodule
