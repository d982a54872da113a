`default_nettype none
// The scales of projections, and the one that is made of a sweep's largest |w|.
module scales #(
    parameter LANES = 2,
    parameter WEIGHT_BITS = 8,
    parameter DIVIDE = 2,
    parameter SCALES = 4,
    parameter SCALE_ADDRESS = 2
) (
    input wire clock,
    input wire write,
    input wire [SCALE_ADDRESS-1:0] index,
    input wire [19:0] data,
    // One cycle: all of `largest` are final.
    input wire finish,
    input wire power_of_two,
    input wire [SCALE_ADDRESS-1:0] target,
    input wire [3:0] unit_exponent,
    input wire [LANES*WEIGHT_BITS-1:0] largest,
    output wire busy,
    output wire done,
    output wire [19:0] made,
    // All of them, side by side.
    output wire [20*SCALES-1:0] words
);
  wire [15:0] mantissa;
  wire [3:0] exponent;
  assign made = {exponent, mantissa};
  scale #(
      .LANES(LANES),
      .WEIGHT_BITS(WEIGHT_BITS),
      .DIVIDE(DIVIDE)
  ) scaling (
      .clock(clock),
      .finish(finish),
      .power_of_two(power_of_two),
      .unit_exponent(unit_exponent),
      .largest(largest),
      .busy(busy),
      .done(done),
      .mantissa(mantissa),
      .exponent(exponent)
  );
  reg [19:0] kept[0:SCALES-1];
  integer i;
  initial for (i = 0; i < SCALES; i = i + 1) kept[i] = 20'd0;
  always @(posedge clock) begin
    if (done) kept[target] <= made;
    else if (write) kept[index] <= data;
  end
  genvar s;
  generate
    for (s = 0; s < SCALES; s = s + 1) begin : side_by_side
      assign words[20*s+:20] = kept[s];
    end
  endgenerate
endmodule
