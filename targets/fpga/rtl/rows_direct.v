`default_nettype none
// The rows of a sweep that count, as rows.v gives them and in the same cycles, without a queue: the message memory shows a word until
// its rows are given. There is less of it, and its paths are longer.
module rows_direct #(
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

  reg running = 1'b0, shows = 1'b0, there = 1'b0;
  reg [ROW_BITS-1:0] word = {ROW_BITS{1'b0}};
  reg [SLOT_BITS-1:0] slots_left = {SLOT_BITS{1'b0}};
  wire pop;
  wire word_last = word + ONE_WORD >= words;
  wire slot_last = slots_left == ONE_SLOT;
  wire [ROW_BITS-1:0] next_word = word_last ? {ROW_BITS{1'b0}} : word + ONE_WORD;
  wire [ROW_BITS-1:0] asked_word = pop ? next_word : word;
  assign address = base + asked_word[MESSAGE_ADDRESS-1:0];
  wire unused = &{1'b0, asked_word};
  assign ready = there;
  always @(posedge clock) begin
    running <= start || (running && !(pop && word_last && slot_last));
    // As long after the start as where words wait in a queue.
    shows <= running && !start;
    there <= shows && running && !start && !(pop && word_last && slot_last);
    if (start) begin
      word <= {ROW_BITS{1'b0}};
      slots_left <= slot_count;
    end else if (pop) begin
      word <= next_word;
      if (word_last) slots_left <= slots_left - ONE_SLOT;
    end
  end
  wire [LANES-1:0] counting;
  rows_counting #(
      .LANES(LANES),
      .ROW_BITS(ROW_BITS)
  ) weighing (
      .last(word_last),
      .rest(rest),
      .all(all),
      .chosen(chosen),
      .payloads(payloads),
      .x0s(x0s),
      .x1s(x1s),
      .counting(counting)
  );
  rows_given #(
      .LANES(LANES),
      .SHIFT(SHIFT),
      .ROW_BITS(ROW_BITS)
  ) giving (
      .clock(clock),
      .start(start),
      .next(next),
      .there(there),
      .word(word),
      .word_end(word_last && slot_last),
      .word_last(word_last),
      .rows(counting),
      .payloads(payloads),
      .x0s(x0s),
      .x1s(x1s),
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
