`default_nettype none
// Draws for rules of several passes, made while their synapses go round: a ring of as many stages as the round of the core has, with
// ROUNDS of the 13 rounds in each turn. A synapse has its place in the ring for as long as it has one in the core; so its rule takes
// ceil(13 / ROUNDS) passes or more. The bytes are out ceil(13 · STAGES / ROUNDS) + 2 cycles after they were asked for.
module draw_ring #(
    parameter LANES  = 1,
    parameter WORDS  = 1,
    parameter STAGES = 3,
    parameter ROUNDS = 4,
    // Bits of a slot's number that are not 0.
    parameter SLOT_BITS = 16
) (
    input wire clock,
    input wire ask,
    input wire [31:0] base_a,
    input wire [31:0] base_b,
    input wire [15:0] row,
    input wire [SLOT_BITS-1:0] slot,
    output reg made,
    output reg [8*LANES-1:0] bytes
);
  localparam [31:0] KEY = 32'h9e3779b9;
  // The stage, counted from the entry, in which round 13 is.
  localparam LAST = (13 * STAGES + ROUNDS - 1) / ROUNDS - 1;
  localparam LAST_STAGE = LAST % STAGES;
  localparam [31:0] LAST_TURNED = LAST / STAGES * ROUNDS;
  localparam [31:0] ROUNDS_32 = ROUNDS;

  // What is asked for, kept: it is known late in its cycle.
  reg asked = 1'b0;
  reg [15:0] row_asked = 16'd0;
  reg [SLOT_BITS-1:0] slot_asked = {SLOT_BITS{1'b0}};
  always @(posedge clock) begin
    asked <= ask;
    row_asked <= row;
    slot_asked <= slot;
  end

  // What the last stage leaves comes round again.
  wire again_there;
  wire [3:0] again_turned;
  wire [SLOT_BITS-1:0] again_slot;
  wire [64*WORDS-1:0] again_state;

  // What stage s takes, and what it leaves: the rounds of a synapse, its states, its slot.
  genvar s, n, i;
  generate
    for (s = 0; s < STAGES; s = s + 1) begin : stage
      localparam BEFORE = s * ROUNDS / STAGES;
      localparam OWN = (s + 1) * ROUNDS / STAGES - BEFORE;
      localparam [31:0] BEFORE_32 = BEFORE;
      wire there;
      // Rounds in the turns before this one.
      wire [3:0] turned;
      wire [SLOT_BITS-1:0] slot_here;
      wire done = there && s == LAST_STAGE && turned == LAST_TURNED[3:0];
      reg there_kept = 1'b0;
      reg [3:0] turned_kept = 4'd0;
      reg [SLOT_BITS-1:0] slot_kept = {SLOT_BITS{1'b0}};
      always @(posedge clock) begin
        there_kept <= there && !done;
        turned_kept <= turned;
        slot_kept <= slot_here;
      end
      if (s == 0) begin : entry
        assign there = asked || again_there;
        assign turned = asked ? 4'd0 : again_turned + ROUNDS_32[3:0];
        assign slot_here = asked ? slot_asked : again_slot;
      end else begin : later
        assign there = stage[s-1].there_kept;
        assign turned = stage[s-1].turned_kept;
        assign slot_here = stage[s-1].slot_kept;
      end
      for (n = 0; n < WORDS; n = n + 1) begin : word
        wire [31:0] index;
        if (LANES >= 4) begin : several
          assign index = {{(32 - SLOT_BITS) {1'b0}}, slot_here} * WORDS + n;
        end else begin : part
          assign index = {{(32 - SLOT_BITS) {1'b0}}, slot_here} >> (LANES == 2 ? 1 : 2);
        end
        reg [63:0] kept = 64'd0;
        // After i of the stage's rounds.
        for (i = 0; i <= OWN; i = i + 1) begin : after
          wire [31:0] a, b;
          wire unused_state = &{1'b0, a, b};
          if (i == 0 && s == 0) begin : enters
            assign {a, b} = asked ? {base_a, base_b ^ {16'd0, row_asked}} : again_state[64*n+:64];
          end else if (i == 0) begin : comes
            assign {a, b} = stage[s-1].word[n].kept;
          end else begin : mixed
            localparam [31:0] OFFSET = i - 1;
            // Rounds before this one.
            wire [3:0] number = turned + BEFORE_32[3:0] + OFFSET[3:0];
            wire [31:0] key = KEY + (number < 4'd3 ? 32'd80 : number < 4'd7 ? 32'd93 : 32'd0)
                + (number < 4'd7 ? {28'd0, number} : 32'd0);
            draw_round one (
                .a(after[i-1].a),
                .b(number == 4'd7 ? after[i-1].b ^ index : after[i-1].b),
                .key(key),
                .a_next(a),
                .b_next(b)
            );
          end
        end
        always @(posedge clock) kept <= {after[OWN].a, after[OWN].b};
      end
    end
    for (n = 0; n < WORDS; n = n + 1) begin : round_again
      assign again_state[64*n+:64] = stage[STAGES-1].word[n].kept;
    end
  endgenerate
  assign again_there = stage[STAGES-1].there_kept;
  assign again_turned = stage[STAGES-1].turned_kept;
  assign again_slot = stage[STAGES-1].slot_kept;

  // What round 13 leaves: all that its stage leaves, or it has a register of its own. Then the sum, and the byte of each lane.
  localparam LEFT = 13 - LAST / STAGES * ROUNDS - LAST_STAGE * ROUNDS / STAGES;
  localparam LAST_OWN = (LAST_STAGE + 1) * ROUNDS / STAGES - LAST_STAGE * ROUNDS / STAGES;
  wire [32*WORDS-1:0] sums;
  wire [8*LANES-1:0] drawn;
  reg ready = 1'b0;
  generate
    for (n = 0; n < WORDS; n = n + 1) begin : total
      if (LEFT == LAST_OWN) begin : of_stage
        assign sums[32*n+:32] = stage[LAST_STAGE].word[n].kept[63:32] + stage[LAST_STAGE].word[n].kept[31:0];
      end else begin : within_stage
        reg [63:0] kept = 64'd0;
        always @(posedge clock) kept <= {stage[LAST_STAGE].word[n].after[LEFT].a, stage[LAST_STAGE].word[n].after[LEFT].b};
        assign sums[32*n+:32] = kept[63:32] + kept[31:0];
      end
    end
  endgenerate
  draw_bytes #(
      .LANES(LANES),
      .WORDS(WORDS)
  ) chosen (
      .words(sums),
      .slot (stage[LAST_STAGE].slot_kept[1:0]),
      .bytes(drawn)
  );
  initial begin
    made = 1'b0;
    bytes = {8 * LANES{1'b0}};
  end
  always @(posedge clock) begin
    ready <= stage[LAST_STAGE].done;
    made <= ready;
    bytes <= drawn;
  end
endmodule
