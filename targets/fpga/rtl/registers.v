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
    // Half of the register at `index`.
    input wire upper,
    output reg [15:0] value,
    // The run.
    input wire busy,
    input wire issues,
    input wire steps,
    input wire parity_error,
    input wire [CUTS-1:0] cuts,
    input wire [15:0] pending,
    // The step whose learning is pending, or was done last: one before the step to come.
    output reg [31:0] learning_step,
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
    learning_step = 32'd0;
    seed = 32'd0;
    modulator_learned = 16'd0;
  end
  always @(posedge clock) begin
    cut_count <= busy ? number(cuts) : 8'd0;
    if (write && index == 4'd1) parity_failed <= 1'b0;
    else if (parity_error && busy) parity_failed <= 1'b1;
    if (write && index == 4'd2) learning_step <= data;
    else if (steps) learning_step <= learning_step + 32'd1;
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
    case ({index, upper})
      {4'd1, 1'b0} : value = {15'd0, parity_failed};
      {4'd2, 1'b0} : value = learning_step[15:0];
      {4'd2, 1'b1} : value = learning_step[31:16];
      {4'd3, 1'b0} : value = seed[15:0];
      {4'd3, 1'b1} : value = seed[31:16];
      {4'd4, 1'b0} : value = modulator;
      {4'd5, 1'b0} : value = cycles[15:0];
      {4'd5, 1'b1} : value = cycles[31:16];
      {4'd6, 1'b0} : value = cycles[47:32];
      {4'd7, 1'b0} : value = stalls[15:0];
      {4'd7, 1'b1} : value = stalls[31:16];
      {4'd8, 1'b0} : value = saturations[15:0];
      {4'd8, 1'b1} : value = saturations[31:16];
      {4'd9, 1'b0} : value = pending;
      {4'd10, 1'b0} : value = VERSION[15:0];
      {4'd10, 1'b1} : value = VERSION[31:16];
      {4'd11, 1'b0} : value = modulator_learned;
      default: value = 16'd0;
    endcase
  end
endmodule
