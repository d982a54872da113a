`default_nettype none
// Fetches the next command while the one before is at work, and computes where its draws begin: the state after seed, projection,
// operation and step (compiler/levels/numbers/draw.ts), a round per cycle.
//
// A command is seven words of 32 bits at eight addresses, lowest bits first:
//   0  op[1:0] (0 end, 1 sweep, 2 neurons)  scale kind[3:2] (1 max, 2 pow2)  scale[7:4]  exponent of r = 1[11:8]  draws[13:12]
//      rows that count while learning[16:14] (payload, x0, x1 not 0) where [17]  learn bit[21:18]  delay of the payload[25:22]
//   1  sweep: rows[15:0]   both: lanes of the last slot[20:16]
//   2  slots[15:0]  base among messages[31:16]
//   3  base among weights
//   4  base among fields[15:0]  pages - 1[17:16]  sweep: page[19:18] and bank[21:20] of the sum, its shift[26:22]
//                                             neurons: banks sent as payload[19:18], x0[21:20], x1[23:22]
//   5  code[15:0]  passes[20:16]
//   6  projection[15:0]  cycles to wait before[31:16]
module commands #(
    parameter CONTROL_ADDRESS = 8,
    parameter DRAWS = 2
) (
    input wire clock,
    // Begin again at address 0: what was fetched may be old.
    input wire restart,
    // The command is taken: fetch the one after it.
    input wire taken,
    input wire [31:0] seed,
    // The step whose learning is pending.
    input wire [31:0] learning_step,
    output reg [CONTROL_ADDRESS-1:0] address,
    input wire [31:0] word,
    output wire ready,
    output reg [223:0] command,
    // Where the first and the second rounding of a rule begin.
    output wire [63:0] base0,
    output wire [63:0] base1
);
  localparam [31:0] KEY = 32'h9e3779b9;
  // From the last word of a command to the first of the next.
  localparam [31:0] TO_NEXT = 2;
  // 0 … 7: word `count - 1` arrives; then 12 rounds for each draw; then ready.
  reg [3:0] count = 4'd0;
  reg fetched = 1'b0;
  reg operation = 1'b0;
  reg [3:0] round = 4'd0;
  reg drawn = 1'b0;
  reg [31:0] a = 32'd0, b = 32'd0;
  wire [1:0] op = command[1:0];
  wire [1:0] draws = op != 2'd1 ? 2'd0 : DRAWS > 1 ? command[13:12] : {1'b0, |command[13:12]};
  assign ready = fetched && (draws == 2'd0 || drawn);

  // Every third round begins with a word: seed, projection, operation, step.
  wire [1:0] which = round[3:0] >= 4'd9 ? 2'd3 : round >= 4'd6 ? 2'd2 : round >= 4'd3 ? 2'd1 : 2'd0;
  wire [3:0] since_word = round - {1'b0, which, 1'b0} - {2'b0, which};
  wire [1:0] phase = since_word[1:0];
  wire unused = &{1'b0, since_word};
  // Word 6 is shown until the next command is fetched.
  wire [15:0] projection = word[15:0];
  reg [31:0] absorbed;
  always @* begin
    case (which)
      2'd0: absorbed = seed;
      2'd1: absorbed = {16'd0, projection};
      2'd2: absorbed = {31'd0, operation};
      default: absorbed = learning_step;
    endcase
  end
  wire [31:0] b_in = phase == 2'd0 ? b ^ absorbed : b;
  wire [31:0] key = KEY + {25'd0, {1'b0, which} + 3'd1, 2'b0, phase};
  wire [31:0] a_out, b_out;
  draw_round one (
      .a(a),
      .b(b_in),
      .key(key),
      .a_next(a_out),
      .b_next(b_out)
  );

  wire ends_first = fetched && !drawn && draws[1] && !operation && round == 4'd11;
  // The last base stays where it was made, the first of two does not.
  assign base1 = {a, b};
  generate
    if (DRAWS > 1) begin : two
      reg [63:0] first_base = 64'd0;
      always @(posedge clock) if (ends_first) first_base <= {a_out, b_out};
      assign base0 = draws[1] ? first_base : {a, b};
    end else begin : one_only
      assign base0 = {a, b};
    end
  endgenerate

  integer i;
  initial begin
    address = {CONTROL_ADDRESS{1'b0}};
    command = 224'd0;
  end
  always @(posedge clock) begin
    if (restart || taken) begin
      count <= 4'd0;
      fetched <= 1'b0;
      drawn <= 1'b0;
      operation <= 1'b0;
      round <= 4'd0;
      a <= 32'h243f6a88;
      b <= 32'h85a308d3;
      address <= restart ? {CONTROL_ADDRESS{1'b0}} : address + TO_NEXT[CONTROL_ADDRESS-1:0];
    end else if (!fetched) begin
      // The address of word i is out in cycle i, the word is there in cycle i + 1.
      count <= count + 4'd1;
      if (count < 4'd6) address <= address + 1'b1;
      for (i = 0; i < 7; i = i + 1) if (count == i[3:0] + 4'd1) command[32*i+:32] <= word;
      if (count == 4'd7) fetched <= 1'b1;
    end else if (draws != 2'd0 && !drawn) begin
      a <= a_out;
      b <= b_out;
      round <= round + 4'd1;
      if (round == 4'd11) begin
        round <= 4'd0;
        operation <= 1'b1;
        drawn <= operation || draws == 2'd1;
        if (ends_first) begin
          a <= 32'h243f6a88;
          b <= 32'h85a308d3;
        end
      end
    end
  end
endmodule
