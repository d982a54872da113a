`default_nettype none
// One port that reads, one that writes; both on one clock. A read shows the word a cycle later, and the old one where the other
// port writes it at that moment: nobody relies on which, nor on what it shows before the first clock (to make block RAMs show
// zeros then takes a look-up table for each bit).
module memory #(
    parameter WIDTH   = 16,
    parameter WORDS   = 256,
    parameter ADDRESS = 8
) (
    input  wire               clock,
    input  wire               write,
    input  wire [ADDRESS-1:0] write_address,
    input  wire [  WIDTH-1:0] write_data,
    input  wire [ADDRESS-1:0] read_address,
    output reg  [  WIDTH-1:0] read_data
);
  (* no_rw_check *)
  reg [WIDTH-1:0] words[0:WORDS-1];
  integer i;
  initial for (i = 0; i < WORDS; i = i + 1) words[i] = {WIDTH{1'b0}};
  always @(posedge clock) begin
    if (write) words[write_address] <= write_data;
    read_data <= words[read_address];
  end
endmodule
