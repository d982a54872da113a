  // What is claimed of rows.v, put before its end. A sweep is at work from its start to its last item.
  localparam [7:0] WEIGH_ROW = LANES + 1;
  reg active = 1'b0, started_before = 1'b0, active_before = 1'b0, next_before = 1'b0;
  reg [15:0] row_count_before = 16'd1;
  reg [39:0] rank_before = 40'd0;
  wire gives_last = item && last_of_sweep;
  reg [7:0] given_count;
  integer g;
  always @* begin
    given_count = 8'd0;
    for (g = 0; g < LANES; g = g + 1) given_count = given_count + {7'd0, given[g]};
  end
  // Falls with every clock in which a row is asked for: first the words to be read, then what waits.
  wire [15:0] words_left = words - word;
  wire [7:0] waiting = {7'd0, asked} * (WEIGH_ROW + WEIGH_ROW) + {5'd0, count} * WEIGH_ROW - given_count;
  wire [39:0] rank = {running ? {slots_left, words_left} : 32'd0, waiting};
  wire [3:0] ends;
  generate
    for (genvar q = 0; q < 4; q = q + 1) begin : entry
      wire [1:0] age = q[1:0] - first;
      wire used = {1'b0, age} < count;
      assign ends[q] = used && queue[q][49*LANES+1];
      wire last_here = queue[q][49*LANES];
      // The last word of a sweep is the last one of its slot.
      always @* if (ends[q]) assert (last_here);
    end
  endgenerate
  wire [1:0] newest = free - 2'd1;
  wire [3:0] newest_only = 4'd1 << newest;
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
    if (start) assume (slot_count != 16'd0);
    if (active) assume (row_count != 16'd0 && row_count <= 16'd65535 - MASK);
    if (active && !started_before) assume (row_count == row_count_before);

    // The queue neither overflows nor gives what it does not have.
    assert ({1'b0, count} + {3'd0, asked} <= 4'd4);
    assert (free == first + count[1:0]);
    if (pop) assert (count != 3'd0);
    if (count == 3'd0) assert (given == {LANES{1'b0}});
    // The last item comes, once, and after all others.
    assert (active == (running || asked || count != 3'd0));
    if (running && !started_before) assert (slots_left != 16'd0 && word < words);
    if (running && started_before) assert (slots_left != 16'd0 && word == 16'd0);
    if (running) assert (ends == 4'd0 && !(asked && asked_end));
    if (asked && asked_end) assert (asked_last && ends == 4'd0);
    if (active && !running && !asked) assert (ends == newest_only);
    if (active && !running && asked) assert (asked_end);
    // It comes: the rank is no less than 0 and falls.
    if (active_before && next_before) assert (rank < rank_before);
    if (active_before && active && !started_before) assert (rank <= rank_before);
  end
