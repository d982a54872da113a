`default_nettype none
// The documented draw function (compiler/levels/numbers/draw.ts) as a pipeline: the state of a row, then the word that four
// neighbouring postsynaptic neurons share, a byte for each. ROUNDS of its 13 rounds per cycle; a byte is at hand
// ceil(13 / ROUNDS) + 2 cycles after its synapse was asked for, and waits in a queue until it is taken.
module draws #(
    parameter LANES  = 2,
    parameter ROUNDS = 1
) (
    input wire clock,
    input wire ask,
    input wire operation,
    input wire [31:0] base_a,
    input wire [31:0] base_b,
    input wire [15:0] row,
    input wire [15:0] slot,
    input wire take0,
    input wire take1,
    output wire [8*LANES-1:0] draw0,
    output wire [8*LANES-1:0] draw1
);
  localparam WORDS = LANES > 4 ? LANES / 4 : 1;
  localparam [31:0] KEY = 32'h9e3779b9;

  // Entry r is what round r reads: for each word a and b, and what goes along.
  genvar r, n;
  generate
    for (r = 0; r <= 13; r = r + 1) begin : round
      wire [15:0] slot_r;
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
            .WIDTH (18),
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
          wire [31:0] a_in = round[r-1].word[n].a;
          wire [31:0] before_post = round[r-1].word[n].b;
          wire [31:0] b_in;
          if (r == 8) begin : post
            wire [31:0] index;
            if (LANES >= 4) begin : several
              assign index = {16'd0, round[r-1].slot_r} * WORDS + n;
            end else begin : part
              assign index = {16'd0, round[r-1].slot_r} >> (LANES == 2 ? 1 : 2);
            end
            assign b_in = before_post ^ index;
          end else begin : same
            assign b_in = before_post;
          end
          wire [31:0] a_out = ({a_in[7:0], a_in[31:8]} + b_in) ^ CONSTANT;
          wire [31:0] b_out = {b_in[28:0], b_in[31:29]} ^ a_out;
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
  wire [15:0] slot_end;
  wire asked_end, which_end;
  delay #(
      .WIDTH (18),
      .STAGES(1)
  ) tags (
      .clock(clock),
      .in({round[13].slot_r, round[13].asked, round[13].which}),
      .out({slot_end, asked_end, which_end})
  );
  wire unused = &{1'b0, slot_end};
  wire [8*LANES-1:0] bytes;
  genvar l;
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
    for (l = 0; l < LANES; l = l + 1) begin : lane
      if (LANES >= 4) begin : fixed
        assign bytes[8*l+:8] = sums[8*l+:8];
      end else if (LANES == 2) begin : half
        assign bytes[8*l+:8] = slot_end[0] ? sums[16+8*l+:8] : sums[8*l+:8];
      end else begin : quarter
        assign bytes = sums[8*slot_end[1:0]+:8];
      end
    end
  endgenerate

  // Queues, one per rounding of a rule; nothing asks for more than 16 draws before it takes them.
  reg [8*LANES-1:0] queue0[0:15];
  reg [8*LANES-1:0] queue1[0:15];
  reg [3:0] in0 = 4'd0, out0 = 4'd0, in1 = 4'd0, out1 = 4'd0;
  always @(posedge clock) begin
    if (asked_end && !which_end) begin
      queue0[in0] <= bytes;
      in0 <= in0 + 4'd1;
    end
    if (asked_end && which_end) begin
      queue1[in1] <= bytes;
      in1 <= in1 + 4'd1;
    end
    if (take0) out0 <= out0 + 4'd1;
    if (take1) out1 <= out1 + 4'd1;
  end
  assign draw0 = queue0[out0];
  assign draw1 = queue1[out1];
endmodule
