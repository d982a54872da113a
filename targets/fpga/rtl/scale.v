`default_nettype none
// The next scale of a projection from the largest |w| of its sweep: 2^(14 + n) / largest, cut, with 2^n the least power of two that
// is not below it (compiler/levels/numbers/scale.ts). DIVIDE bits of the quotient per cycle; `done` comes
// 1 + 14 / DIVIDE cycles after `finish`.
module scale #(
    parameter LANES = 2,
    parameter WEIGHT_BITS = 8,
    parameter DIVIDE = 2
) (
    input wire clock,
    // One cycle: all of `largest` are final.
    input wire finish,
    input wire power_of_two,
    // Exponent of r = 1.
    input wire [3:0] unit_exponent,
    input wire [LANES*WEIGHT_BITS-1:0] largest,
    output wire busy,
    // One cycle, with the new scale.
    output wire done,
    output wire [15:0] mantissa,
    output wire [3:0] exponent
);
  localparam STEPS = 14 / DIVIDE;

  function [WEIGHT_BITS-1:0] maximum;
    input [LANES*WEIGHT_BITS-1:0] values;
    integer i;
    begin
      maximum = {WEIGHT_BITS{1'b0}};
      for (i = 0; i < LANES; i = i + 1)
        if (values[WEIGHT_BITS*i+:WEIGHT_BITS] > maximum) maximum = values[WEIGHT_BITS*i+:WEIGHT_BITS];
    end
  endfunction

  // Bits of a number: 0 has none.
  function [4:0] bits;
    input [WEIGHT_BITS-1:0] value;
    integer i;
    begin
      bits = 5'd0;
      for (i = 0; i < WEIGHT_BITS; i = i + 1) if (value[i]) bits = i[4:0] + 5'd1;
    end
  endfunction

  reg compared = 1'b0, dividing = 1'b0;
  reg [3:0] left = 4'd0;
  reg [WEIGHT_BITS-1:0] divisor = {WEIGHT_BITS{1'b0}};
  reg [WEIGHT_BITS-1:0] remainder = {WEIGHT_BITS{1'b0}};
  reg [14:0] quotient = 15'd0;
  reg [4:0] n = 5'd0;
  wire [4:0] n_next = bits(divisor - {{(WEIGHT_BITS - 1) {1'b0}}, 1'b1});
  // 2^n - largest: below the largest, for 2^n is below its double.
  wire [WEIGHT_BITS:0] power = {{WEIGHT_BITS{1'b0}}, 1'b1} << n_next;
  wire [WEIGHT_BITS:0] first = power - {1'b0, divisor};

  // DIVIDE steps of long division.
  wire [DIVIDE-1:0] digits;
  genvar g;
  generate
    for (g = 0; g < DIVIDE; g = g + 1) begin : step
      wire [WEIGHT_BITS:0] next;
      wire [WEIGHT_BITS:0] doubled;
      if (g == 0) begin : first_step
        assign doubled = {remainder, 1'b0};
      end else begin : later
        assign doubled = {step[g-1].next[WEIGHT_BITS-1:0], 1'b0};
      end
      wire fits = doubled >= {1'b0, divisor};
      assign next = fits ? doubled - {1'b0, divisor} : doubled;
      wire unused = next[WEIGHT_BITS];
      assign digits[DIVIDE-1-g] = fits;
    end
  endgenerate
  wire unused = &{1'b0, first[WEIGHT_BITS], quotient};
  wire [14:0] quotient_next = {quotient[14-DIVIDE:0], digits};

  // The exponent is width - 1 - n for max; pow2 halves n - fraction times where that is above 0.
  localparam [31:0] WIDEST = WEIGHT_BITS - 1;
  wire [4:0] highest = WIDEST[4:0];
  wire [4:0] exponent_max = highest - n;
  wire [4:0] fraction = highest - {1'b0, unit_exponent};
  wire [4:0] exponent_pow2 = n > fraction ? highest - n : {1'b0, unit_exponent};
  wire zero = divisor == {WEIGHT_BITS{1'b0}};
  wire unused_high = &{1'b0, exponent_max[4], exponent_pow2[4]};

  assign busy = finish || compared || dividing;
  assign done = dividing && left == 4'd1;
  assign mantissa = zero || power_of_two ? 16'h4000 : {1'b0, quotient_next};
  assign exponent = zero ? unit_exponent : power_of_two ? exponent_pow2[3:0] : exponent_max[3:0];
  always @(posedge clock) begin
    compared <= finish;
    if (finish) divisor <= maximum(largest);
    if (compared) begin
      n <= n_next;
      remainder <= first[WEIGHT_BITS-1:0];
      quotient <= 15'd1;
      left <= STEPS[3:0];
      dividing <= 1'b1;
    end else if (dividing) begin
      remainder <= step[DIVIDE-1].next[WEIGHT_BITS-1:0];
      quotient <= quotient_next;
      left <= left - 4'd1;
      if (left == 4'd1) dividing <= 1'b0;
    end
  end
endmodule
