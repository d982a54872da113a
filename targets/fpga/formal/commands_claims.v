  // What is claimed of commands.v, put before its end: at most 32 clocks after a command was taken, the next one is ready, and it
  // stays as it is until it is taken.
  reg moved = 1'b1, ready_before = 1'b0;
  reg [5:0] rank_before = 6'd32;
  reg [223:0] command_before = 224'd0;
  wire [5:0] draw_rank = (operation || draws == 2'd1 ? 6'd12 : 6'd24) - {2'd0, round};
  wire [5:0] rank = !fetched ? 6'd32 - {2'd0, count} : ready ? 6'd0 : draw_rank;
  always @(posedge clock) begin
    moved <= restart || taken;
    ready_before <= ready;
    rank_before <= rank;
    command_before <= command;
  end
  always @* begin
    assert (fetched == (count == 4'd8) && count <= 4'd8);
    assert (round <= 4'd11);
    if (!fetched) assert (!drawn && !operation && round == 4'd0);
    if (operation && !drawn) assert (draws >= 2'd2);
    if (fetched && draws == 2'd0) assert (!operation && round == 4'd0);
    assert (rank <= 6'd32);
    if (!moved) assert (ready_before ? ready && command == command_before : rank < rank_before);
  end
