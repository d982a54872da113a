`default_nettype none
// One unit of a lane: the learning instruction and its companions, DEPTH cycles from operands to result.
//   mac  d = sat(((sat16(a - b) * c + (e << p)) >>> s) + carry of the rounding)
//   lt, le, eq  d = a OP b ? c : e     tern  d = |a| > b ? sign(a) : 0     abs  d = sat16(|a|)
// The others travel as e of a mac whose product is 0.
module unit #(
    parameter DEPTH = 4,
    parameter WEIGHT_BITS = 8,
    parameter COEFFICIENTS = 4,
    parameter COEFFICIENT_BITS = 8,
    // COEFFICIENTS * COEFFICIENT_BITS, at least 1.
    parameter K_WIDTH = 32,
    // 1: multipliers shift.
    parameter PRODUCT_SHIFTS = 0
) (
    input wire clock,
    // Shared by all lanes: the instruction, with the scale's exponent taken off the shifts.
    input wire [2:0] op,
    input wire [3:0] a_select,
    input wire [2:0] b_select,
    input wire [3:0] c_select,
    input wire [3:0] e_select,
    input wire [2:0] d_select,
    input wire [3:0] p,
    input wire [4:0] s,
    input wire nearest,
    input wire stochastic,
    input wire second,
    input wire [15:0] special,
    input wire neuron,
    input wire [15:0] x0,
    input wire [15:0] x1,
    // Of this lane.
    input wire [WEIGHT_BITS-1:0] w,
    input wire [15:0] v,
    input wire [K_WIDTH-1:0] k,
    input wire [63:0] f,
    input wire [15:0] t0,
    input wire [15:0] t1,
    // The draws of this synapse, at the stage that adds.
    input wire [7:0] draw0,
    input wire [7:0] draw1,
    // DEPTH cycles later.
    output wire [15:0] result,
    output wire [2:0] d_result,
    output wire saturated
);
  // Bits that a weight or a coefficient has, at most.
  localparam NARROW = WEIGHT_BITS > COEFFICIENT_BITS ? WEIGHT_BITS : COEFFICIENT_BITS;
  localparam [2:0] MAC = 3'd0, LT = 3'd1, LE = 3'd2, EQ = 3'd3, TERN = 3'd4, ABS = 3'd5;

  // Operands. Of the upper bits of what is narrow all are its sign, chosen once.
  wire [63:0] wide_k;
  wire [15:0] wide_w = neuron ? 16'd1 : {{(16 - WEIGHT_BITS) {w[WEIGHT_BITS-1]}}, w};
  genvar g;
  generate
    for (g = 0; g < 4; g = g + 1) begin : widen
      if (g < COEFFICIENTS) begin : there
        if (COEFFICIENT_BITS < 16) begin : extended
          assign wide_k[16*g+:16] = {
            {(16 - COEFFICIENT_BITS) {k[COEFFICIENT_BITS*(g+1)-1]}},
            k[COEFFICIENT_BITS*g+:COEFFICIENT_BITS]
          };
        end else begin : whole
          assign wide_k[16*g+:16] = k[16*g+:16];
        end
      end else begin : absent
        assign wide_k[16*g+:16] = 16'd0;
      end
    end
  endgenerate
  wire unused_k = &{1'b0, k};
  wire signed [15:0] a, b, c, e;
  operand #(
      .NARROW(NARROW)
  ) operand_a (
      .select(a_select),
      .low({f, t1, t0, special, 16'd0}),
      .high({x1, x0, wide_k, v, wide_w}),
      .value(a)
  );
  operand #(
      .NARROW(NARROW)
  ) operand_c (
      .select(c_select),
      .low({f, t1, t0, special, 16'd0}),
      .high({x1, x0, wide_k, v, wide_w}),
      .value(c)
  );
  operand #(
      .NARROW(NARROW)
  ) operand_e (
      .select(e_select),
      .low({f, t1, t0, special, 16'd0}),
      .high({x1, x0, wide_k, v, wide_w}),
      .value(e)
  );
  wire [127:0] choices_b = {f, t1, t0, special, 16'd0};
  assign b = choices_b[16*b_select+:16];

  // The first stage: the difference, comparisons, and what goes on.
  wire signed [16:0] difference = a - b;
  wire signed [16:0] sum = op == ABS ? -$signed({a[15], a}) : a + b;
  wire clipped = difference[16] != difference[15];
  wire [15:0] clipped_difference = clipped ? {difference[16], {15{~difference[16]}}} : difference[15:0];
  wire less = difference[16];
  wire same = difference == 17'd0;
  wire negative = a[15];
  wire least = a == 16'h8000;
  wire mac = op == MAC;
  wire [15:0] u_0 = mac ? clipped_difference : 16'd0;
  wire [15:0] magnitude = least ? 16'h7fff : negative ? sum[15:0] : a;
  wire [15:0] e_0 = op == ABS ? magnitude : op == TERN ? {{15{negative}}, 1'b1} : e;
  wire cut_0 = (mac && clipped) || (op == ABS && least);
  // What the next stage makes of comparisons: c instead of e, or 0.
  wire [6:0] compared_0 = {op == LT || op == LE, op == LE || op == EQ, op == TERN, less, same, sum[16], a == 16'd0};
  wire by_less, by_same, by_sign, less_1, same_1, beneath, nothing;
  wire holds = (by_less && less_1) || (by_same && same_1);
  wire vanishes = by_sign && (nothing || !((!less_1 && !same_1) || beneath));

  localparam CONTROL = 4 + 5 + 3 + 1 + 3;
  wire [CONTROL-1:0] control_0 = {p, second, s, nearest, stochastic, cut_0, d_select};
  wire [CONTROL-1:0] control_1;
  // -2^p, which 16 bits hold for every p.
  wire [15:0] factor_0 = 16'hffff << p;
  wire signed [15:0] factor_1;
  wire signed [15:0] u_1, c_1, e_1;
  delay #(
      .WIDTH (71 + CONTROL),
      .STAGES(DEPTH >= 3 ? 1 : 0)
  ) operands (
      .clock(clock),
      .in({compared_0, factor_0, u_0, c, e_0, control_0}),
      .out({by_less, by_same, by_sign, less_1, same_1, beneath, nothing, factor_1, u_1, c_1, e_1, control_1})
  );
  wire [15:0] addend_1 = vanishes ? 16'd0 : holds ? c_1 : e_1;

  // The product: a stage of its own, or, in a unit of three stages, one with the sum.
  (* keep *) wire signed [31:0] product_1 = u_1 * c_1;
  wire signed [31:0] product_2;
  wire signed [15:0] e_2, factor_2;
  wire [CONTROL-1:0] control_2;
  delay #(
      .WIDTH (64 + CONTROL),
      .STAGES(DEPTH == 3 ? 0 : 1)
  ) products (
      .clock(clock),
      .in({product_1, factor_1, addend_1, control_1}),
      .out({product_2, factor_2, e_2, control_2})
  );

  // The sum.
  wire [3:0] p_2 = control_2[CONTROL-1-:4];
  wire signed [31:0] wide_e = {{16{e_2[15]}}, e_2};
  wire signed [31:0] z_2;
  generate
    if (PRODUCT_SHIFTS != 0) begin : shift_by_product
      (* keep *) wire signed [31:0] minus_addend = e_2 * factor_2;
      wire unused = &{1'b0, wide_e, p_2};
      assign z_2 = product_2 - minus_addend;
    end else begin : shift_by_choices
      wire unused = &{1'b0, factor_2};
      assign z_2 = product_2 + (wide_e << p_2);
    end
  endgenerate
  wire signed [31:0] z_3;
  wire [15:0] power_2 = 16'h8000 >> control_2[9:6];
  wire [15:0] power_3;
  wire [CONTROL-5:0] control_3;
  delay #(
      .WIDTH (48 + CONTROL - 4),
      .STAGES(DEPTH >= 3 ? 1 : 0)
  ) sums (
      .clock(clock),
      .in({power_2, z_2, control_2[CONTROL-5:0]}),
      .out({power_3, z_3, control_3})
  );
  // Draws come in the same clock whatever the depth, but for the shortest.
  wire second_3;
  wire [7:0] draw_3;
  delay #(
      .WIDTH (8),
      .STAGES(DEPTH >= 4 ? 1 : 0)
  ) drawing (
      .clock(clock),
      .in((DEPTH >= 4 ? control_2[CONTROL-5] : second_3) ? draw1 : draw0),
      .out(draw_3)
  );

  // The last stage: shift, round, saturate.
  wire [4:0] s_3;
  wire nearest_3, stochastic_3, cut_3;
  wire [2:0] d_3;
  assign {second_3, s_3, nearest_3, stochastic_3, cut_3, d_3} = control_3;
  wire signed [39:0] shifted;
  right_shift #(
      .PRODUCTS(PRODUCT_SHIFTS)
  ) shifting (
      .z(z_3),
      .s(s_3),
      .power(power_3),
      .shifted(shifted)
  );
  // Whether the last eight bits that fall and the draw make one more.
  wire drawn = shifted[7:0] > ~draw_3;
  wire carry = (nearest_3 && shifted[7]) || (stochastic_3 && drawn);
  // What does not fit 17 bits is out of range whatever the carry does.
  wire far = shifted[39:24] != {16{shifted[39]}};
  wire signed [17:0] rounded = {shifted[24], shifted[24:8]} + {17'd0, carry};
  wire narrow = d_3 == 3'd3;
  wire over_16 = rounded[17:15] != {3{rounded[17]}};
  wire over_w = rounded[17:WEIGHT_BITS-1] != {(19 - WEIGHT_BITS) {rounded[17]}};
  wire over = far || over_16 || (narrow && over_w);
  wire below = far ? shifted[39] : rounded[17];
  wire [15:0] limit_w = below ? {{(17 - WEIGHT_BITS) {1'b1}}, {(WEIGHT_BITS - 1) {1'b0}}}
      : {{(17 - WEIGHT_BITS) {1'b0}}, {(WEIGHT_BITS - 1) {1'b1}}};
  wire [15:0] limit_16 = {below, {15{~below}}};
  wire [15:0] limited = !over ? rounded[15:0] : narrow ? limit_w : limit_16;
  wire counts = (over || cut_3) && d_3 != 3'd0;
  delay #(
      .WIDTH (20),
      .STAGES(1)
  ) results (
      .clock(clock),
      .in({counts, d_3, limited}),
      .out({saturated, d_result, result})
  );
endmodule
