`default_nettype none
// Draws, one synapse of each lane per cycle: ROUNDS of the 13 rounds per stage, so that the bytes are out
// ceil(13 / ROUNDS) + 1 cycles after they were asked for.
module draw_pipeline #(
    parameter LANES  = 2,
    parameter WORDS  = 1,
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
    output wire made,
    output wire made_operation,
    output wire [8*LANES-1:0] bytes
);
  localparam [31:0] KEY = 32'h9e3779b9;

  // Entry r is what round r leaves: for each word a and b, and what goes along.
  genvar r, n;
  generate
    for (r = 0; r <= 13; r = r + 1) begin : round
      wire [SLOT_BITS-1:0] slot_r;
      wire asked, which;
      for (n = 0; n < WORDS; n = n + 1) begin : word
        wire [31:0] a, b;
        wire unused = &{1'b0, a, b};
      end
      if (r == 0) begin : first
        assign slot_r = slot;
        assign asked = ask;
        assign which = operation;
      end else begin : along
        delay #(
            .WIDTH (SLOT_BITS + 2),
            .STAGES(r % ROUNDS == 0 || r == 13 ? 1 : 0)
        ) tags (
            .clock(clock),
            .in({round[r-1].slot_r, round[r-1].asked, round[r-1].which}),
            .out({slot_r, asked, which})
        );
      end
      for (n = 0; n < WORDS; n = n + 1) begin : state
        if (r == 0) begin : start
          assign word[n].a = base_a;
          assign word[n].b = base_b ^ {16'd0, row};
        end else if (r <= 7 && n > 0) begin : copy
          // Up to here all words of a row are one.
          assign word[n].a = word[0].a;
          assign word[n].b = word[0].b;
        end else begin : mixed
          localparam [31:0] CONSTANT = r <= 3 ? KEY + 5 * 16 + (r - 1) : r <= 7 ? KEY + 6 * 16 + (r - 4) : KEY;
          wire [31:0] b_in, a_out, b_out;
          if (r == 8) begin : post
            wire [31:0] index;
            if (LANES >= 4) begin : several
              assign index = {{(32 - SLOT_BITS) {1'b0}}, round[r-1].slot_r} * WORDS + n;
            end else begin : part
              assign index = {{(32 - SLOT_BITS) {1'b0}}, round[r-1].slot_r} >> (LANES == 2 ? 1 : 2);
            end
            assign b_in = round[r-1].word[n].b ^ index;
          end else begin : same
            assign b_in = round[r-1].word[n].b;
          end
          draw_round one (
              .a(round[r-1].word[n].a),
              .b(b_in),
              .key(CONSTANT),
              .a_next(a_out),
              .b_next(b_out)
          );
          delay #(
              .WIDTH (64),
              .STAGES(r % ROUNDS == 0 || r == 13 ? 1 : 0)
          ) kept (
              .clock(clock),
              .in({a_out, b_out}),
              .out({word[n].a, word[n].b})
          );
        end
      end
    end
  endgenerate

  // The sum, and the byte of each lane.
  wire [32*WORDS-1:0] sums;
  wire [SLOT_BITS-1:0] slot_end;
  delay #(
      .WIDTH (SLOT_BITS + 2),
      .STAGES(1)
  ) tags (
      .clock(clock),
      .in({round[13].slot_r, round[13].asked, round[13].which}),
      .out({slot_end, made, made_operation})
  );
  wire unused = &{1'b0, slot_end};
  generate
    for (n = 0; n < WORDS; n = n + 1) begin : total
      delay #(
          .WIDTH (32),
          .STAGES(1)
      ) sum (
          .clock(clock),
          .in(round[13].word[n].a + round[13].word[n].b),
          .out(sums[32*n+:32])
      );
    end
  endgenerate
  draw_bytes #(
      .LANES(LANES),
      .WORDS(WORDS)
  ) chosen (
      .words(sums),
      .slot (slot_end[1:0]),
      .bytes(bytes)
  );
endmodule
