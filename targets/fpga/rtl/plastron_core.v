`default_nettype none
// A core whose synapses learn: a host fills memories and registers, writes COMMAND, and waits for `busy` to fall. The commands in
// control memory say what a step is; targets/fpga/README.md says what they mean.
module plastron_core #(
    parameter LANES = 2,
    parameter UNITS = 1,
    parameter DEPTH = 4,
    parameter WEIGHT_BITS = 8,
    parameter COEFFICIENTS = 4,
    parameter COEFFICIENT_BITS = 8,
    parameter PALETTE_BITS = 0,
    parameter PRESENCE = 0,
    parameter VARIABLE_BITS = 0,
    parameter ACCUMULATOR_BITS = 24,
    parameter X_BANKS = 2,
    parameter DRAWS = 1,
    parameter PARITY = 0,
    parameter SINGLE_PORT = 0,
    parameter ROUNDS = 1,
    parameter DIVIDE = 2,
    parameter SCALES = 4,
    parameter WEIGHT_WORDS = 2304,
    parameter FIELD_WORDS = 256,
    parameter MESSAGE_ADDRESS = 8,
    parameter FRAME_BITS = 1,
    parameter CODE_WORDS = 64,
    parameter CONTROL_WORDS = 256,
    parameter TRACE = 0
) (
    input wire clock,
    input wire reset,
    input wire host_valid,
    input wire host_write,
    input wire [23:0] host_address,
    input wire [31:0] host_data,
    output wire host_ready,
    output wire host_read_valid,
    output wire [31:0] host_read_data,
    output wire busy,
    output wire [64*(TRACE*LANES*9+1)-1:0] trace
);
  localparam K_WIDTH = COEFFICIENTS > 0 ? COEFFICIENTS * COEFFICIENT_BITS : 1;
  localparam WA = $clog2(WEIGHT_WORDS);
  localparam FA = $clog2(FIELD_WORDS);
  localparam MA = MESSAGE_ADDRESS;
  localparam CA = $clog2(CODE_WORDS);
  localparam TA = $clog2(CONTROL_WORDS);
  localparam LB = $clog2(LANES);
  localparam UB = $clog2(UNITS);
  localparam SA = SCALES > 1 ? $clog2(SCALES) : 1;
  localparam FETCH = PALETTE_BITS > 0 ? 3 : 2;
  localparam ROUND = UNITS * DEPTH;
  localparam END = FETCH + ROUND;
  localparam ADDS = DEPTH == 2 ? 1 : 2;
  localparam NEURON_PASS = END + 2;
  // Sizes as numbers of their own width.
  localparam [31:0] LAST_PHASE = ROUND - 1;
  localparam [31:0] AFTER_SWEEP = END + 4;
  localparam [31:0] AFTER_NEURONS = END + 1;
  localparam [31:0] SHORTEST_PASS = NEURON_PASS;
  localparam [31:0] VERSION = 32'h504c0001;

  // ---------------------------------------------------------------- host
  wire [3:0] region = host_address[23:20];
  wire [19:0] index = host_address[19:0];
  wire idle = !busy;
  wire command_ready;
  reg reading = 1'b0, answered = 1'b0;
  reg [31:0] answer = 32'd0;
  reg [3:0] region_read = 4'd0;
  reg [19:0] index_read = 20'd0;
  // A step waits until its first command was fetched: what it takes does not depend on when it was asked for.
  wire commands_step = host_write && region == 4'd0 && index == 20'd0;
  assign host_ready = idle && !reading && !answered && (!commands_step || command_ready);
  wire accept = host_valid && host_ready;
  wire writes = accept && host_write;
  wire reads = accept && !host_write;
  wire [19:0] lane_word = index >> LB;
  wire [19:0] half_word = index >> (1 + LB);
  wire [19:0] field_word = index >> (2 + LB);
  wire [19:0] code_word = index >> (1 + UB);
  wire unused_host = &{1'b0, field_word, code_word};
  localparam [31:0] LANE_MASK_32 = LANES - 1;
  wire [19:0] lane_mask = LANE_MASK_32[19:0];
  localparam [31:0] UNIT_MASK_32 = UNITS - 1;
  wire [19:0] unit_mask = UNIT_MASK_32[19:0];

  reg [31:0] step = 32'd0, seed = 32'd0, stalls = 32'd0, saturations = 32'd0;
  reg [47:0] cycles = 48'd0;
  reg [15:0] modulator = 16'd0, modulator_learned = 16'd0, pending = 16'd0, learn_mask = 16'd0;
  reg parity_failed = 1'b0;
  wire [31:0] learning_step = step - 32'd1;

  // ---------------------------------------------------------------- commands
  reg running = 1'b0, draining = 1'b0, flush = 1'b0;
  assign busy = running || draining;
  wire begins = writes && region == 4'd0 && index == 20'd0 && (host_data[1:0] == 2'd1 || host_data[1:0] == 2'd2);
  wire ends;
  wire refetch = ends || reset || (accept && region == 4'd9)
      || (writes && region == 4'd0 && (index == 20'd2 || index == 20'd3));
  wire [TA-1:0] command_address;
  wire [31:0] control_word;
  wire [223:0] coming;
  wire [63:0] coming_base0, coming_base1;
  wire take;
  memory #(
      .WIDTH(32),
      .WORDS(CONTROL_WORDS),
      .ADDRESS(TA)
  ) control (
      .clock(clock),
      .write(writes && region == 4'd9),
      .write_address(index[TA-1:0]),
      .write_data(host_data),
      .read_address(reads && region == 4'd9 ? index[TA-1:0] : command_address),
      .read_data(control_word)
  );
  commands #(
      .CONTROL_ADDRESS(TA)
  ) fetcher (
      .clock(clock),
      .restart(refetch),
      .taken(take),
      .seed(seed),
      .learning_step(learning_step),
      .address(command_address),
      .word(control_word),
      .ready(command_ready),
      .command(coming),
      .base0(coming_base0),
      .base1(coming_base1)
  );

  // The command at work.
  localparam [1:0] OP_END = 2'd0, OP_SWEEP = 2'd1, OP_NEURONS = 2'd2;
  reg working = 1'b0, is_sweep = 1'b0, learns = 1'b0;
  reg [223:0] command = 224'd0;
  reg [63:0] base0 = 64'd0, base1 = 64'd0;
  reg [15:0] since = 16'hffff;
  wire [1:0] coming_op = coming[1:0];
  wire [15:0] coming_wait = coming[223:208];
  wire coming_pending = pending[coming[21:18]];
  wire skip = flush && (coming_op == OP_NEURONS || (coming_op == OP_SWEEP && !coming_pending));
  wire finished;
  wire free = !working || finished;
  wire [15:0] waited = finished ? 16'd0 : since;
  assign take = running && command_ready && free && (skip || coming_op == OP_END || waited >= coming_wait);
  wire activates = take && !skip && coming_op != OP_END;
  wire starts_sweep = activates && coming_op == OP_SWEEP;

  wire [1:0] kind = command[3:2];
  wire [3:0] scale_index = command[7:4];
  wire [3:0] unit_exponent = command[11:8];
  wire [1:0] draws_asked = command[13:12];
  wire [2:0] chosen = command[16:14];
  wire may_skip = command[17];
  wire [3:0] frame_delay = command[25:22];
  wire [15:0] row_count = command[47:32];
  wire [4:0] last_lanes = command[52:48];
  wire [15:0] slot_count = command[79:64];
  wire [15:0] message_base = command[95:80];
  wire [WA-1:0] weight_base = command[96+:WA];
  wire [FA-1:0] field_base = command[128+:FA];
  wire [1:0] pages_less_1 = command[145:144];
  wire [1:0] sum_page = command[147:146];
  wire [1:0] sum_bank = command[149:148];
  wire [4:0] sum_shift = command[154:150];
  wire [5:0] banks_sent = command[151:146];
  wire [CA-1:0] entry = learns || !is_sweep ? command[160+:CA] : {CA{1'b0}};
  wire [4:0] pass_count = learns || !is_sweep ? command[180:176] : 5'd1;
  wire unused_command = &{1'b0, command, coming, frame_delay, message_base};

  // ---------------------------------------------------------------- the walk
  wire rows_ready, rows_item, rows_empty, rows_last, rows_end;
  wire [15:0] rows_row, rows_payload, rows_x0, rows_x1;
  wire [MA-1:0] rows_address;
  wire [16*LANES-1:0] payloads, x0s, x1s;
  reg begun = 1'b0, first_item = 1'b0;
  reg [4:0] pass = 5'd0;
  reg [15:0] phase = 16'd0;
  wire gathering = is_sweep && working && pass == 5'd0;
  rows #(
      .LANES(LANES),
      .MESSAGE_ADDRESS(MA - FRAME_BITS)
  ) row_walk (
      .clock(clock),
      .start(starts_sweep),
      .slot_count(coming[79:64]),
      .row_count(row_count),
      .base(message_base[MA-FRAME_BITS-1:0]),
      .all(learns && !may_skip),
      .chosen(learns ? chosen : 3'b001),
      .address(rows_address[MA-FRAME_BITS-1:0]),
      .payloads(payloads),
      .x0s(x0s),
      .x1s(x1s),
      .next(gathering),
      .ready(rows_ready),
      .item(rows_item),
      .empty(rows_empty),
      .row(rows_row),
      .last_of_slot(rows_last),
      .last_of_sweep(rows_end),
      .payload(rows_payload),
      .x0(rows_x0),
      .x1(rows_x1)
  );
  wire [FRAME_BITS-1:0] frame = step[FRAME_BITS-1:0];
  wire [FRAME_BITS-1:0] payload_frame = frame - frame_delay[FRAME_BITS-1:0];
  wire [FRAME_BITS-1:0] learning_frame = learning_step[FRAME_BITS-1:0];
  assign rows_address[MA-1-:FRAME_BITS] = payload_frame;

  // Where the walk is.
  reg [15:0] slot = 16'd0;
  reg [WA-1:0] slot_weights = {WA{1'b0}};
  reg [FA-1:0] slot_fields = {FA{1'b0}};
  wire [FA-1:0] pages = {{(FA - 2) {1'b0}}, pages_less_1} + {{(FA - 1) {1'b0}}, 1'b1};
  wire last_slot = slot + 16'd1 == slot_count;
  reg [LANES-1:0] here_now;
  integer h;
  always @* begin
    for (h = 0; h < LANES; h = h + 1) here_now[h] = !last_slot || h[4:0] < last_lanes;
  end

  // What a walk issues: for a sweep a row, for neurons a slot. `extra` is page, bank and shift of the sum, or the banks that are sent.
  localparam INFO = 6 + WA + FA + 16 * 5 + LANES + 9;
  wire [INFO-1:0] fresh_info, again_info, info_w, info_0;
  localparam MB = MA - FRAME_BITS;
  wire [MB-1:0] slot_message = message_base[MB-1:0] + slot[MB-1:0];
  wire neuron_item = !is_sweep && working && slot < slot_count;
  wire [WA-1:0] neuron_address;
  generate
    if (WA > MA) begin : wide_weights
      assign neuron_address = {{(WA - MA) {1'b0}}, frame, slot_message};
    end else begin : equal_width
      assign neuron_address = {frame, slot_message};
    end
  endgenerate
  assign fresh_info = is_sweep ? {
    rows_item, !rows_empty, 1'b0, rows_last, rows_end, first_item,
    slot_weights + rows_row[WA-1:0], slot_fields, rows_row, slot, rows_payload, rows_x0, rows_x1, here_now,
    sum_page, sum_bank, sum_shift
  } : {
    neuron_item, neuron_item, 1'b1, 1'b0, 1'b0, 1'b0,
    neuron_address, slot_fields, 16'd0, slot, 16'd0, 16'd0, 16'd0, here_now, 3'd0, banks_sent
  };
  wire fresh = !is_sweep || pass == 5'd0;
  assign info_w = !working ? {INFO{1'b0}} : fresh ? fresh_info : again_info;
  wire item_w = info_w[INFO-1];
  wire end_w = info_w[INFO-5];
  wire last_pass = pass + 5'd1 == pass_count;
  wire neurons_done = !is_sweep && working && last_pass && last_slot;
  assign finished = working && (is_sweep ? item_w && end_w && last_pass : neurons_done);

  wire window_ends = is_sweep ? phase == LAST_PHASE[15:0] : phase + 16'd1 >= SHORTEST_PASS[15:0] && slot + 16'd1 >= slot_count;
  wire waits_for_rows = is_sweep && !begun && !rows_ready;
  always @(posedge clock) begin
    if (activates) begin
      command <= coming;
      base0 <= coming_base0;
      base1 <= coming_base1;
      is_sweep <= coming_op == OP_SWEEP;
      learns <= coming_op == OP_SWEEP && coming_pending;
      begun <= 1'b0;
      first_item <= 1'b1;
      pass <= 5'd0;
      phase <= 16'd0;
      slot <= 16'd0;
      slot_weights <= coming[96+:WA];
      slot_fields <= coming[128+:FA];
    end else if (working && !waits_for_rows) begin
      begun <= 1'b1;
      if (is_sweep) begin
        if (pass_count != 5'd1) begin
          phase <= window_ends ? 16'd0 : phase + 16'd1;
          if (window_ends) pass <= last_pass ? 5'd0 : pass + 5'd1;
        end
        if (pass == 5'd0 && rows_item) begin
          first_item <= 1'b0;
          if (rows_last) begin
            slot <= slot + 16'd1;
            slot_weights <= slot_weights + row_count[WA-1:0];
            slot_fields <= slot_fields + pages;
          end
        end
      end else if (window_ends) begin
        phase <= 16'd0;
        pass <= pass + 5'd1;
        slot <= 16'd0;
        slot_fields <= field_base;
      end else begin
        phase <= phase + 16'd1;
        if (slot < slot_count) begin
          slot <= slot + 16'd1;
          slot_fields <= slot_fields + pages;
        end
      end
    end
    if (activates) working <= 1'b1;
    else if (finished) working <= 1'b0;
    if (!busy) since <= 16'hffff;
    else if (finished) since <= 16'd1;
    else if (since != 16'hffff) since <= since + 16'd1;
  end
  wire unused_weight_base = &{1'b0, weight_base};

  // ---------------------------------------------------------------- the pipeline
  // w: the walk decides; 0: addresses are out; then as lane.v counts.
  wire last_pass_0, accumulates_0;
  wire accumulates_w = is_sweep && last_pass && !flush;
  wire [CA-1:0] code_w = entry + {{(CA - 5) {1'b0}}, pass};
  wire [CA-1:0] code_0;
  wire [10:0] pass_word;
  delay #(
      .WIDTH (INFO + 2 + CA),
      .STAGES(1)
  ) issue (
      .clock(clock),
      .in({last_pass, accumulates_w, code_w, info_w}),
      .out({last_pass_0, accumulates_0, code_0, info_0})
  );
  // What needs more passes comes round again.
  delay #(
      .WIDTH (INFO),
      .STAGES(ROUND - 1)
  ) again (
      .clock(clock),
      .in(info_0),
      .out(again_info)
  );
  memory #(
      .WIDTH(11),
      .WORDS(CODE_WORDS),
      .ADDRESS(CA)
  ) passes (
      .clock(clock),
      .write(writes && region == 4'd8),
      .write_address(index[CA-1:0]),
      .write_data(host_data[10:0]),
      .read_address(idle ? index[CA-1:0] : code_w),
      .read_data(pass_word)
  );
  wire item_0, real_0, neuron_0, last_0, end_0, first_0;
  wire [WA-1:0] weight_address_0;
  wire [FA-1:0] fields_0;
  wire [15:0] row_0, slot_0, payload_0, x0_0, x1_0;
  wire [LANES-1:0] here_0;
  wire [8:0] extra_0;
  assign {item_0, real_0, neuron_0, last_0, end_0, first_0, weight_address_0, fields_0, row_0, slot_0, payload_0, x0_0, x1_0,
          here_0, extra_0} = info_0;
  wire unused_0 = &{1'b0, row_0, slot_0};
  wire [FA-1:0] field_address_0 = fields_0 + {{(FA - 2) {1'b0}}, pass_word[1:0]};
  wire [1:0] target_page = neuron_0 ? pass_word[3:2] : extra_0[8:7];
  wire [FA-1:0] target_0 = fields_0 + {{(FA - 2) {1'b0}}, target_page};

  // Draws.
  wire last_w = info_w[INFO-4];
  wire asks = item_w && info_w[INFO-2] && is_sweep && learns && {1'b0, draws_asked} > pass[2:0] && pass < 5'd2
      && (DRAWS > 1 || pass == 5'd0);
  wire [15:0] row_w = info_w[LANES+9+64+:16];
  wire [15:0] slot_w = info_w[LANES+9+48+:16];
  wire [UNITS-1:0] takes0, takes1;
  wire [8*LANES-1:0] drawn0, drawn1;
  draws #(
      .LANES (LANES),
      .ROUNDS(ROUNDS)
  ) drawing (
      .clock(clock),
      .ask(asks),
      .operation(pass[0]),
      .base_a(pass[0] ? base1[63:32] : base0[63:32]),
      .base_b(pass[0] ? base1[31:0] : base0[31:0]),
      .row(row_w),
      .slot(slot_w),
      .take0(|takes0),
      .take1(|takes1),
      .draw0(drawn0),
      .draw1(drawn1)
  );
  wire unused_last = last_w;

  // Cycle 1.
  wire real_1, neuron_1;
  wire [LANES-1:0] here_1;
  delay #(
      .WIDTH (2 + LANES),
      .STAGES(1)
  ) one (
      .clock(clock),
      .in({item_0 && real_0, neuron_0, here_0}),
      .out({real_1, neuron_1, here_1})
  );

  // END and after.
  localparam LATE = 4 + WA + FA + 16 + LANES + 9 + 7 + 1;
  wire item_end, real_end, last_end, first_end, accumulates_end;
  wire [WA-1:0] weight_address_end;
  wire [FA-1:0] target_end;
  wire [15:0] payload_end;
  wire [LANES-1:0] here_item_end;
  wire [8:0] extra_end;
  wire [6:0] writes_end;
  delay #(
      .WIDTH (LATE),
      .STAGES(END)
  ) late (
      .clock(clock),
      .in({item_0, real_0, last_0, first_0 && last_pass_0, weight_address_0, target_0, payload_0, here_0, extra_0,
           pass_word[10:4], accumulates_0}),
      .out({item_end, real_end, last_end, first_end, weight_address_end, target_end, payload_end, here_item_end, extra_end,
            writes_end, accumulates_end})
  );
  wire valid_end = item_end && real_end;
  wire accumulate_1, last_1;
  wire [FA-1:0] target_1, target_2, target_3;
  wire [8:0] extra_1, extra_2;
  wire [1:0] sum_bank_3;
  wire [LANES-1:0] here_end_1, here_end_2, here_end_3;
  wire store_2, store_3;
  delay #(
      .WIDTH (2 + FA + 9 + LANES),
      .STAGES(1)
  ) after_1 (
      .clock(clock),
      .in({item_end && accumulates_end, last_end, target_end, extra_end, here_item_end}),
      .out({accumulate_1, last_1, target_1, extra_1, here_end_1})
  );
  delay #(
      .WIDTH (1 + FA + 9 + LANES),
      .STAGES(1)
  ) after_2 (
      .clock(clock),
      .in({accumulate_1 && last_1, target_1, extra_1, here_end_1}),
      .out({store_2, target_2, extra_2, here_end_2})
  );
  delay #(
      .WIDTH (1 + FA + 2 + LANES),
      .STAGES(1)
  ) after_3 (
      .clock(clock),
      .in({store_2, target_2, extra_2[6:5], here_end_2}),
      .out({store_3, target_3, sum_bank_3, here_end_3})
  );
  wire unused_extra = &{1'b0, extra_2};

  // Scales.
  reg [19:0] scales[0:SCALES-1];
  reg [1:0] scale_kind = 2'd0;
  reg [SA-1:0] scale_target = {SA{1'b0}};
  reg [3:0] scale_unit = 4'd0;
  integer i;
  initial for (i = 0; i < SCALES; i = i + 1) scales[i] = 20'd0;
  always @(posedge clock) begin
    if (finished && is_sweep) begin
      scale_kind <= learns ? kind : 2'd0;
      scale_target <= scale_index[SA-1:0];
      scale_unit <= unit_exponent;
    end
  end
  wire ends_sweep_0 = item_0 && end_0 && last_pass_0;
  wire finish_scale;
  delay #(
      .WIDTH (1),
      .STAGES(END + 1)
  ) finishing (
      .clock(clock),
      .in(ends_sweep_0),
      .out(finish_scale)
  );
  wire scale_busy, scale_done;
  wire [15:0] mantissa;
  wire [3:0] exponent;
  wire [LANES*WEIGHT_BITS-1:0] largest;
  scale #(
      .LANES(LANES),
      .WEIGHT_BITS(WEIGHT_BITS),
      .DIVIDE(DIVIDE)
  ) scaling (
      .clock(clock),
      .finish(finish_scale && scale_kind != 2'd0),
      .power_of_two(scale_kind == 2'd2),
      .unit_exponent(scale_unit),
      .largest(largest),
      .busy(scale_busy),
      .done(scale_done),
      .mantissa(mantissa),
      .exponent(exponent)
  );
  always @(posedge clock) begin
    if (scale_done) scales[scale_target] <= {exponent, mantissa};
    else if (writes && region == 4'd10) scales[index[SA-1:0]] <= host_data[19:0];
  end
  wire unused_scale = &{1'b0, scale_index};

  // Instructions: the word of unit u is read at cycle DEPTH · u (+ FETCH - 2) and is at work from FETCH + DEPTH · u on.
  wire [UNITS*32-1:0] controls, signals;
  wire [UNITS*16-1:0] specials;
  wire [UNITS-1:0] neurons, valid_after;
  wire [UNITS*64-1:0] codes_read;
  genvar u;
  generate
    for (u = 0; u < UNITS; u = u + 1) begin : instructions
      wire [CA-1:0] code_u;
      delay #(
          .WIDTH (CA),
          .STAGES(DEPTH * u + FETCH - 2)
      ) addresses (
          .clock(clock),
          .in(code_0),
          .out(code_u)
      );
      wire mine = writes && region == 4'd7 && ((index >> 1) & unit_mask) == u;
      wire [31:0] word;
      wire [17:0] upper;
      memory #(
          .WIDTH(32),
          .WORDS(CODE_WORDS),
          .ADDRESS(CA)
      ) lower_words (
          .clock(clock),
          .write(mine && !index[0]),
          .write_address(code_word[CA-1:0]),
          .write_data(host_data),
          .read_address(idle ? code_word[CA-1:0] : code_u),
          .read_data(word)
      );
      memory #(
          .WIDTH(18),
          .WORDS(CODE_WORDS),
          .ADDRESS(CA)
      ) upper_words (
          .clock(clock),
          .write(mine && index[0]),
          .write_address(code_word[CA-1:0]),
          .write_data(host_data[17:0]),
          .read_address(idle ? code_word[CA-1:0] : code_u),
          .read_data(upper)
      );
      assign codes_read[64*u+:64] = {14'd0, upper, word};
      wire scaled = upper[17:16] == 2'd1;
      wire [19:0] scale_u = scales[upper[SA-1:0]];
      wire [3:0] off = scaled ? scale_u[19:16] : 4'd0;
      wire [15:0] special = scaled ? scale_u[15:0] : upper[17] ? modulator_learned : upper[15:0];
      delay #(
          .WIDTH (48),
          .STAGES(1)
      ) ready (
          .clock(clock),
          .in({special, word[31:30], word[29:25] - {1'b0, off}, word[24:21] - off, word[20:0]}),
          .out({specials[16*u+:16], controls[32*u+:32]})
      );
      wire real_u;
      delay #(
          .WIDTH (34),
          .STAGES(FETCH + DEPTH * u)
      ) along (
          .clock(clock),
          .in({item_0 && real_0, neuron_0, x1_0, x0_0}),
          .out({real_u, neurons[u], signals[32*u+:32]})
      );
      // The stage that adds takes the draw.
      wire [1:0] rounding_adds;
      wire real_adds;
      delay #(
          .WIDTH (3),
          .STAGES(ADDS)
      ) adding (
          .clock(clock),
          .in({real_u, controls[32*u+30+:2]}),
          .out({real_adds, rounding_adds})
      );
      assign takes0[u] = real_adds && rounding_adds == 2'd2;
      assign takes1[u] = real_adds && rounding_adds == 2'd3;
      delay #(
          .WIDTH (1),
          .STAGES(DEPTH - ADDS)
      ) leaving (
          .clock(clock),
          .in(real_adds),
          .out(valid_after[u])
      );
    end
  endgenerate

  // ---------------------------------------------------------------- lanes
  wire [LANES-1:0] here_end, parity_errors;
  wire [64*LANES-1:0] fields_end, fields_read, coefficients_read;
  wire [WEIGHT_BITS*LANES-1:0] weights_end, weights_read;
  wire [16*LANES-1:0] variables_end, variables_read, sums_end;
  wire [(UNITS+1)*LANES-1:0] cuts;
  wire sends = valid_end && writes_end[4];
  wire [LANES-1:0] writes_weight, writes_variable;
  wire [MA-1:0] message_to = idle ? lane_word[MA-1:0] : weight_address_end[MA-1:0];
  wire [32*LANES-1:0] sent_x;
  wire [16*LANES-1:0] sent_payload;
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lanes
      wire mine = (index & lane_mask) == l;
      wire mine_half = ((index >> 1) & lane_mask) == l;
      wire mine_field = ((index >> 2) & lane_mask) == l;
      wire [19:0] word_here = region == 4'd2 || region == 4'd3 ? half_word : lane_word;
      wire unused_word = &{1'b0, word_here};
      wire [3:0] one_bank = 4'd1 << index[1:0];
      assign writes_weight[l] = valid_end && writes_end[5] && here_end[l];
      assign writes_variable[l] = valid_end && writes_end[6] && here_end[l];
      lane #(
          .UNITS(UNITS),
          .DEPTH(DEPTH),
          .WEIGHT_BITS(WEIGHT_BITS),
          .COEFFICIENTS(COEFFICIENTS),
          .COEFFICIENT_BITS(COEFFICIENT_BITS),
          .K_WIDTH(K_WIDTH),
          .PALETTE_BITS(PALETTE_BITS),
          .PRESENCE(PRESENCE),
          .VARIABLE_BITS(VARIABLE_BITS),
          .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
          .PARITY(PARITY),
          .SINGLE_PORT(SINGLE_PORT),
          .WEIGHT_WORDS(WEIGHT_WORDS),
          .WEIGHT_ADDRESS(WA),
          .FIELD_WORDS(FIELD_WORDS),
          .FIELD_ADDRESS(FA)
      ) lane (
          .clock(clock),
          .weight_address(weight_address_0),
          .field_address(field_address_0),
          .here(here_1[l]),
          .reads_weight(real_1 && !neuron_1),
          .synapse_1(!neuron_1),
          .controls(controls),
          .specials(specials),
          .signals(signals),
          .neurons(neurons),
          .valid_end(valid_end),
          .write_weight(valid_end && writes_end[5]),
          .write_variable(valid_end && writes_end[6]),
          .write_fields(writes_end[3:0]),
          .weight_address_end(weight_address_end),
          .field_address_end(target_end),
          .payload_end(payload_end),
          .start_end(item_end && first_end),
          .accumulate(accumulate_1),
          .last(last_1),
          .shift(extra_2[4:0]),
          .store_sum(store_3 && here_end_3[l]),
          .sum_address(target_3),
          .sum_bank(sum_bank_3),
          .draw0(drawn0[8*l+:8]),
          .draw1(drawn1[8*l+:8]),
          .host(idle),
          .host_write_weight(writes && region == 4'd1 && mine),
          .host_write_coefficients(writes && region == 4'd2 && mine_half),
          .host_write_palette(writes && region == 4'd3 && mine_half),
          .host_write_variable(writes && region == 4'd11 && mine),
          .host_write_field(writes && region == 4'd4 && mine_field ? one_bank : 4'd0),
          .host_weight_address(word_here[WA-1:0]),
          .host_field_address(field_word[FA-1:0]),
          .host_data(host_data),
          .host_high(index[0]),
          .weight_read(weights_read[WEIGHT_BITS*l+:WEIGHT_BITS]),
          .variable_read(variables_read[16*l+:16]),
          .field_read(fields_read[64*l+:64]),
          .coefficients_read(coefficients_read[64*l+:64]),
          .fields_end(fields_end[64*l+:64]),
          .weight_end(weights_end[WEIGHT_BITS*l+:WEIGHT_BITS]),
          .variable_end(variables_end[16*l+:16]),
          .here_end(here_end[l]),
          .sum_end(sums_end[16*l+:16]),
          .largest(largest[WEIGHT_BITS*l+:WEIGHT_BITS]),
          .saturated(cuts[(UNITS+1)*l+:UNITS+1]),
          .parity_error(parity_errors[l])
      );

      // Messages: payloads in one memory, x in others, for they are read in different frames.
      assign sent_payload[16*l+:16] = fields_end[64*l+16*extra_end[1:0]+:16];
      assign sent_x[32*l+:32] = {fields_end[64*l+16*extra_end[5:4]+:16], fields_end[64*l+16*extra_end[3:2]+:16]};
      wire sends_here = sends && here_end[l];
      memory #(
          .WIDTH(16),
          .WORDS(1 << MA),
          .ADDRESS(MA)
      ) payload_memory (
          .clock(clock),
          .write(idle ? writes && region == 4'd5 && mine : sends_here),
          .write_address(message_to),
          .write_data(idle ? host_data[15:0] : sent_payload[16*l+:16]),
          .read_address(idle ? lane_word[MA-1:0] : rows_address),
          .read_data(payloads[16*l+:16])
      );
      wire [MA-1:0] x_from = idle ? half_word[MA-1:0] : {learning_frame, rows_address[MB-1:0]};
      wire [MA-1:0] x_to = idle ? half_word[MA-1:0] : weight_address_end[MA-1:0];
      memory #(
          .WIDTH(16),
          .WORDS(1 << MA),
          .ADDRESS(MA)
      ) x0_memory (
          .clock(clock),
          .write(idle ? writes && region == 4'd6 && mine_half && !index[0] : sends_here),
          .write_address(x_to),
          .write_data(idle ? host_data[15:0] : sent_x[32*l+:16]),
          .read_address(x_from),
          .read_data(x0s[16*l+:16])
      );
      if (X_BANKS > 1) begin : second_x
        memory #(
            .WIDTH(16),
            .WORDS(1 << MA),
            .ADDRESS(MA)
        ) x1_memory (
            .clock(clock),
            .write(idle ? writes && region == 4'd6 && mine_half && index[0] : sends_here),
            .write_address(x_to),
            .write_data(idle ? host_data[15:0] : sent_x[32*l+16+:16]),
            .read_address(x_from),
            .read_data(x1s[16*l+:16])
        );
      end else begin : no_second_x
        wire unused_x1 = &{1'b0, sent_x[32*l+16+:16]};
        assign x1s[16*l+:16] = 16'd0;
      end
    end
  endgenerate

  // ---------------------------------------------------------------- counters and the end
  localparam CUTS = (UNITS + 1) * LANES;
  reg [CUTS-1:0] cuts_here;
  integer c, cu;
  always @* begin
    for (c = 0; c < LANES; c = c + 1) begin
      for (cu = 0; cu < UNITS; cu = cu + 1) cuts_here[(UNITS+1)*c+cu] = cuts[(UNITS+1)*c+cu] && valid_after[cu];
      cuts_here[(UNITS+1)*c+UNITS] = cuts[(UNITS+1)*c+UNITS] && store_3 && here_end_3[c];
    end
  end
  function [7:0] number;
    input [CUTS-1:0] bits;
    integer n;
    begin
      number = 8'd0;
      for (n = 0; n < CUTS; n = n + 1) number = number + {7'd0, bits[n]};
    end
  endfunction
  reg [7:0] cut_count = 8'd0;

  reg [7:0] flying = 8'd0;
  wire [7:0] flight = is_sweep ? AFTER_SWEEP[7:0] : AFTER_NEURONS[7:0];
  wire [7:0] less = flying == 8'd0 ? 8'd0 : flying - 8'd1;
  assign ends = draining && flying <= 8'd1 && !scale_busy;
  always @(posedge clock) begin
    cut_count <= busy ? number(cuts_here) : 8'd0;
    saturations <= saturations + {24'd0, cut_count};
    flying <= item_w ? (flight > less ? flight : less) : less;
    if (|parity_errors && busy) parity_failed <= 1'b1;
    if (busy) begin
      cycles <= cycles + 48'd1;
      if (!item_w) stalls <= stalls + 32'd1;
    end
    if (begins) begin
      running <= 1'b1;
      flush <= host_data[1:0] == 2'd2;
      learn_mask <= host_data[31:16];
    end
    if (running && take && coming_op == OP_END) begin
      running <= 1'b0;
      draining <= 1'b1;
    end
    if (ends) begin
      draining <= 1'b0;
      pending <= flush ? 16'd0 : learn_mask;
      if (!flush) begin
        step <= step + 32'd1;
        modulator_learned <= modulator;
      end
    end
    if (writes && region == 4'd0) begin
      case (index[3:0])
        4'd1: parity_failed <= 1'b0;
        4'd2: step <= host_data;
        4'd3: seed <= host_data;
        4'd4: modulator <= host_data[15:0];
        4'd5: cycles <= {16'd0, host_data};
        4'd7: stalls <= host_data;
        4'd8: saturations <= host_data;
        4'd9: pending <= host_data[15:0];
        4'd11: modulator_learned <= host_data[15:0];
        default: ;
      endcase
    end
    if (reset) begin
      running <= 1'b0;
      draining <= 1'b0;
    end
  end

  // ---------------------------------------------------------------- what the host reads
  reg [31:0] register_read;
  always @* begin
    case (index_read[3:0])
      4'd1: register_read = {31'd0, parity_failed};
      4'd2: register_read = step;
      4'd3: register_read = seed;
      4'd4: register_read = {16'd0, modulator};
      4'd5: register_read = cycles[31:0];
      4'd6: register_read = {16'd0, cycles[47:32]};
      4'd7: register_read = stalls;
      4'd8: register_read = saturations;
      4'd9: register_read = {16'd0, pending};
      4'd10: register_read = VERSION;
      4'd11: register_read = {16'd0, modulator_learned};
      default: register_read = 32'd0;
    endcase
  end
  wire [19:0] lane_read = index_read & lane_mask;
  wire [19:0] half_lane_read = (index_read >> 1) & lane_mask;
  wire [19:0] field_lane_read = (index_read >> 2) & lane_mask;
  wire [19:0] unit_read = (index_read >> 1) & unit_mask;
  reg [31:0] memory_read;
  integer m;
  reg [WEIGHT_BITS-1:0] weight_chosen;
  reg [15:0] variable_chosen, payload_chosen, x_chosen, field_chosen;
  reg [63:0] coefficients_chosen, code_chosen;
  always @* begin
    weight_chosen = {WEIGHT_BITS{1'b0}};
    variable_chosen = 16'd0;
    payload_chosen = 16'd0;
    x_chosen = 16'd0;
    field_chosen = 16'd0;
    coefficients_chosen = 64'd0;
    code_chosen = 64'd0;
    for (m = 0; m < LANES; m = m + 1) begin
      if (lane_read == m[19:0]) begin
        weight_chosen = weights_read[WEIGHT_BITS*m+:WEIGHT_BITS];
        variable_chosen = variables_read[16*m+:16];
        payload_chosen = payloads[16*m+:16];
      end
      if (half_lane_read == m[19:0]) begin
        x_chosen = index_read[0] ? x1s[16*m+:16] : x0s[16*m+:16];
        coefficients_chosen = coefficients_read[64*m+:64];
      end
      if (field_lane_read == m[19:0]) field_chosen = fields_read[64*m+16*index_read[1:0]+:16];
    end
    for (m = 0; m < UNITS; m = m + 1) if (unit_read == m[19:0]) code_chosen = codes_read[64*m+:64];
    case (region_read)
      4'd0: memory_read = register_read;
      4'd1: memory_read = {{(32 - WEIGHT_BITS) {weight_chosen[WEIGHT_BITS-1]}}, weight_chosen};
      4'd2: memory_read = index_read[0] ? coefficients_chosen[63:32] : coefficients_chosen[31:0];
      4'd4: memory_read = {{16{field_chosen[15]}}, field_chosen};
      4'd5: memory_read = {{16{payload_chosen[15]}}, payload_chosen};
      4'd6: memory_read = {{16{x_chosen[15]}}, x_chosen};
      4'd7: memory_read = index_read[0] ? code_chosen[63:32] : code_chosen[31:0];
      4'd8: memory_read = {21'd0, pass_word};
      4'd9: memory_read = control_word;
      4'd10: memory_read = {12'd0, scales[index_read[SA-1:0]]};
      4'd11: memory_read = {{16{variable_chosen[15]}}, variable_chosen};
      default: memory_read = 32'd0;
    endcase
  end
  assign host_read_valid = answered;
  assign host_read_data = answer;
  always @(posedge clock) begin
    reading <= reads;
    answered <= reading;
    answer <= memory_read;
    if (reads) begin
      region_read <= region;
      index_read <= index;
    end
    if (reset) begin
      reading <= 1'b0;
      answered <= 1'b0;
    end
  end

  // ---------------------------------------------------------------- every architectural write, for a simulator to see
  generate
    if (TRACE != 0) begin : traced
      genvar t, b;
      for (t = 0; t < LANES; t = t + 1) begin : of_lane
        localparam [5:0] LANE = t;
        assign trace[64*t+:64] = {
          writes_weight[t], 3'd0, LANE, {(22 - WA) {1'b0}}, weight_address_end,
          {(32 - WEIGHT_BITS) {weights_end[WEIGHT_BITS*(t+1)-1]}}, weights_end[WEIGHT_BITS*t+:WEIGHT_BITS]
        };
        assign trace[64*(LANES+t)+:64] = {
          writes_variable[t], 3'd1, LANE, {(22 - WA) {1'b0}}, weight_address_end,
          {16{variables_end[16*t+15]}}, variables_end[16*t+:16]
        };
        for (b = 0; b < 4; b = b + 1) begin : of_bank
          localparam [1:0] BANK = b;
          wire sum_here = store_3 && here_end_3[t] && sum_bank_3 == BANK;
          wire [15:0] value = sum_here ? sums_end[16*t+:16] : fields_end[64*t+16*b+:16];
          wire [FA-1:0] at = store_3 && here_end_3[t] ? target_3 : target_end;
          assign trace[64*(2*LANES+4*t+b)+:64] = {
            sum_here || (valid_end && writes_end[b] && here_end[t]), 3'd2, LANE, {(20 - FA) {1'b0}}, at, BANK,
            {16{value[15]}}, value
          };
        end
        assign trace[64*(6*LANES+t)+:64] = {
          sends && here_end[t], 3'd3, LANE, {(22 - MA) {1'b0}}, message_to,
          {16{sent_payload[16*t+15]}}, sent_payload[16*t+:16]
        };
        assign trace[64*(7*LANES+t)+:64] = {
          sends && here_end[t], 3'd4, LANE, {(22 - MA) {1'b0}}, message_to, {16{sent_x[32*t+15]}}, sent_x[32*t+:16]
        };
        assign trace[64*(8*LANES+t)+:64] = {
          sends && here_end[t] && X_BANKS > 1, 3'd5, LANE, {(22 - MA) {1'b0}}, message_to,
          {16{sent_x[32*t+31]}}, sent_x[32*t+16+:16]
        };
      end
      assign trace[64*9*LANES+:64] = {
        scale_done, 3'd6, 6'd0, {(22 - SA) {1'b0}}, scale_target, 12'd0, exponent, mantissa
      };
    end else begin : untraced
      wire unused = &{1'b0, weights_end, variables_end, sums_end, writes_weight, writes_variable};
      assign trace = 64'd0;
    end
  endgenerate
endmodule
