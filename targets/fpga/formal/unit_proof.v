`default_nettype none
// The unit beside the meaning of its instruction, at one moment and part by part: the runner (unit.ts) makes wires of the unit's
// registers, and, where a part begins, cuts the unit's wires off what drives them and ties them to free inputs, from which the
// meaning goes on as well.
module unit_proof #(
    parameter DEPTH = 4,
    parameter WEIGHT_BITS = 8,
    parameter COEFFICIENTS = 4,
    parameter COEFFICIENT_BITS = 8,
    parameter K_WIDTH = 32,
    // What is shown: 0 the operands, 1 the product, 2 z from operands and product, 3 d from z.
    parameter PART = 0
) (
    input wire clock,
    input wire [2:0] op,
    input wire [3:0] a_select,
    input wire [2:0] b_select,
    input wire [3:0] c_select,
    input wire [3:0] e_select,
    input wire [2:0] d_select,
    input wire [3:0] p,
    input wire [4:0] s,
    // 0 none, 1 nearest, 2 the first draw, 3 the second.
    input wire [1:0] rounding,
    input wire [15:0] special,
    input wire neuron,
    input wire [15:0] x0,
    input wire [15:0] x1,
    input wire [WEIGHT_BITS-1:0] w,
    input wire [15:0] v,
    input wire [K_WIDTH-1:0] k,
    input wire [15:0] f0,
    input wire [15:0] f1,
    input wire [15:0] f2,
    input wire [15:0] f3,
    input wire [15:0] t0,
    input wire [15:0] t1,
    input wire [7:0] draw0,
    input wire [7:0] draw1,
    // What cut wires are tied to.
    input wire signed [15:0] free_a,
    input wire signed [15:0] free_b,
    input wire signed [15:0] free_c,
    input wire signed [15:0] free_e,
    input wire signed [31:0] free_product,
    input wire signed [31:0] free_z,
    input wire free_cut
);
  localparam ADDS = DEPTH == 2 ? 1 : 2;

  // Operands by their codes; signed, so that what is narrower keeps its sign.
  wire [K_WIDTH+63:0] padded = {64'd0, k};
  wire signed [COEFFICIENT_BITS-1:0] k0 = padded[0+:COEFFICIENT_BITS];
  wire signed [COEFFICIENT_BITS-1:0] k1 = padded[COEFFICIENT_BITS+:COEFFICIENT_BITS];
  wire signed [COEFFICIENT_BITS-1:0] k2 = padded[2*COEFFICIENT_BITS+:COEFFICIENT_BITS];
  wire signed [COEFFICIENT_BITS-1:0] k3 = padded[3*COEFFICIENT_BITS+:COEFFICIENT_BITS];
  wire signed [WEIGHT_BITS-1:0] signed_w = w;
  function signed [15:0] operand;
    input [3:0] code;
    case (code)
      4'd0: operand = 16'sd0;
      4'd1: operand = special;
      4'd2: operand = t0;
      4'd3: operand = t1;
      4'd4: operand = f0;
      4'd5: operand = f1;
      4'd6: operand = f2;
      4'd7: operand = f3;
      4'd8: operand = neuron ? 16'sd1 : signed_w;
      4'd9: operand = v;
      4'd10: operand = COEFFICIENTS > 0 ? k0 : 16'sd0;
      4'd11: operand = COEFFICIENTS > 1 ? k1 : 16'sd0;
      4'd12: operand = COEFFICIENTS > 2 ? k2 : 16'sd0;
      4'd13: operand = COEFFICIENTS > 3 ? k3 : 16'sd0;
      4'd14: operand = x0;
      default: operand = x1;
    endcase
  endfunction

  wire signed [15:0] u_due, result_due;
  wire signed [31:0] z_due;
  wire cut_due, saturated_due;
  meaning_of_operands before (
      .op(op),
      .a(free_a),
      .b(free_b),
      .c(free_c),
      .e(free_e),
      .p(p),
      .u(u_due),
      .product(free_product),
      .z(z_due),
      .cut(cut_due)
  );
  meaning_of_z #(
      .WEIGHT_BITS(WEIGHT_BITS)
  ) after (
      .z(free_z),
      .cut(free_cut),
      .s(s),
      .nearest(rounding == 2'd1),
      .stochastic(rounding[1]),
      .draw(rounding == 2'd3 ? draw1 : draw0),
      .d(d_select),
      .result(result_due),
      .saturated(saturated_due)
  );

  // Wires of the unit, which the runner ties to these.
  (* keep *)wire signed [15:0] unit_a, unit_b, unit_c, unit_e, unit_u, unit_times;
  (* keep *)wire signed [31:0] unit_product, unit_z;
  (* keep *)wire unit_cut;
  wire signed [15:0] result;
  wire [2:0] d;
  wire saturated;
  unit #(
      .DEPTH(DEPTH),
      .WEIGHT_BITS(WEIGHT_BITS),
      .COEFFICIENTS(COEFFICIENTS),
      .COEFFICIENT_BITS(COEFFICIENT_BITS),
      .K_WIDTH(K_WIDTH)
  ) unit (
      .clock(clock),
      .op(op),
      .a_select(a_select),
      .b_select(b_select),
      .c_select(c_select),
      .e_select(e_select),
      .d_select(d_select),
      .p(p),
      .s(s),
      .nearest(rounding == 2'd1),
      .stochastic(rounding[1]),
      .second(rounding[0]),
      .special(special),
      .neuron(neuron),
      .x0(x0),
      .x1(x1),
      .w(w),
      .v(v),
      .k(k),
      .f({f3, f2, f1, f0}),
      .t0(t0),
      .t1(t1),
      .draw0(draw0),
      .draw1(draw1),
      .result(result),
      .d_result(d),
      .saturated(saturated)
  );

  always @* begin
    assume (op <= 3'd5);
    case (PART)
      0: begin
        assert (unit_a == operand(a_select));
        assert (unit_b == operand({1'b0, b_select}));
        assert (unit_c == operand(c_select));
        assert (unit_e == operand(e_select));
      end
      1: assert (unit_product == unit_u * unit_times);
      2: begin
        // All that is taken of a product.
        if (op != 3'd0) assume (free_product == 32'd0);
        assert (op == 3'd0 ? unit_u == u_due && unit_times == free_c : unit_u == 16'd0);
        assert (unit_z == z_due);
        assert (unit_cut == cut_due);
      end
      default: begin
        assert (result == result_due);
        assert (d == d_select);
        assert (saturated == saturated_due);
      end
    endcase
  end
endmodule
