`default_nettype none
// A core whose synapses learn: a host fills memories and registers, writes COMMAND, and waits for `busy` to fall. The commands in
// control memory say what a step is; targets/fpga/README.md says what they mean. A host keeps the address of a read until
// host_read_valid.
module plastron_core #(
    parameter LANES = 2,
    parameter UNITS = 1,
    parameter DEPTH = 4,
    parameter FETCH_REGISTER = 1,
    parameter OVERLAP = 1,
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
    parameter WAIT_MEMORY = 0,
    parameter PRODUCT_SHIFTS = 0,
    parameter DRAW_RING = 0,
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
  localparam WA = $clog2(WEIGHT_WORDS);
  localparam FA = $clog2(FIELD_WORDS);
  localparam MA = MESSAGE_ADDRESS;
  localparam MB = MA - FRAME_BITS;
  localparam CA = $clog2(CODE_WORDS);
  localparam TA = $clog2(CONTROL_WORDS);
  localparam LB = $clog2(LANES);
  localparam UB = $clog2(UNITS);
  localparam SA = SCALES > 1 ? $clog2(SCALES) : 1;
  // Bits of the numbers of rows, slots, and cycles of a pass: there are no more rows than messages, no more slots than fields.
  localparam RB = MB + LB + 1;
  localparam SB = FA + 1;
  localparam PB = SB > 6 ? SB : 6;
  localparam FETCH = 1 + FETCH_REGISTER + (PALETTE_BITS > 0 ? 1 : 0);
  localparam ROUND = UNITS * DEPTH;
  localparam END = FETCH + ROUND;
  localparam NEURON_PASS = END + 2;
  // Sizes as numbers of their own width.
  localparam [31:0] LAST_PHASE = ROUND - 1;
  localparam [31:0] AFTER_SWEEP = END + 4;
  localparam [31:0] AFTER_NEURONS = END + 1;
  localparam [31:0] SHORTEST_PASS = NEURON_PASS;
  localparam [SB-1:0] ONE_SLOT = 1;
  localparam [PB-1:0] ONE_PHASE = 1;

  // ---------------------------------------------------------------- host
  wire [3:0] region = host_address[23:20];
  wire [19:0] index = host_address[19:0];
  wire idle = !busy;
  wire command_ready;
  // A word is read in two halves, one cycle after the other; its address stays until it is there.
  reg stale = 1'b0;
  reg reading = 1'b0, reading_upper = 1'b0, answered = 1'b0;
  reg [31:0] answer = 32'd0;
  // A step waits until its first command was fetched: what it takes does not depend on when it was asked for.
  wire commands_step = host_write && region == 4'd0 && index[3:0] == 4'd0;
  assign host_ready = idle && !reading && !reading_upper && !answered && (!commands_step || (command_ready && !stale));
  wire accept = host_valid && host_ready;
  wire writes = accept && host_write;
  wire reads = accept && !host_write;
  wire writes_register = writes && region == 4'd0;

  // ---------------------------------------------------------------- commands
  reg running = 1'b0, draining = 1'b0, flush = 1'b0;
  reg [15:0] pending = 16'd0, learn_mask = 16'd0;
  wire [31:0] learning_step, seed;
  assign busy = running || draining;
  wire begins = writes_register && index[3:0] == 4'd0 && (host_data[1:0] == 2'd1 || host_data[1:0] == 2'd2);
  wire ends;
  wire asks_control = (accept || reading) && region == 4'd9;
  // What was fetched is old when a host wrote commands, or what draws begin with.
  always @(posedge clock) stale <= asks_control || (writes_register && (index[3:0] == 4'd2 || index[3:0] == 4'd3));
  wire refetch = ends || reset || stale;
  wire [TA-1:0] command_address;
  wire [31:0] control_word;
  wire [223:0] coming;
  wire [63:0] coming_base0, coming_base1;
  wire take, advances;
  wire [TA-1:0] control_address = asks_control ? index[TA-1:0] : command_address;
  generate
    if (SINGLE_PORT != 0) begin : control_of_one_port
      single_port_memory #(
          .WIDTH(32),
          .WORDS(CONTROL_WORDS),
          .ADDRESS(TA)
      ) control (
          .clock(clock),
          .write(writes && region == 4'd9),
          .address(control_address),
          .write_data(host_data),
          .read_data(control_word)
      );
    end else begin : control_of_two_ports
      memory #(
          .WIDTH(32),
          .WORDS(CONTROL_WORDS),
          .ADDRESS(TA)
      ) control (
          .clock(clock),
          .write(writes && region == 4'd9),
          .write_address(index[TA-1:0]),
          .write_data(host_data),
          .read_address(control_address),
          .read_data(control_word)
      );
    end
  endgenerate
  commands #(
      .CONTROL_ADDRESS(TA),
      .DRAWS(DRAWS)
  ) fetcher (
      .clock(clock),
      .restart(refetch),
      .taken(advances),
      .seed(seed),
      .learning_step(learning_step),
      .address(command_address),
      .word(control_word),
      .ready(command_ready),
      .command(coming),
      .base0(coming_base0),
      .base1(coming_base1)
  );

  // The command at work. What overlaps works on a copy, while the next command comes; else the next one is fetched when nothing is
  // at work any more, and no command has to wait.
  localparam [1:0] OP_END = 2'd0, OP_SWEEP = 2'd1, OP_NEURONS = 2'd2;
  reg working = 1'b0, is_sweep = 1'b0, learns = 1'b0;
  reg [7:0] flying = 8'd0;
  wire scale_busy;
  wire landed = flying <= 8'd1 && !scale_busy;
  wire [1:0] coming_op = coming[1:0];
  wire coming_pending = pending[coming[21:18]];
  wire skip = flush && (coming_op == OP_NEURONS || (coming_op == OP_SWEEP && !coming_pending));
  wire finished;
  wire activates = take && !skip && coming_op != OP_END;
  wire starts_sweep = activates && coming_op == OP_SWEEP;
  wire [223:0] command;
  wire [63:0] base0, base1;
  generate
    if (OVERLAP != 0) begin : overlapping
      reg [223:0] held = 224'd0;
      reg [127:0] held_bases = 128'd0;
      reg [15:0] since = 16'hffff;
      wire free = !working || finished;
      wire [15:0] waited = finished ? 16'd0 : since;
      assign take = running && command_ready && free && (skip || coming_op == OP_END || waited >= coming[223:208]);
      assign advances = take;
      assign command = held;
      assign {base1, base0} = held_bases;
      always @(posedge clock) begin
        if (activates) begin
          held <= coming;
          held_bases <= {coming_base1, coming_base0};
        end
        if (!busy) since <= 16'hffff;
        else if (finished) since <= 16'd1;
        else if (since != 16'hffff) since <= since + 16'd1;
      end
    end else begin : one_by_one
      reg used = 1'b0;
      assign take = running && command_ready && !used;
      assign advances = (take && !activates) || (used && !working && landed);
      assign command = coming;
      assign {base1, base0} = {coming_base1, coming_base0};
      always @(posedge clock) used <= !reset && (activates || (used && !advances));
    end
  endgenerate

  wire [1:0] kind = command[3:2];
  wire [3:0] scale_index = command[7:4];
  wire [3:0] unit_exponent = command[11:8];
  wire [1:0] draws_asked = command[13:12];
  wire [2:0] chosen = command[16:14];
  wire may_skip = command[17];
  wire [3:0] frame_delay = command[25:22];
  wire [RB-1:0] row_count = command[32+:RB];
  wire [4:0] last_lanes = command[52:48];
  wire [SB-1:0] slot_count = command[64+:SB];
  wire [15:0] message_base = command[95:80];
  wire [FA-1:0] field_base = command[128+:FA];
  wire [1:0] pages_less_1 = command[145:144];
  // Page, bank and shift of the sum; of neurons the banks that are sent.
  wire [8:0] extra = is_sweep ? {command[147:146], command[149:148], command[154:150]} : {3'd0, command[151:146]};
  wire [CA-1:0] entry = learns || !is_sweep ? command[160+:CA] : {CA{1'b0}};
  wire [4:0] pass_count = learns || !is_sweep ? command[180:176] : 5'd1;
  wire unused_command = &{1'b0, command, coming, frame_delay, message_base};

  // ---------------------------------------------------------------- the walk
  wire rows_ready, rows_item, rows_empty, rows_last, rows_end;
  wire [RB-1:0] rows_row;
  wire [15:0] rows_payload, rows_x0, rows_x1;
  wire [MA-1:0] rows_address;
  wire [16*LANES-1:0] payloads, x0s, x1s;
  reg begun = 1'b0, first_item = 1'b0;
  reg [4:0] pass = 5'd0;
  reg [PB-1:0] phase = {PB{1'b0}};
  wire gathering = is_sweep && working && pass == 5'd0;
  generate
    if (OVERLAP != 0) begin : queued
      rows #(
          .LANES(LANES),
          .MESSAGE_ADDRESS(MB),
          .ROW_BITS(RB),
          .SLOT_BITS(SB)
      ) row_walk (
          .clock(clock),
          .start(starts_sweep),
          .slot_count(coming[64+:SB]),
          .row_count(row_count),
          .base(message_base[MB-1:0]),
          .all(learns && !may_skip),
          .chosen(learns ? chosen : 3'b001),
          .address(rows_address[MB-1:0]),
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
    end else begin : direct
      rows_direct #(
          .LANES(LANES),
          .MESSAGE_ADDRESS(MB),
          .ROW_BITS(RB),
          .SLOT_BITS(SB)
      ) row_walk (
          .clock(clock),
          .start(starts_sweep),
          .slot_count(coming[64+:SB]),
          .row_count(row_count),
          .base(message_base[MB-1:0]),
          .all(learns && !may_skip),
          .chosen(learns ? chosen : 3'b001),
          .address(rows_address[MB-1:0]),
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
    end
  endgenerate
  wire [FRAME_BITS-1:0] learning_frame = learning_step[FRAME_BITS-1:0];
  wire [FRAME_BITS-1:0] frame = learning_frame + {{FRAME_BITS - 1{1'b0}}, 1'b1};
  wire [FRAME_BITS-1:0] payload_frame = frame - frame_delay[FRAME_BITS-1:0];
  assign rows_address[MA-1-:FRAME_BITS] = payload_frame;

  // Where the walk is.
  reg [SB-1:0] slot = {SB{1'b0}};
  reg [WA-1:0] slot_weights = {WA{1'b0}};
  reg [FA-1:0] slot_fields = {FA{1'b0}};
  wire [FA-1:0] pages = {{(FA - 2) {1'b0}}, pages_less_1} + {{(FA - 1) {1'b0}}, 1'b1};
  wire last_slot = slot + ONE_SLOT == slot_count;
  reg [LANES-1:0] here_now;
  integer h;
  always @* begin
    for (h = 0; h < LANES; h = h + 1) here_now[h] = !last_slot || h[4:0] < last_lanes;
  end

  // What a walk issues: for a sweep a row, for neurons a slot. Places of what goes along, lowest bits.
  localparam AT_HERE = 9;
  localparam AT_X = AT_HERE + LANES;
  localparam AT_PAYLOAD = AT_X + 32;
  localparam AT_SLOT = AT_PAYLOAD + 16;
  localparam AT_ROW = AT_SLOT + SB;
  localparam AT_FIELDS = AT_ROW + RB;
  localparam AT_WEIGHTS = AT_FIELDS + FA;
  localparam FIRST = AT_WEIGHTS + WA;
  localparam LAST_OF_SWEEP = FIRST + 1;
  localparam LAST_OF_SLOT = FIRST + 2;
  localparam NEURON = FIRST + 3;
  localparam REAL = FIRST + 4;
  localparam ITEM = FIRST + 5;
  localparam INFO = FIRST + 6;
  wire [31:0] row_32 = {{(32 - RB) {1'b0}}, rows_row};
  wire [31:0] slot_32 = {{(32 - SB) {1'b0}}, slot};
  wire [31:0] neuron_message = {{(32 - MA) {1'b0}}, frame, message_base[MB-1:0] + slot_32[MB-1:0]};
  wire [31:0] row_count_32 = {{(32 - RB) {1'b0}}, row_count};
  wire unused_walk = &{1'b0, row_32, slot_32, neuron_message, row_count_32};
  wire neuron_item = slot < slot_count;
  wire [INFO-1:0] fresh_info = {
    is_sweep ? {rows_item, !rows_empty} : {neuron_item, neuron_item},
    !is_sweep, is_sweep && rows_last, is_sweep && rows_end, is_sweep && first_item,
    is_sweep ? slot_weights + row_32[WA-1:0] : neuron_message[WA-1:0],
    slot_fields, rows_row, slot, rows_payload, rows_x1, rows_x0, here_now, extra
  };
  wire [INFO-1:0] again_info;
  wire [INFO-1:0] chosen_info = !is_sweep || pass == 5'd0 ? fresh_info : again_info;
  wire [INFO-1:0] info_w = {chosen_info[ITEM] && working, chosen_info[ITEM-1:0]};
  wire item_w = info_w[ITEM];
  wire last_pass = pass + 5'd1 == pass_count;
  assign finished = working && last_pass && (is_sweep ? item_w && info_w[LAST_OF_SWEEP] : last_slot);

  wire window_ends = is_sweep ? phase == LAST_PHASE[PB-1:0]
      : phase + ONE_PHASE >= SHORTEST_PASS[PB-1:0] && slot + ONE_SLOT >= slot_count;
  wire waits_for_rows = is_sweep && !begun && !rows_ready;
  always @(posedge clock) begin
    if (activates) begin
      is_sweep <= coming_op == OP_SWEEP;
      learns <= coming_op == OP_SWEEP && coming_pending;
      begun <= 1'b0;
      first_item <= 1'b1;
      pass <= 5'd0;
      phase <= {PB{1'b0}};
      slot <= {SB{1'b0}};
      slot_weights <= coming[96+:WA];
      slot_fields <= coming[128+:FA];
    end else if (working && !waits_for_rows) begin
      begun <= 1'b1;
      if (is_sweep) begin
        if (pass_count != 5'd1) begin
          phase <= window_ends ? {PB{1'b0}} : phase + ONE_PHASE;
          if (window_ends) pass <= last_pass ? 5'd0 : pass + 5'd1;
        end
        if (pass == 5'd0 && rows_item) begin
          first_item <= 1'b0;
          if (rows_last) begin
            slot <= slot + ONE_SLOT;
            slot_weights <= slot_weights + row_count_32[WA-1:0];
            slot_fields <= slot_fields + pages;
          end
        end
      end else if (window_ends) begin
        phase <= {PB{1'b0}};
        pass <= pass + 5'd1;
        slot <= {SB{1'b0}};
        slot_fields <= field_base;
      end else begin
        phase <= phase + ONE_PHASE;
        if (neuron_item) begin
          slot <= slot + ONE_SLOT;
          slot_fields <= slot_fields + pages;
        end
      end
    end
    working <= !reset && (activates || (working && !finished));
  end

  // ---------------------------------------------------------------- the pipeline
  // w: the walk decides; 0: addresses are out; then as lane.v counts. An item of age a lies in place a of the line; what needs more
  // passes comes round again.
  reg [INFO*(END+1)-1:0] line = {INFO * (END + 1) {1'b0}};
  always @(posedge clock) line <= reset ? {INFO * (END + 1) {1'b0}} : {line[INFO*END-1:0], info_w};
  assign again_info = line[INFO*(ROUND-1)+:INFO];
  wire [INFO-1:0] info_0 = line[INFO-1:0];
  wire [INFO-1:0] info_1 = line[INFO+:INFO];
  wire [INFO-1:0] info_end = line[INFO*END+:INFO];
  wire unused_line = &{1'b0, line};

  wire last_pass_0, last_pass_end, accumulates_end;
  delay #(
      .WIDTH (1),
      .STAGES(1)
  ) issue (
      .clock(clock),
      .in(last_pass),
      .out(last_pass_0)
  );
  delay #(
      .WIDTH (2),
      .STAGES(END + 1)
  ) passing (
      .clock(clock),
      .in({last_pass, is_sweep && last_pass && !flush}),
      .out({last_pass_end, accumulates_end})
  );
  wire [CA-1:0] code_w = entry + {{(CA - 5) {1'b0}}, pass};
  wire [10:0] pass_word;
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
  wire [FA-1:0] field_address_0 = info_0[AT_FIELDS+:FA] + {{(FA - 2) {1'b0}}, pass_word[1:0]};
  wire neuron_1 = OVERLAP != 0 ? info_1[NEURON] : !is_sweep;

  // END and after.
  wire item_end = info_end[ITEM];
  wire valid_end = item_end && info_end[REAL];
  wire neuron_end = OVERLAP != 0 ? info_end[NEURON] : !is_sweep;
  wire [8:0] extra_end = OVERLAP != 0 ? info_end[8:0] : extra;
  wire [1:0] page_end;
  wire [6:0] writes_end;
  delay #(
      .WIDTH (9),
      .STAGES(END)
  ) ending (
      .clock(clock),
      .in(pass_word[10:2]),
      .out({writes_end, page_end})
  );
  wire [FA-1:0] target_end = info_end[AT_FIELDS+:FA] + {{(FA - 2) {1'b0}}, neuron_end ? page_end : extra_end[8:7]};
  wire accumulate_1, last_1;
  wire [FA-1:0] target_3;
  wire [4:0] shift_2;
  wire [1:0] bank_3;
  wire [LANES-1:0] here_3;
  wire stores_3;
  delay #(
      .WIDTH (2),
      .STAGES(1)
  ) after_1 (
      .clock(clock),
      .in({item_end && accumulates_end, info_end[LAST_OF_SLOT]}),
      .out({accumulate_1, last_1})
  );
  delay #(
      .WIDTH (5),
      .STAGES(OVERLAP != 0 ? 2 : 0)
  ) after_2 (
      .clock(clock),
      .in(extra_end[4:0]),
      .out(shift_2)
  );
  delay #(
      .WIDTH (1),
      .STAGES(2)
  ) storing (
      .clock(clock),
      .in(accumulate_1 && last_1),
      .out(stores_3)
  );
  delay #(
      .WIDTH (FA + LANES),
      .STAGES(3)
  ) after_3 (
      .clock(clock),
      .in({target_end, info_end[AT_HERE+:LANES]}),
      .out({target_3, here_3})
  );
  delay #(
      .WIDTH (2),
      .STAGES(OVERLAP != 0 ? 3 : 0)
  ) banking (
      .clock(clock),
      .in(extra_end[6:5]),
      .out(bank_3)
  );
  wire [LANES-1:0] store_3 = stores_3 ? here_3 : {LANES{1'b0}};

  // Draws: asked for a cycle before the issue.
  wire asks = item_w && info_w[REAL] && is_sweep && learns && {1'b0, draws_asked} > pass[2:0] && pass < 5'd2
      && (DRAWS > 1 || pass == 5'd0);
  wire second = DRAWS > 1 && pass[0];
  wire [RB-1:0] row_w = DRAWS > 1 ? info_w[AT_ROW+:RB] : rows_row;
  wire take0, take1;
  wire [8*LANES-1:0] drawn0, drawn1;
  draws #(
      .LANES(LANES),
      .DRAWS(DRAWS),
      .RING(DRAW_RING),
      .STAGES(ROUND),
      .ROUNDS(ROUNDS),
      .SLOT_BITS(SB)
  ) drawing (
      .clock(clock),
      .ask(asks),
      .operation(second),
      .base_a(second ? base1[63:32] : base0[63:32]),
      .base_b(second ? base1[31:0] : base0[31:0]),
      .row({{(16 - RB) {1'b0}}, row_w}),
      .slot(DRAWS > 1 ? info_w[AT_SLOT+:SB] : slot),
      .take0(take0),
      .take1(take1),
      .draw0(drawn0),
      .draw1(drawn1)
  );

  // Scales.
  wire [1:0] scale_kind;
  wire [SA-1:0] scale_target;
  wire [3:0] scale_unit;
  wire [20*SCALES-1:0] scale_words;
  wire [LANES*WEIGHT_BITS-1:0] largest;
  wire finish_scale, scale_done;
  wire [19:0] scale_made;
  generate
    if (OVERLAP != 0) begin : scale_of_the_last
      reg [6+SA-1:0] kept = {6 + SA{1'b0}};
      always @(posedge clock)
        if (finished && is_sweep) kept <= {learns ? kind : 2'd0, unit_exponent, scale_index[SA-1:0]};
      assign {scale_kind, scale_unit, scale_target} = kept;
    end else begin : scale_of_the_command
      assign {scale_kind, scale_unit, scale_target} = {learns ? kind : 2'd0, unit_exponent, scale_index[SA-1:0]};
    end
  endgenerate
  wire unused_scale = &{1'b0, scale_index};
  delay #(
      .WIDTH (1),
      .STAGES(END + 1)
  ) finishing (
      .clock(clock),
      .in(info_0[ITEM] && info_0[LAST_OF_SWEEP] && last_pass_0),
      .out(finish_scale)
  );
  scales #(
      .LANES(LANES),
      .WEIGHT_BITS(WEIGHT_BITS),
      .DIVIDE(DIVIDE),
      .SCALES(SCALES),
      .SCALE_ADDRESS(SA)
  ) all_scales (
      .clock(clock),
      .write(writes && region == 4'd10),
      .index(index[SA-1:0]),
      .data(host_data[19:0]),
      .finish(finish_scale && scale_kind != 2'd0),
      .power_of_two(scale_kind == 2'd2),
      .target(scale_target),
      .unit_exponent(scale_unit),
      .largest(largest),
      .busy(scale_busy),
      .done(scale_done),
      .made(scale_made),
      .words(scale_words)
  );

  // Instructions, and what goes along to the units.
  wire [UNITS*32-1:0] controls, signals;
  wire [UNITS*16-1:0] specials;
  wire [UNITS-1:0] neurons, real_items, valid_after;
  wire [UNITS*64-1:0] codes_read;
  wire [15:0] modulator_learned;
  genvar u;
  generate
    for (u = 0; u < UNITS; u = u + 1) begin : along
      localparam AGE = FETCH + DEPTH * u;
      wire [INFO-1:0] info_u = line[INFO*AGE+:INFO];
      wire unused_info = &{1'b0, info_u};
      assign real_items[u] = info_u[ITEM] && info_u[REAL];
      assign neurons[u] = OVERLAP != 0 ? info_u[NEURON] : !is_sweep;
      assign signals[32*u+:32] = info_u[AT_X+:32];
    end
  endgenerate
  code #(
      .UNITS(UNITS),
      .UNIT_BITS(UB),
      .DEPTH(DEPTH),
      .FETCH(FETCH),
      .CODE_WORDS(CODE_WORDS),
      .CODE_ADDRESS(CA),
      .SCALES(SCALES),
      .SCALE_ADDRESS(SA)
  ) instructions (
      .clock(clock),
      .host(idle),
      .write(writes && region == 4'd7),
      .index(index),
      .data(host_data),
      .read(codes_read),
      .address(code_w),
      .scales(scale_words),
      .modulator(modulator_learned),
      .real_items(real_items),
      .controls(controls),
      .specials(specials),
      .take0(take0),
      .take1(take1),
      .valid_after(valid_after)
  );

  // ---------------------------------------------------------------- lanes
  wire [LANES-1:0] here_end;
  wire [64*LANES-1:0] fields_end, fields_read, coefficients_read;
  wire [WEIGHT_BITS*LANES-1:0] weights_end, weights_read;
  wire [16*LANES-1:0] variables_end, variables_read, sums_3, sent_payloads;
  wire [32*LANES-1:0] sent_xs;
  wire [(UNITS+1)*LANES-1:0] cuts;
  wire [MA-1:0] message_to;
  wire parity_error;
  lanes #(
      .LANES(LANES),
      .LANE_BITS(LB),
      .UNITS(UNITS),
      .DEPTH(DEPTH),
      .FETCH(FETCH),
      .FETCH_REGISTER(FETCH_REGISTER),
      .WEIGHT_BITS(WEIGHT_BITS),
      .COEFFICIENTS(COEFFICIENTS),
      .COEFFICIENT_BITS(COEFFICIENT_BITS),
      .PALETTE_BITS(PALETTE_BITS),
      .PRESENCE(PRESENCE),
      .VARIABLE_BITS(VARIABLE_BITS),
      .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
      .X_BANKS(X_BANKS),
      .PARITY(PARITY),
      .SINGLE_PORT(SINGLE_PORT),
      .WAIT_MEMORY(WAIT_MEMORY),
      .PRODUCT_SHIFTS(PRODUCT_SHIFTS),
      .WEIGHT_WORDS(WEIGHT_WORDS),
      .WEIGHT_ADDRESS(WA),
      .FIELD_WORDS(FIELD_WORDS),
      .FIELD_ADDRESS(FA),
      .MESSAGE_ADDRESS(MA)
  ) all_lanes (
      .clock(clock),
      .host(idle),
      .writes(writes),
      .region(region),
      .index(index),
      .data(host_data),
      .weight_address(info_0[AT_WEIGHTS+:WA]),
      .field_address(field_address_0),
      .here(info_1[AT_HERE+:LANES]),
      .real_1(info_1[ITEM] && info_1[REAL]),
      .neuron_1(neuron_1),
      .controls(controls),
      .specials(specials),
      .signals(signals),
      .neurons(neurons),
      .draw0(drawn0),
      .draw1(drawn1),
      .valid_end(valid_end),
      .writes_end(writes_end),
      .weight_address_end(info_end[AT_WEIGHTS+:WA]),
      .target_end(target_end),
      .payload_end(info_end[AT_PAYLOAD+:16]),
      .start_end(item_end && info_end[FIRST] && last_pass_end),
      .banks_sent(extra_end[5:0]),
      .accumulate_1(accumulate_1),
      .last_1(last_1),
      .shift_2(shift_2),
      .store_3(store_3),
      .target_3(target_3),
      .bank_3(bank_3),
      .payload_from(rows_address),
      .x_from({learning_frame, rows_address[MB-1:0]}),
      .payloads(payloads),
      .x0s(x0s),
      .x1s(x1s),
      .weights_read(weights_read),
      .variables_read(variables_read),
      .fields_read(fields_read),
      .coefficients_read(coefficients_read),
      .here_end(here_end),
      .weights_end(weights_end),
      .variables_end(variables_end),
      .fields_end(fields_end),
      .sums_3(sums_3),
      .message_to(message_to),
      .sent_payloads(sent_payloads),
      .sent_xs(sent_xs),
      .largest(largest),
      .cuts(cuts),
      .parity_error(parity_error)
  );

  // ---------------------------------------------------------------- counters and the end
  localparam CUTS = (UNITS + 1) * LANES;
  wire [CUTS-1:0] cuts_here;
  genvar c;
  generate
    for (c = 0; c < LANES; c = c + 1) begin : counted
      assign cuts_here[(UNITS+1)*c+:UNITS+1] = cuts[(UNITS+1)*c+:UNITS+1] & {store_3[c], valid_after};
    end
  endgenerate
  wire [15:0] register_half;
  registers #(
      .CUTS(CUTS)
  ) all_registers (
      .clock(clock),
      .write(writes_register),
      .index(index[3:0]),
      .data(host_data),
      .upper(reading_upper),
      .value(register_half),
      .busy(busy),
      .issues(item_w),
      .steps(ends && !flush),
      .parity_error(parity_error),
      .cuts(cuts_here),
      .pending(pending),
      .learning_step(learning_step),
      .seed(seed),
      .modulator_learned(modulator_learned)
  );

  wire [7:0] flight = is_sweep ? AFTER_SWEEP[7:0] : AFTER_NEURONS[7:0];
  wire [7:0] less = flying == 8'd0 ? 8'd0 : flying - 8'd1;
  assign ends = draining && landed;
  always @(posedge clock) begin
    flying <= reset ? 8'd0 : item_w ? (flight > less ? flight : less) : less;
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
    end
    if (writes_register && index[3:0] == 4'd9) pending <= host_data[15:0];
    if (reset) begin
      running <= 1'b0;
      draining <= 1'b0;
    end
  end

  // ---------------------------------------------------------------- what the host reads
  wire [15:0] half_read;
  readback #(
      .LANES(LANES),
      .UNITS(UNITS),
      .WEIGHT_BITS(WEIGHT_BITS)
  ) reads_back (
      .region(region),
      .index(index),
      .upper(reading_upper),
      .register_half(register_half),
      .weights(weights_read),
      .variables(variables_read),
      .fields(fields_read),
      .coefficients(coefficients_read),
      .payloads(payloads),
      .x0s(x0s),
      .x1s(x1s),
      .codes(codes_read),
      .pass_word(pass_word),
      .control_word(control_word),
      .scale_word(scale_words[20*index[SA-1:0]+:20]),
      .value(half_read)
  );
  assign host_read_valid = answered;
  assign host_read_data = answer;
  always @(posedge clock) begin
    reading <= reads && !reset;
    reading_upper <= reading && !reset;
    answered <= reading_upper && !reset;
    if (reading) answer[15:0] <= half_read;
    if (reading_upper) answer[31:16] <= half_read;
  end

  // ---------------------------------------------------------------- every architectural write, for a simulator to see
  generate
    if (TRACE != 0) begin : traced
      trace #(
          .LANES(LANES),
          .WEIGHT_BITS(WEIGHT_BITS),
          .X_BANKS(X_BANKS),
          .WEIGHT_ADDRESS(WA),
          .FIELD_ADDRESS(FA),
          .MESSAGE_ADDRESS(MA),
          .SCALE_ADDRESS(SA)
      ) writing (
          .valid_end(valid_end),
          .writes_end(writes_end),
          .here_end(here_end),
          .weight_address_end(info_end[AT_WEIGHTS+:WA]),
          .weights_end(weights_end),
          .variables_end(variables_end),
          .target_end(target_end),
          .fields_end(fields_end),
          .store_3(store_3),
          .target_3(target_3),
          .bank_3(bank_3),
          .sums_3(sums_3),
          .message_to(message_to),
          .sent_payloads(sent_payloads),
          .sent_xs(sent_xs),
          .scale_done(scale_done),
          .scale_target(scale_target),
          .scale_made(scale_made),
          .records(trace)
      );
    end else begin : untraced
      wire unused = &{1'b0, here_end, weights_end, variables_end, fields_end, sums_3, message_to, sent_payloads, sent_xs,
                      scale_done, scale_made};
      assign trace = 64'd0;
    end
  endgenerate
endmodule
