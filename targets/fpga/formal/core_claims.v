  // What is claimed of the order of work in plastron_core.v, put before its end: in every clock of a run a command is taken, or a
  // rank falls that is no less than 0; so a run ends when its commands do. The runner (sequencer.ts) drives these wires with what
  // the modules inside claim and hold.
  (* keep *)wire [39:0] rows_rank;
  (* keep *)wire rows_active;
  (* keep *)wire [5:0] fetch_rank;
  (* keep *)wire [END:0] finishes;
  (* keep *)wire scale_compared, scale_dividing;
  (* keep *)wire [3:0] scale_left;
  localparam [15:0] ROUND_16 = ROUND;
  localparam [7:0] END_8 = END;
  localparam [3:0] SCALE_STEPS = 14 / DIVIDE;

  // Numbers of slots, rows and cycles, all in 16 bits.
  wire [15:0] phase_16 = {{(16 - PB) {1'b0}}, phase};
  wire [15:0] slot_16 = {{(16 - SB) {1'b0}}, slot};
  wire [15:0] slots_16 = {{(16 - SB) {1'b0}}, slot_count};
  wire [15:0] rows_16 = {{(16 - RB) {1'b0}}, row_count};
  localparam [15:0] MOST_ROWS = (1 << RB) - LANES;

  // Commands as an encoder makes them.
  wire coming_learns = coming_op == OP_SWEEP && coming_pending;
  always @* begin
    assume (!reset);
    if (command_ready) assume (coming_op != 2'd3);
    if (activates) begin
      assume (coming[64+:SB] != {SB{1'b0}} && coming[64+:SB] != {SB{1'b1}});
      if (coming_op == OP_SWEEP) assume (coming[32+:RB] != {RB{1'b0}} && coming[32+:RB] <= MOST_ROWS);
      if (coming_learns || coming_op == OP_NEURONS) assume (coming[180:176] != 5'd0);
    end
  end

  // The last item of a sweep goes round until the last pass; where it is follows from the phase in which it was chosen.
  wire several = pass_count != 5'd1;
  wire [15:0] passes_left = {11'd0, pass_count} - {11'd0, pass};
  wire [15:0] longest = slots_16 > SHORTEST_PASS[15:0] ? slots_16 : SHORTEST_PASS[15:0];
  reg [15:0] end_phase = 16'd0;
  always @(posedge clock) if (working && is_sweep && pass == 5'd0 && rows_item && rows_end) end_phase <= phase_16;
  wire [ROUND-1:0] ends_round;
  generate
    for (genvar e = 0; e < ROUND; e = e + 1) begin : circled
      assign ends_round[e] = line[INFO*e+ITEM] && line[INFO*e+LAST_OF_SWEEP];
      wire [15:0] chosen_at = phase_16 + ROUND_16 - 16'd1 - e;
      wire here_last = !rows_active && (chosen_at == end_phase || chosen_at == end_phase + ROUND_16);
      always @*
        if (working && is_sweep && several && (pass != 5'd0 || e < phase_16)) assert (ends_round[e] == here_last);
    end
    for (genvar f = 0; f <= END; f = f + 1) begin : finished_soon
      always @* if (finishes[f]) assert (flying >= END_8 + 8'd3 - f);
    end
  endgenerate

  // Ranks: of the command at work, of the wait for the next one, of the end.
  wire [15:0] until_gathers = pass == 5'd0 ? 16'd0 : passes_left * ROUND_16 - phase_16;
  wire [15:0] until_ends = (passes_left - 16'd1) * ROUND_16 + end_phase - phase_16;
  wire [56:0] work_rank = !is_sweep ? {25'd0, passes_left, longest - phase_16}
      : rows_active ? {1'b1, rows_rank, until_gathers} : {41'd0, until_ends};
  wire [11:0] end_rank = {flying, scale_compared ? SCALE_STEPS + 4'd1 : scale_dividing ? scale_left : 4'd0};
  // What overlaps waits for its clocks and for the next command; else first for the end of all that is under way.
  wire [18:0] wait_rank;
  generate
    if (OVERLAP != 0) begin : waits_for_clocks
      assign wait_rank = {13'd0, fetch_rank} + {3'd0, ~overlapping.since};
    end else begin : waits_for_the_end
      assign wait_rank = one_by_one.used ? {1'b1, end_rank, 6'd63} : {13'd0, fetch_rank};
      always @* begin
        if (working) assert (one_by_one.used);
        if (one_by_one.used) assert (running && command_ready && coming_op != OP_END && is_sweep == (coming_op == OP_SWEEP));
        if (learns) assert (is_sweep);
      end
    end
  endgenerate
  reg works = 1'b0, waits = 1'b0, drains = 1'b0;
  reg [56:0] work_before = 57'd0;
  reg [18:0] wait_before = 19'd0;
  reg [11:0] end_before = 12'd0;
  always @(posedge clock) begin
    works <= working && !activates;
    waits <= running && !working && !take;
    drains <= draining && !ends;
    work_before <= work_rank;
    wait_before <= wait_rank;
    end_before <= end_rank;
  end
  always @* begin
    if (!running) assert (!working);
    assert (!(running && draining));
    if (running) assert (!stale && !reading);
    assert (rows_active == (working && is_sweep && rows_active));
    if (working) begin
      assert (slots_16 != 16'd0 && slot_count != {SB{1'b1}} && pass_count != 5'd0 && pass < pass_count);
      if (!begun) assert (pass == 5'd0 && phase_16 == 16'd0);
      if (is_sweep) begin
        assert (rows_16 != 16'd0 && rows_16 <= MOST_ROWS);
        assert (phase_16 < ROUND_16);
        if (!several) assert (rows_active && phase_16 == 16'd0);
        if (!rows_active) begin
          assert (begun && end_phase < ROUND_16);
          if (pass == 5'd0) assert (end_phase < phase_16);
          if (last_pass) assert (phase_16 <= end_phase);
        end
      end else begin
        assert (phase_16 < longest && slot_16 == (phase_16 < slots_16 ? phase_16 : slots_16));
        if (last_pass) assert (phase_16 < slots_16);
      end
    end
    if (info_0[ITEM] && info_0[LAST_OF_SWEEP]) assert (flying >= END_8 + 8'd4);
    if (scale_compared) assert (flying >= 8'd2);
    if (scale_dividing) assert (scale_left != 4'd0);
    assert (scale_left <= SCALE_STEPS);

    if (works && working) assert (work_rank < work_before);
    if (waits) assert (running && wait_rank < wait_before);
    if (drains) assert (draining && end_rank < end_before);
  end
