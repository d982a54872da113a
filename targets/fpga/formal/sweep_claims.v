  // What is claimed of the rows of a sweep, put before the end of rows.v and of rows_direct.v; what each adds comes behind it. A
  // sweep is at work from its start to its last item.
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
  // Falls with every clock in which a row is asked for: first the words to come, then what waits of those that are there.
  wire [7:0] waiting;
  wire [15:0] words_left = {{(16 - ROW_BITS) {1'b0}}, words - word};
  wire [15:0] slots_rank = {{(16 - SLOT_BITS) {1'b0}}, slots_left};
  wire [39:0] rank = {running ? {slots_rank, words_left} : 32'd0, waiting};
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

    if (running && !started_before) assert (slots_left != {SLOT_BITS{1'b0}} && word < words);
    if (running && started_before) assert (slots_left != {SLOT_BITS{1'b0}} && word == {ROW_BITS{1'b0}});
    // The last item comes: the rank is no less than 0 and falls.
    if (active_before && next_before) assert (rank < rank_before);
    if (active_before && active && !started_before) assert (rank <= rank_before);
  end
