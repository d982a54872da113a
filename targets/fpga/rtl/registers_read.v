`default_nettype none
// The registers of region 0, as a host reads them.
module registers_read (
    input wire [3:0] index,
    input wire parity_failed,
    input wire [31:0] step,
    input wire [31:0] seed,
    input wire [15:0] modulator,
    input wire [15:0] modulator_learned,
    input wire [47:0] cycles,
    input wire [31:0] stalls,
    input wire [31:0] saturations,
    input wire [15:0] pending,
    output reg [31:0] value
);
  localparam [31:0] VERSION = 32'h504c0001;
  always @* begin
    case (index)
      4'd1: value = {31'd0, parity_failed};
      4'd2: value = step;
      4'd3: value = seed;
      4'd4: value = {16'd0, modulator};
      4'd5: value = cycles[31:0];
      4'd6: value = {16'd0, cycles[47:32]};
      4'd7: value = stalls;
      4'd8: value = saturations;
      4'd9: value = {16'd0, pending};
      4'd10: value = VERSION;
      4'd11: value = {16'd0, modulator_learned};
      default: value = 32'd0;
    endcase
  end
endmodule
