`default_nettype none
// Draws wait here until their roundings take them, in the order in which they were asked for.
module draw_queue #(
    parameter WIDTH = 8,
    // Places: 2^BITS. Nothing asks for more draws before it takes them.
    parameter BITS = 4
) (
    input wire clock,
    input wire put,
    input wire [WIDTH-1:0] in,
    input wire take,
    output wire [WIDTH-1:0] out
);
  reg [WIDTH-1:0] places[0:(1<<BITS)-1];
  reg [BITS-1:0] newest = {BITS{1'b0}}, oldest = {BITS{1'b0}};
  always @(posedge clock) begin
    if (put) begin
      places[newest] <= in;
      newest <= newest + 1'b1;
    end
    if (take) oldest <= oldest + 1'b1;
  end
  assign out = places[oldest];
endmodule
