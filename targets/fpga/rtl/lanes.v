`default_nettype none
// All lanes, and the memories of messages, a word of each lane side by side. Cycles are counted as in lane.v.
module lanes #(
    parameter LANES = 2,
    parameter LANE_BITS = 1,
    parameter UNITS = 1,
    parameter DEPTH = 4,
    parameter FETCH = 2,
    parameter FETCH_REGISTER = 1,
    parameter WEIGHT_BITS = 8,
    parameter COEFFICIENTS = 4,
    parameter COEFFICIENT_BITS = 8,
    parameter PALETTE_BITS = 0,
    parameter PRESENCE = 0,
    parameter VARIABLE_BITS = 0,
    parameter ACCUMULATOR_BITS = 24,
    parameter X_BANKS = 2,
    parameter PARITY = 0,
    parameter SINGLE_PORT = 0,
    parameter WAIT_MEMORY = 0,
    parameter PRODUCT_SHIFTS = 0,
    parameter WEIGHT_WORDS = 256,
    parameter WEIGHT_ADDRESS = 8,
    parameter FIELD_WORDS = 256,
    parameter FIELD_ADDRESS = 8,
    parameter MESSAGE_ADDRESS = 8
) (
    input wire clock,
    // The host, while nothing is at work.
    input wire host,
    input wire writes,
    input wire [3:0] region,
    input wire [19:0] index,
    input wire [31:0] data,
    // Cycle 0, and 1.
    input wire [WEIGHT_ADDRESS-1:0] weight_address,
    input wire [FIELD_ADDRESS-1:0] field_address,
    input wire [LANES-1:0] here,
    input wire real_1,
    input wire neuron_1,
    // FETCH + DEPTH · u.
    input wire [UNITS*32-1:0] controls,
    input wire [UNITS*16-1:0] specials,
    input wire [UNITS*32-1:0] signals,
    input wire [UNITS-1:0] neurons,
    // Draws, at the stage that rounds.
    input wire [8*LANES-1:0] draw0,
    input wire [8*LANES-1:0] draw1,
    // END: where things go, and the banks that are sent.
    input wire valid_end,
    input wire [6:0] writes_end,
    input wire [WEIGHT_ADDRESS-1:0] weight_address_end,
    input wire [FIELD_ADDRESS-1:0] target_end,
    input wire [15:0] payload_end,
    input wire start_end,
    input wire [5:0] banks_sent,
    // END + 1, + 2, + 3.
    input wire accumulate_1,
    input wire last_1,
    input wire [4:0] shift_2,
    input wire [LANES-1:0] store_3,
    input wire [FIELD_ADDRESS-1:0] target_3,
    input wire [1:0] bank_3,
    // Words of messages that the walk reads.
    input wire [MESSAGE_ADDRESS-1:0] payload_from,
    input wire [MESSAGE_ADDRESS-1:0] x_from,
    output wire [16*LANES-1:0] payloads,
    output wire [16*LANES-1:0] x0s,
    output wire [16*LANES-1:0] x1s,
    // What the host reads, a cycle after its address.
    output wire [WEIGHT_BITS*LANES-1:0] weights_read,
    output wire [16*LANES-1:0] variables_read,
    output wire [64*LANES-1:0] fields_read,
    output wire [64*LANES-1:0] coefficients_read,
    // END: what is stored and sent; END + 3 the sums.
    output wire [LANES-1:0] here_end,
    output wire [WEIGHT_BITS*LANES-1:0] weights_end,
    output wire [16*LANES-1:0] variables_end,
    output wire [64*LANES-1:0] fields_end,
    output wire [16*LANES-1:0] sums_3,
    output wire [MESSAGE_ADDRESS-1:0] message_to,
    output wire [16*LANES-1:0] sent_payloads,
    output wire [32*LANES-1:0] sent_xs,
    output wire [WEIGHT_BITS*LANES-1:0] largest,
    // What was cut, each unit of each lane, then its sum.
    output wire [(UNITS+1)*LANES-1:0] cuts,
    output wire parity_error
);
  localparam K_WIDTH = COEFFICIENTS > 0 ? COEFFICIENTS * COEFFICIENT_BITS : 1;
  localparam MA = MESSAGE_ADDRESS;
  localparam [31:0] LANE_MASK_32 = LANES - 1;
  wire [19:0] lane_mask = LANE_MASK_32[19:0];
  wire [19:0] lane_word = index >> LANE_BITS;
  wire [19:0] half_word = index >> (1 + LANE_BITS);
  wire [19:0] field_word = index >> (2 + LANE_BITS);
  wire [19:0] synapse_word = region == 4'd2 || region == 4'd3 ? half_word : lane_word;
  wire unused_words = &{1'b0, field_word, synapse_word, half_word, lane_word};
  wire [3:0] one_bank = 4'd1 << index[1:0];
  wire sends = valid_end && writes_end[4];
  assign message_to = host ? lane_word[MA-1:0] : weight_address_end[MA-1:0];
  wire [MA-1:0] x_address = host ? half_word[MA-1:0] : x_from;
  wire [MA-1:0] x_to = host ? half_word[MA-1:0] : weight_address_end[MA-1:0];
  wire [LANES-1:0] parity_errors;
  assign parity_error = |parity_errors;
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : each
      wire mine = (index & lane_mask) == l;
      wire mine_half = ((index >> 1) & lane_mask) == l;
      wire mine_field = ((index >> 2) & lane_mask) == l;
      lane #(
          .UNITS(UNITS),
          .DEPTH(DEPTH),
          .FETCH(FETCH),
          .FETCH_REGISTER(FETCH_REGISTER),
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
          .WAIT_MEMORY(WAIT_MEMORY),
          .PRODUCT_SHIFTS(PRODUCT_SHIFTS),
          .WEIGHT_WORDS(WEIGHT_WORDS),
          .WEIGHT_ADDRESS(WEIGHT_ADDRESS),
          .FIELD_WORDS(FIELD_WORDS),
          .FIELD_ADDRESS(FIELD_ADDRESS)
      ) lane (
          .clock(clock),
          .weight_address(weight_address),
          .field_address(field_address),
          .here(here[l]),
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
          .start_end(start_end),
          .accumulate(accumulate_1),
          .last(last_1),
          .shift(shift_2),
          .store_sum(store_3[l]),
          .sum_address(target_3),
          .sum_bank(bank_3),
          .draw0(draw0[8*l+:8]),
          .draw1(draw1[8*l+:8]),
          .host(host),
          .host_write_weight(writes && region == 4'd1 && mine),
          .host_write_coefficients(writes && region == 4'd2 && mine_half),
          .host_write_palette(writes && region == 4'd3 && mine_half),
          .host_write_variable(writes && region == 4'd11 && mine),
          .host_write_field(writes && region == 4'd4 && mine_field ? one_bank : 4'd0),
          .host_weight_address(synapse_word[WEIGHT_ADDRESS-1:0]),
          .host_field_address(field_word[FIELD_ADDRESS-1:0]),
          .host_data(data),
          .host_high(index[0]),
          .weight_read(weights_read[WEIGHT_BITS*l+:WEIGHT_BITS]),
          .variable_read(variables_read[16*l+:16]),
          .field_read(fields_read[64*l+:64]),
          .coefficients_read(coefficients_read[64*l+:64]),
          .fields_end(fields_end[64*l+:64]),
          .weight_end(weights_end[WEIGHT_BITS*l+:WEIGHT_BITS]),
          .variable_end(variables_end[16*l+:16]),
          .here_end(here_end[l]),
          .sum_end(sums_3[16*l+:16]),
          .largest(largest[WEIGHT_BITS*l+:WEIGHT_BITS]),
          .saturated(cuts[(UNITS+1)*l+:UNITS+1]),
          .parity_error(parity_errors[l])
      );

      // Messages: payloads in one memory, x in others, for they are read in different frames.
      assign sent_payloads[16*l+:16] = fields_end[64*l+16*banks_sent[1:0]+:16];
      assign sent_xs[32*l+:32] = {fields_end[64*l+16*banks_sent[5:4]+:16], fields_end[64*l+16*banks_sent[3:2]+:16]};
      wire sends_here = sends && here_end[l];
      memory #(
          .WIDTH(16),
          .WORDS(1 << MA),
          .ADDRESS(MA)
      ) payload_memory (
          .clock(clock),
          .write(host ? writes && region == 4'd5 && mine : sends_here),
          .write_address(message_to),
          .write_data(host ? data[15:0] : sent_payloads[16*l+:16]),
          .read_address(host ? lane_word[MA-1:0] : payload_from),
          .read_data(payloads[16*l+:16])
      );
      memory #(
          .WIDTH(16),
          .WORDS(1 << MA),
          .ADDRESS(MA)
      ) x0_memory (
          .clock(clock),
          .write(host ? writes && region == 4'd6 && mine_half && !index[0] : sends_here),
          .write_address(x_to),
          .write_data(host ? data[15:0] : sent_xs[32*l+:16]),
          .read_address(x_address),
          .read_data(x0s[16*l+:16])
      );
      if (X_BANKS > 1) begin : second_x
        memory #(
            .WIDTH(16),
            .WORDS(1 << MA),
            .ADDRESS(MA)
        ) x1_memory (
            .clock(clock),
            .write(host ? writes && region == 4'd6 && mine_half && index[0] : sends_here),
            .write_address(x_to),
            .write_data(host ? data[15:0] : sent_xs[32*l+16+:16]),
            .read_address(x_address),
            .read_data(x1s[16*l+:16])
        );
      end else begin : no_second_x
        wire unused_x1 = &{1'b0, sent_xs[32*l+16+:16]};
        assign x1s[16*l+:16] = 16'd0;
      end
    end
  endgenerate
endmodule
