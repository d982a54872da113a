`default_nettype none
// What one instruction means (../README.md, "One instruction"), straight from the text, in numbers so wide that nothing wraps but z.

// From operands to z.
module meaning_of_operands (
    input wire [2:0] op,
    input wire signed [15:0] a,
    input wire signed [15:0] b,
    input wire signed [15:0] c,
    input wire signed [15:0] e,
    input wire [3:0] p,
    // u times c comes from outside: whoever asks says what a product is.
    output wire signed [15:0] u,
    input wire signed [31:0] product,
    output wire signed [31:0] z,
    output wire cut
);
  localparam [2:0] MAC = 3'd0, LT = 3'd1, LE = 3'd2, EQ = 3'd3, TERN = 3'd4, ABS = 3'd5;

  function signed [63:0] sat16;
    input signed [63:0] value;
    sat16 = value > 64'sd32767 ? 64'sd32767 : value < -64'sd32768 ? -64'sd32768 : value;
  endfunction

  wire signed [63:0] wide_a = a, wide_b = b, wide_c = c, wide_e = e, wide_product = product;
  wire signed [63:0] magnitude = wide_a < 64'sd0 ? -wide_a : wide_a;
  wire signed [63:0] difference = wide_a - wide_b;
  wire signed [63:0] clipped = sat16(difference);
  assign u = clipped[15:0];

  reg signed [63:0] other;
  always @* begin
    case (op)
      LT: other = wide_a < wide_b ? wide_c : wide_e;
      LE: other = wide_a <= wide_b ? wide_c : wide_e;
      EQ: other = wide_a == wide_b ? wide_c : wide_e;
      TERN: other = magnitude <= wide_b ? 64'sd0 : wide_a > 64'sd0 ? 64'sd1 : wide_a < 64'sd0 ? -64'sd1 : 64'sd0;
      default: other = sat16(magnitude);
    endcase
  end
  assign cut = op == MAC ? clipped != difference : op == ABS && other != magnitude;

  // Two's complement in 32 bits. What the others give goes the way of e.
  wire signed [63:0] exact = op == MAC ? wide_product + (wide_e <<< p) : other <<< p;
  assign z = exact[31:0];
endmodule

// From z to d.
module meaning_of_z #(
    parameter WEIGHT_BITS = 8
) (
    input wire signed [31:0] z,
    // Whether u or |a| was cut.
    input wire cut,
    input wire [4:0] s,
    input wire nearest,
    input wire stochastic,
    input wire [7:0] draw,
    // What d names: 0 nothing, 3 the weight.
    input wire [2:0] d,
    output wire [15:0] result,
    output wire saturated
);
  wire signed [63:0] wide_z = z;
  wire signed [63:0] wide_draw = {56'd0, draw};
  wire signed [63:0] half = s == 5'd0 ? 64'sd0 : 64'sd1 <<< (s - 5'd1);
  wire signed [63:0] drawn = s >= 5'd8 ? wide_draw <<< (s - 5'd8) : wide_draw >>> (5'd8 - s);
  wire signed [63:0] added = nearest ? half : stochastic ? drawn : 64'sd0;
  wire signed [63:0] rounded = (wide_z + added) >>> s;
  wire signed [63:0] most = d == 3'd3 ? (64'sd1 <<< (WEIGHT_BITS - 1)) - 64'sd1 : 64'sd32767;
  wire signed [63:0] narrowed = rounded > most ? most : rounded < -most - 64'sd1 ? -most - 64'sd1 : rounded;
  assign result = narrowed[15:0];
  assign saturated = d != 3'd0 && (cut || narrowed != rounded);
endmodule
