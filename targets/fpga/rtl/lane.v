`default_nettype none
// One lane: the synapses that end on its neurons, the fields of these neurons, a chain of units, and one accumulator.
//
// Cycles of an item, counted from its issue: 0 addresses; 1 words of memories; FETCH operands of unit 0 (1, one more where these
// words are kept in a register, one more with a palette);
// FETCH + DEPTH · u operands of unit u; END = FETCH + DEPTH · UNITS results are stored; END + 1 product with the payload is added;
// END + 2 the accumulator is rounded; END + 3 it is stored.
module lane #(
    parameter UNITS = 1,
    parameter DEPTH = 4,
    parameter FETCH = 2,
    parameter FETCH_REGISTER = 1,
    parameter WEIGHT_BITS = 8,
    parameter COEFFICIENTS = 4,
    parameter COEFFICIENT_BITS = 8,
    parameter K_WIDTH = 32,
    parameter PALETTE_BITS = 0,
    parameter PRESENCE = 0,
    parameter VARIABLE_BITS = 0,
    parameter ACCUMULATOR_BITS = 24,
    parameter PARITY = 0,
    parameter SINGLE_PORT = 0,
    parameter WAIT_MEMORY = 0,
    parameter PRODUCT_SHIFTS = 0,
    parameter WEIGHT_WORDS = 256,
    parameter WEIGHT_ADDRESS = 8,
    parameter FIELD_WORDS = 256,
    parameter FIELD_ADDRESS = 8
) (
    input wire clock,
    // Cycle 0.
    input wire [WEIGHT_ADDRESS-1:0] weight_address,
    input wire [FIELD_ADDRESS-1:0] field_address,
    // Cycle 1: whether this lane has a synapse (or neuron) here; without PRESENCE every lane below `lanes_here` has.
    input wire here,
    input wire reads_weight,
    input wire synapse_1,
    // FETCH + DEPTH · u, unit u's part side by side.
    input wire [UNITS*32-1:0] controls,
    input wire [UNITS*16-1:0] specials,
    input wire [UNITS*32-1:0] signals,
    input wire [UNITS-1:0] neurons,
    // END: where things go.
    input wire valid_end,
    input wire write_weight,
    input wire write_variable,
    input wire [3:0] write_fields,
    input wire [WEIGHT_ADDRESS-1:0] weight_address_end,
    input wire [FIELD_ADDRESS-1:0] field_address_end,
    input wire [15:0] payload_end,
    input wire start_end,
    // END + 1.
    input wire accumulate,
    input wire last,
    // END + 2.
    input wire [4:0] shift,
    // END + 3.
    input wire store_sum,
    input wire [FIELD_ADDRESS-1:0] sum_address,
    input wire [1:0] sum_bank,
    // Draws, at the stage that rounds.
    input wire [7:0] draw0,
    input wire [7:0] draw1,
    // The host, while nothing is at work.
    input wire host,
    input wire host_write_weight,
    input wire host_write_coefficients,
    input wire host_write_palette,
    input wire host_write_variable,
    input wire [3:0] host_write_field,
    input wire [WEIGHT_ADDRESS-1:0] host_weight_address,
    input wire [FIELD_ADDRESS-1:0] host_field_address,
    input wire [31:0] host_data,
    input wire host_high,
    output wire [WEIGHT_BITS-1:0] weight_read,
    output wire [15:0] variable_read,
    output wire [63:0] field_read,
    output wire [63:0] coefficients_read,
    // END: fields as the pass leaves them, for sending.
    output wire [63:0] fields_end,
    output wire [WEIGHT_BITS-1:0] weight_end,
    output wire [15:0] variable_end,
    output wire here_end,
    output wire [15:0] sum_end,
    output reg [WEIGHT_BITS-1:0] largest,
    output wire [UNITS:0] saturated,
    output wire parity_error
);
  localparam WORD = (PALETTE_BITS > 0 ? PALETTE_BITS : K_WIDTH) + PRESENCE;

  wire unused_host = &{1'b0, host_data};

  // Weights, with their parity.
  wire [WEIGHT_ADDRESS-1:0] weight_from = host ? host_weight_address : weight_address;
  wire weight_write = host ? host_write_weight : write_weight && here_end;
  wire [WEIGHT_ADDRESS-1:0] weight_to = host ? host_weight_address : weight_address_end;
  wire [WEIGHT_BITS-1:0] weight_in = host ? host_data[WEIGHT_BITS-1:0] : weight_end;
  memory #(
      .WIDTH(WEIGHT_BITS),
      .WORDS(WEIGHT_WORDS),
      .ADDRESS(WEIGHT_ADDRESS)
  ) weights (
      .clock(clock),
      .write(weight_write),
      .write_address(weight_to),
      .write_data(weight_in),
      .read_address(weight_from),
      .read_data(weight_read)
  );
  generate
    if (PARITY != 0) begin : guarded
      wire bit_read;
      memory #(
          .WIDTH(1),
          .WORDS(WEIGHT_WORDS),
          .ADDRESS(WEIGHT_ADDRESS)
      ) parities (
          .clock(clock),
          .write(weight_write),
          .write_address(weight_to),
          .write_data(^weight_in),
          .read_address(weight_from),
          .read_data(bit_read)
      );
      assign parity_error = reads_weight && (^weight_read) != bit_read;
    end else begin : unguarded
      wire unused = reads_weight;
      assign parity_error = 1'b0;
    end
  endgenerate

  // The variable of each synapse.
  wire [15:0] variable_1;
  generate
    if (VARIABLE_BITS > 0) begin : variable
      memory #(
          .WIDTH(16),
          .WORDS(WEIGHT_WORDS),
          .ADDRESS(WEIGHT_ADDRESS)
      ) variables (
          .clock(clock),
          .write(host ? host_write_variable : write_variable && here_end),
          .write_address(weight_to),
          .write_data(host ? host_data[15:0] : variable_end),
          .read_address(weight_from),
          .read_data(variable_1)
      );
    end else begin : no_variable
      wire unused = &{1'b0, host_write_variable, write_variable};
      assign variable_1 = 16'd0;
    end
  endgenerate
  assign variable_read = variable_1;

  // Coefficients of each synapse, or which of the palette it has; the highest bit may say whether it is there.
  wire [WORD-1:0] word_1;
  wire [WORD-1:0] word_in;
  generate
    if (WORD > 32) begin : wide_word
      // Two halves: the host writes the lower one first, and both lie in memory when the upper one comes.
      reg [31:0] lower = 32'd0;
      always @(posedge clock) if (host && host_write_coefficients && !host_high) lower <= host_data;
      assign word_in = {host_data[WORD-33:0], lower};
    end else begin : narrow_word
      assign word_in = host_data[WORD-1:0];
    end
    if (SINGLE_PORT != 0) begin : single
      single_port_memory #(
          .WIDTH(WORD),
          .WORDS(WEIGHT_WORDS),
          .ADDRESS(WEIGHT_ADDRESS)
      ) coefficients (
          .clock(clock),
          .write(host && host_write_coefficients && host_high == (WORD > 32)),
          .address(weight_from),
          .write_data(word_in),
          .read_data(word_1)
      );
    end else begin : dual
      memory #(
          .WIDTH(WORD),
          .WORDS(WEIGHT_WORDS),
          .ADDRESS(WEIGHT_ADDRESS)
      ) coefficients (
          .clock(clock),
          .write(host && host_write_coefficients && host_high == (WORD > 32)),
          .write_address(host_weight_address),
          .write_data(word_in),
          .read_address(weight_from),
          .read_data(word_1)
      );
    end
  endgenerate
  assign coefficients_read = {{(64 - WORD) {1'b0}}, word_1};
  wire here_1;
  generate
    if (PRESENCE != 0) begin : sparse
      assign here_1 = here && (!synapse_1 || word_1[WORD-1]);
    end else begin : dense
      wire unused = synapse_1;
      assign here_1 = here;
    end
  endgenerate

  // Fields of neurons, in four banks.
  wire [FIELD_ADDRESS-1:0] field_from = host ? host_field_address : field_address;
  wire [FIELD_ADDRESS-1:0] field_to = host ? host_field_address : store_sum ? sum_address : field_address_end;
  genvar b;
  generate
    for (b = 0; b < 4; b = b + 1) begin : bank
      wire stores_sum = store_sum && sum_bank == b;
      wire stores_field = valid_end && write_fields[b] && here_end;
      memory #(
          .WIDTH(16),
          .WORDS(FIELD_WORDS),
          .ADDRESS(FIELD_ADDRESS)
      ) fields (
          .clock(clock),
          .write(host ? host_write_field[b] : stores_sum || stores_field),
          .write_address(field_to),
          .write_data(host ? host_data[15:0] : stores_sum ? sum_end : fields_end[16*b+:16]),
          .read_address(field_from),
          .read_data(field_read[16*b+:16])
      );
    end
  endgenerate

  // Operands of unit 0.
  wire [WEIGHT_BITS-1:0] w_first;
  wire [15:0] v_first;
  wire [K_WIDTH-1:0] k_first;
  wire [63:0] f_first;
  wire here_first;
  delay #(
      .WIDTH (WEIGHT_BITS + 16 + 64 + 1),
      .STAGES(FETCH - 1)
  ) fetched (
      .clock(clock),
      .in({weight_read, variable_1, field_read, here_1}),
      .out({w_first, v_first, f_first, here_first})
  );
  generate
    if (PALETTE_BITS > 0) begin : shared
      wire [K_WIDTH-1:0] k_2;
      wire [K_WIDTH-1:0] palette_in;
      if (K_WIDTH > 32) begin : wide_palette
        reg [31:0] lower = 32'd0;
        always @(posedge clock) if (host && host_write_palette && !host_high) lower <= host_data;
        assign palette_in = {host_data[K_WIDTH-33:0], lower};
      end else begin : narrow_palette
        assign palette_in = host_data[K_WIDTH-1:0];
      end
      memory #(
          .WIDTH(K_WIDTH),
          .WORDS(1 << PALETTE_BITS),
          .ADDRESS(PALETTE_BITS)
      ) palette (
          .clock(clock),
          .write(host && host_write_palette && host_high == (K_WIDTH > 32)),
          .write_address(host_weight_address[PALETTE_BITS-1:0]),
          .write_data(palette_in),
          .read_address(word_1[PALETTE_BITS-1:0]),
          .read_data(k_2)
      );
      delay #(
          .WIDTH (K_WIDTH),
          .STAGES(FETCH_REGISTER)
      ) chosen (
          .clock(clock),
          .in(k_2),
          .out(k_first)
      );
    end else begin : own
      wire unused = host_write_palette;
      delay #(
          .WIDTH (K_WIDTH),
          .STAGES(FETCH_REGISTER)
      ) chosen (
          .clock(clock),
          .in(word_1[K_WIDTH-1:0]),
          .out(k_first)
      );
    end
  endgenerate

  // The chain: `next` of a unit is what the one after it reads, and of the last one what is left. Temporaries go round.
  localparam CONTEXT = WEIGHT_BITS + 16 + K_WIDTH + 64 + 32 + 1;
  wire [15:0] t0_end, t1_end;
  wire [K_WIDTH-1:0] k_end;
  wire unused_end = &{1'b0, k_end};
  genvar u;
  generate
    for (u = 0; u < UNITS; u = u + 1) begin : chain
      wire [WEIGHT_BITS-1:0] w, w_later;
      wire [15:0] v, t0, t1, v_later, t0_later, t1_later, result;
      wire [K_WIDTH-1:0] k, k_later;
      wire [63:0] f, f_later;
      wire present, present_later, neuron_later, cut;
      wire [2:0] d;
      wire [31:0] control = controls[32*u+:32];
      wire [CONTEXT-1:0] entering, next;
      if (u == 0) begin : first
        assign entering = {w_first, v_first, k_first, f_first, t0_end, t1_end, here_first};
      end else begin : later
        assign entering = chain[u-1].next;
      end
      assign {w, v, k, f, t0, t1, present} = entering;
      wire unused_here = present;
      unit #(
          .DEPTH(DEPTH),
          .WEIGHT_BITS(WEIGHT_BITS),
          .COEFFICIENTS(COEFFICIENTS),
          .COEFFICIENT_BITS(COEFFICIENT_BITS),
          .K_WIDTH(K_WIDTH),
          .PRODUCT_SHIFTS(PRODUCT_SHIFTS)
      ) unit (
          .clock(clock),
          .op(control[2:0]),
          .a_select(control[6:3]),
          .b_select(control[9:7]),
          .c_select(control[13:10]),
          .e_select(control[17:14]),
          .d_select(control[20:18]),
          .p(control[24:21]),
          .s(control[29:25]),
          .nearest(control[31:30] == 2'd1),
          .stochastic(control[31]),
          .second(control[30]),
          .special(specials[16*u+:16]),
          .neuron(neurons[u]),
          .x0(signals[32*u+:16]),
          .x1(signals[32*u+16+:16]),
          .w(w),
          .v(v),
          .k(k),
          .f(f),
          .t0(t0),
          .t1(t1),
          .draw0(draw0),
          .draw1(draw1),
          .result(result),
          .d_result(d),
          .saturated(cut)
      );
      delay #(
          .WIDTH (CONTEXT - 96 + 1),
          .STAGES(DEPTH)
      ) along (
          .clock(clock),
          .in({neurons[u], w, v, k, present}),
          .out({neuron_later, w_later, v_later, k_later, present_later})
      );
      // Fields and temporaries, the first WAIT_MEMORY of them in block RAM.
      wire [95:0] waiting = {t1, t0, f};
      wire [95:0] waited;
      assign {t1_later, t0_later, f_later} = waited;
      for (b = 0; b < 6; b = b + 1) begin : word
        if (b < WAIT_MEMORY) begin : in_memory
          delay_memory #(
              .WIDTH (16),
              .STAGES(DEPTH)
          ) waits (
              .clock(clock),
              .in(waiting[16*b+:16]),
              .out(waited[16*b+:16])
          );
        end else begin : in_registers
          delay #(
              .WIDTH (16),
              .STAGES(DEPTH)
          ) waits (
              .clock(clock),
              .in(waiting[16*b+:16]),
              .out(waited[16*b+:16])
          );
        end
      end
      wire to_v = d == 3'd4 && !neuron_later;
      wire [63:0] f_next;
      for (b = 0; b < 4; b = b + 1) begin : field
        assign f_next[16*b+:16] = neuron_later && d == 3'd4 + b ? result : f_later[16*b+:16];
      end
      assign next = {
        d == 3'd3 ? result[WEIGHT_BITS-1:0] : w_later,
        to_v ? result : v_later,
        k_later,
        f_next,
        d == 3'd1 ? result : t0_later,
        d == 3'd2 || to_v ? result : t1_later,
        present_later
      };
      assign saturated[u] = cut && present_later;
    end
  endgenerate

  assign {weight_end, variable_end, k_end, fields_end, t0_end, t1_end, here_end} = chain[UNITS-1].next;

  // The largest |w| that a sweep leaves.
  wire [WEIGHT_BITS-1:0] magnitude = weight_end[WEIGHT_BITS-1] ? -weight_end : weight_end;
  wire stored = valid_end && write_weight && here_end;
  initial largest = {WEIGHT_BITS{1'b0}};
  always @(posedge clock) begin
    if (start_end) largest <= stored ? magnitude : {WEIGHT_BITS{1'b0}};
    else if (stored && magnitude > largest) largest <= magnitude;
  end

  // The accumulator.
  wire signed [WEIGHT_BITS+15:0] product = $signed(weight_end) * $signed(payload_end);
  reg signed [WEIGHT_BITS+15:0] addend = 0;
  reg signed [ACCUMULATOR_BITS-1:0] accumulator = 0;
  reg fresh = 1'b1;
  wire [ACCUMULATOR_BITS-1:0] added;
  generate
    if (ACCUMULATOR_BITS > WEIGHT_BITS + 16) begin : room
      assign added = {{(ACCUMULATOR_BITS - WEIGHT_BITS - 16) {addend[WEIGHT_BITS+15]}}, addend};
    end else begin : no_room
      wire unused = &{1'b0, addend};
      assign added = addend[ACCUMULATOR_BITS-1:0];
    end
  endgenerate
  always @(posedge clock) if (accumulate) accumulator <= fresh ? added : accumulator + added;
  always @(posedge clock) begin
    addend <= here_end ? product : {(WEIGHT_BITS + 16) {1'b0}};
    if (accumulate) fresh <= last;
  end

  // Rounded to nearest, saturated to 16 bits: what a field holds of it.
  wire signed [39:0] shifted;
  right_shift #(
      .PRODUCTS(PRODUCT_SHIFTS)
  ) shifting (
      .z({{(32 - ACCUMULATOR_BITS) {accumulator[ACCUMULATOR_BITS-1]}}, accumulator}),
      .s(shift),
      .power(16'h8000 >> shift[3:0]),
      .shifted(shifted)
  );
  wire unused_shifted = &{1'b0, shifted};
  wire signed [ACCUMULATOR_BITS:0] rounded =
      $signed({shifted[ACCUMULATOR_BITS+7], shifted[ACCUMULATOR_BITS+7:8]}) + {{ACCUMULATOR_BITS{1'b0}}, shifted[7]};
  wire over = rounded[ACCUMULATOR_BITS:15] != {(ACCUMULATOR_BITS - 14) {rounded[ACCUMULATOR_BITS]}};
  delay #(
      .WIDTH (17),
      .STAGES(1)
  ) sums (
      .clock(clock),
      .in({over, over ? {rounded[ACCUMULATOR_BITS], {15{~rounded[ACCUMULATOR_BITS]}}} : rounded[15:0]}),
      .out({saturated[UNITS], sum_end})
  );
endmodule
