  // What is claimed of rows.v beside sweep_claims.v.
  assign waiting = {7'd0, asked} * (WEIGH_ROW + WEIGH_ROW) + {6'd0, count} * WEIGH_ROW - given_count;
  // The entries of the queue that end a sweep.
  localparam ENDS = 49 * LANES + 1;
  wire [1:0] ends = {count == 2'd2 && behind[ENDS], count != 2'd0 && head[ENDS]};
  wire newest_only = count == 2'd2 ? ends == 2'd2 : ends == 2'd1;
  always @* begin
    // The last word of a sweep is the last one of its slot.
    if (ends[0]) assert (head[49*LANES]);
    if (ends[1]) assert (behind[49*LANES]);
    // The queue neither overflows nor gives what it does not have.
    assert ({1'b0, count} + {2'd0, asked} <= 3'd2);
    if (pop) assert (count != 2'd0);
    if (count == 2'd0) assert (given_rows == {LANES{1'b0}});
    // The last item comes once, and after all others.
    assert (active == (running || asked || count != 2'd0));
    if (running) assert (ends == 2'd0 && !(asked && asked_end));
    if (asked && asked_end) assert (asked_last && ends == 2'd0);
    if (active && !running && !asked) assert (newest_only);
    if (active && !running && asked) assert (asked_end);
  end
