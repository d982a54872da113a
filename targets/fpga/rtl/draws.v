`default_nettype none
// The draws of synapses, asked for before their items are issued: for each lane the byte of its synapse, one queue for each rounding
// of a rule.
module draws #(
    parameter LANES = 2,
    parameter DRAWS = 1,
    parameter RING = 0,
    parameter STAGES = 4,
    parameter ROUNDS = 1,
    parameter SLOT_BITS = 16
) (
    input wire clock,
    input wire ask,
    input wire operation,
    input wire [31:0] base_a,
    input wire [31:0] base_b,
    input wire [15:0] row,
    input wire [SLOT_BITS-1:0] slot,
    input wire take0,
    input wire take1,
    output wire [8*LANES-1:0] draw0,
    output wire [8*LANES-1:0] draw1
);
  localparam WORDS = LANES > 4 ? LANES / 4 : 1;
  // Of a ring no more draws wait than it has places.
  localparam BITS = RING != 0 && STAGES <= 4 ? 2 : 4;
  wire made, made_operation;
  wire [8*LANES-1:0] bytes;
  generate
    if (RING != 0) begin : ring
      wire unused = &{1'b0, operation};
      assign made_operation = 1'b0;
      draw_ring #(
          .LANES (LANES),
          .WORDS (WORDS),
          .STAGES(STAGES),
          .ROUNDS(ROUNDS),
          .SLOT_BITS(SLOT_BITS)
      ) draws (
          .clock(clock),
          .ask(ask),
          .base_a(base_a),
          .base_b(base_b),
          .row(row),
          .slot(slot),
          .made(made),
          .bytes(bytes)
      );
    end else begin : pipeline
      draw_pipeline #(
          .LANES (LANES),
          .WORDS (WORDS),
          .ROUNDS(ROUNDS),
          .SLOT_BITS(SLOT_BITS)
      ) draws (
          .clock(clock),
          .ask(ask),
          .operation(operation),
          .base_a(base_a),
          .base_b(base_b),
          .row(row),
          .slot(slot),
          .made(made),
          .made_operation(made_operation),
          .bytes(bytes)
      );
    end
    if (DRAWS > 1) begin : second
      draw_queue #(
          .WIDTH(8 * LANES),
          .BITS (BITS)
      ) queue (
          .clock(clock),
          .put(made && made_operation),
          .in(bytes),
          .take(take1),
          .out(draw1)
      );
    end else begin : only_one
      wire unused = &{1'b0, take1};
      assign draw1 = {8 * LANES{1'b0}};
    end
  endgenerate
  draw_queue #(
      .WIDTH(8 * LANES),
      .BITS (BITS)
  ) first (
      .clock(clock),
      .put(made && !made_operation),
      .in(bytes),
      .take(take0),
      .out(draw0)
  );
endmodule
