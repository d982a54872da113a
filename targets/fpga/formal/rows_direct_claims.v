  // What is claimed of rows_direct.v beside sweep_claims.v.
  wire [7:0] until_there = there ? 8'd0 : shows ? WEIGH_ROW : WEIGH_ROW + WEIGH_ROW;
  assign waiting = running ? until_there + WEIGH_ROW - given_count : 8'd0;
  always @* begin
    // Nothing is given that is not there, and the last item comes once, and after all others.
    if (there) assert (running && shows);
    if (!there) assert (given_rows == {LANES{1'b0}});
    assert (active == running);
    if (running && started_before) assert (!shows && !there);
    if (gives_last) assert (pop && word_last && slot_last);
  end
