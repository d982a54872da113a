`default_nettype none
// What goes in comes out STAGES cycles later; with 0 it is a wire.
module delay #(
    parameter WIDTH  = 1,
    parameter STAGES = 1
) (
    input  wire             clock,
    input  wire [WIDTH-1:0] in,
    output wire [WIDTH-1:0] out
);
  generate
    if (STAGES == 0) begin : none
      wire unused = &{1'b0, clock};
      assign out = in;
    end else begin : some
      reg [WIDTH*STAGES-1:0] line = {WIDTH * STAGES{1'b0}};
      if (STAGES == 1) begin : one
        always @(posedge clock) line <= in;
      end else begin : more
        always @(posedge clock) line <= {line[WIDTH*(STAGES-1)-1:0], in};
      end
      assign out = line[WIDTH*STAGES-1:WIDTH*(STAGES-1)];
    end
  endgenerate
endmodule
