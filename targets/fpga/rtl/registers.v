`default_nettype none
// The registers of region 0: what a host says of the step, and what is counted. Counters take no value: a write clears them.
module registers #(
    parameter CUTS = 4
) (
    input wire clock,
    // The host.
    input wire write,
    input wire [3:0] index,
    input wire [31:0] data,
    input wire [3:0] read_index,
    output reg [31:0] value,
    // The run.
    input wire busy,
    input wire issues,
    input wire steps,
    input wire parity_error,
    input wire [CUTS-1:0] cuts,
    input wire [15:0] pending,
    output reg [31:0] step,
    output reg [31:0] seed,
    output reg [15:0] modulator_learned
);
  localparam [31:0] VERSION = 32'h504c0002;
  reg parity_failed = 1'b0;
  reg [15:0] modulator = 16'd0;
  reg [47:0] cycles = 48'd0;
  reg [31:0] stalls = 32'd0, saturations = 32'd0;
  function [7:0] number;
    input [CUTS-1:0] bits;
    integer n;
    begin
      number = 8'd0;
      for (n = 0; n < CUTS; n = n + 1) number = number + {7'd0, bits[n]};
    end
  endfunction
  reg [7:0] cut_count = 8'd0;
  initial begin
    step = 32'd0;
    seed = 32'd0;
    modulator_learned = 16'd0;
  end
  always @(posedge clock) begin
    cut_count <= busy ? number(cuts) : 8'd0;
    if (write && index == 4'd1) parity_failed <= 1'b0;
    else if (parity_error && busy) parity_failed <= 1'b1;
    if (write && index == 4'd2) step <= data;
    else if (steps) step <= step + 32'd1;
    if (write && index == 4'd3) seed <= data;
    if (write && index == 4'd4) modulator <= data[15:0];
    if (write && index == 4'd11) modulator_learned <= data[15:0];
    else if (steps) modulator_learned <= modulator;
    if (write && index == 4'd5) cycles <= 48'd0;
    else if (busy) cycles <= cycles + 48'd1;
    if (write && index == 4'd7) stalls <= 32'd0;
    else if (busy && !issues) stalls <= stalls + 32'd1;
    if (write && index == 4'd8) saturations <= 32'd0;
    else saturations <= saturations + {24'd0, cut_count};
  end

  always @* begin
    case (read_index)
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
