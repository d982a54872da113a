  // What is claimed of rows.v, put before its end. A sweep is at work from its start to its last item.
  localparam [ROW_BITS-1:0] MOST_ROWS = {ROW_BITS{1'b1}};
  localparam [7:0] WEIGH_ROW = LANES + 1;
  reg active = 1'b0, started_before = 1'b0, active_before = 1'b0, next_before = 1'b0;
  reg [ROW_BITS-1:0] row_count_before = 1;
  reg [39:0] rank_before = 40'd0;
  wire gives_last = item && last_of_sweep;
  (* keep *)wire [LANES-1:0] given_rows;
  reg [7:0] given_count;
  integer g;
  always @* begin
    given_count = 8'd0;
    for (g = 0; g < LANES; g = g + 1) given_count = given_count + {7'd0, given_rows[g]};
  end
  // Falls with every clock in which a row is asked for: first the words to be read, then what waits.
  wire [15:0] words_left = {{(16 - ROW_BITS) {1'b0}}, words - word};
  wire [15:0] slots_rank = {{(16 - SLOT_BITS) {1'b0}}, slots_left};
  wire [7:0] waiting = {7'd0, asked} * (WEIGH_ROW + WEIGH_ROW) + {6'd0, count} * WEIGH_ROW - given_count;
  wire [39:0] rank = {running ? {slots_rank, words_left} : 32'd0, waiting};
  // The entries of the queue that end a sweep.
  localparam ENDS = 49 * LANES + 1;
  wire [1:0] ends = {count == 2'd2 && behind[ENDS], count != 2'd0 && head[ENDS]};
  wire newest_only = count == 2'd2 ? ends == 2'd2 : ends == 2'd1;
  always @* begin
    // The last word of a sweep is the last one of its slot.
    if (ends[0]) assert (head[49*LANES]);
    if (ends[1]) assert (behind[49*LANES]);
  end
  always @(posedge clock) begin
    row_count_before <= row_count;
    started_before <= start;
    active_before <= active && !start;
    next_before <= next;
    rank_before <= rank;
    if (start) active <= 1'b1;
    else if (gives_last) active <= 1'b0;
  end
  always @* begin
    // A sweep begins when the one before has given its last item; its number of rows shows in the clock after that and stays.
    if (start) assume (!active || gives_last);
    if (start) assume (slot_count != {SLOT_BITS{1'b0}});
    if (active) assume (row_count != {ROW_BITS{1'b0}} && row_count <= MOST_ROWS - MASK);
    if (active && !started_before) assume (row_count == row_count_before);

    // The queue neither overflows nor gives what it does not have.
    assert ({1'b0, count} + {2'd0, asked} <= 3'd2);
    if (pop) assert (count != 2'd0);
    if (count == 2'd0) assert (given_rows == {LANES{1'b0}});
    // The last item comes, once, and after all others.
    assert (active == (running || asked || count != 2'd0));
    if (running && !started_before) assert (slots_left != {SLOT_BITS{1'b0}} && word < words);
    if (running && started_before) assert (slots_left != {SLOT_BITS{1'b0}} && word == {ROW_BITS{1'b0}});
    if (running) assert (ends == 2'd0 && !(asked && asked_end));
    if (asked && asked_end) assert (asked_last && ends == 2'd0);
    if (active && !running && !asked) assert (newest_only);
    if (active && !running && asked) assert (asked_end);
    // It comes: the rank is no less than 0 and falls.
    if (active_before && next_before) assert (rank < rank_before);
    if (active_before && active && !started_before) assert (rank <= rank_before);
  end
