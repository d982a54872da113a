`default_nettype none
// One port: in a cycle in which it writes it does not read. On iCE40 UP5K the words lie in SPRAM, which a bitstream does not
// initialise: the host writes every word before it is read.
module single_port_memory #(
    parameter WIDTH   = 16,
    parameter WORDS   = 256,
    parameter ADDRESS = 8
) (
    input  wire               clock,
    input  wire               write,
    input  wire [ADDRESS-1:0] address,
    input  wire [  WIDTH-1:0] write_data,
    output wire [  WIDTH-1:0] read_data
);
`ifdef PLASTRON_SPRAM
  localparam BLOCKS = (WIDTH + 15) / 16;
  wire [16*BLOCKS-1:0] data_in = {{(16 * BLOCKS - WIDTH) {1'b0}}, write_data};
  wire [16*BLOCKS-1:0] data_out;
  wire [13:0] wide = {{(14 - ADDRESS) {1'b0}}, address};
  assign read_data = data_out[WIDTH-1:0];
  genvar g;
  generate
    for (g = 0; g < BLOCKS; g = g + 1) begin : block
      SB_SPRAM256KA ram (
          .ADDRESS(wide),
          .DATAIN(data_in[16*g+:16]),
          .MASKWREN(4'b1111),
          .WREN(write),
          .CHIPSELECT(1'b1),
          .CLOCK(clock),
          .STANDBY(1'b0),
          .SLEEP(1'b0),
          .POWEROFF(1'b1),
          .DATAOUT(data_out[16*g+:16])
      );
    end
  endgenerate
`else
  reg [WIDTH-1:0] words[0:WORDS-1];
  reg [WIDTH-1:0] last;
  integer i;
  initial begin
    for (i = 0; i < WORDS; i = i + 1) words[i] = {WIDTH{1'b0}};
    last = {WIDTH{1'b0}};
  end
  always @(posedge clock) begin
    if (write) words[address] <= write_data;
    else last <= words[address];
  end
  assign read_data = last;
`endif
endmodule
