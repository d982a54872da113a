`default_nettype none
// A delay of 2 to 4 cycles whose words wait in a block RAM instead of in registers.
module delay_memory #(
    parameter WIDTH  = 16,
    parameter STAGES = 3
) (
    input  wire             clock,
    input  wire [WIDTH-1:0] in,
    output reg  [WIDTH-1:0] out
);
  localparam [31:0] BEHIND = STAGES - 1;
  reg [1:0] place = 2'd0;
  wire [1:0] from = place - BEHIND[1:0];
  (* no_rw_check, ram_style = "block" *)
  reg [WIDTH-1:0] words[0:3];
  integer i;
  initial for (i = 0; i < 4; i = i + 1) words[i] = {WIDTH{1'b0}};
  always @(posedge clock) begin
    place <= place + 2'd1;
    words[place] <= in;
    out <= words[from];
  end
endmodule
