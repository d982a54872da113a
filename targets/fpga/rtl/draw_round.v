`default_nettype none
// A round of the documented draw function (compiler/levels/numbers/draw.ts): adds, rotations and xors.
module draw_round (
    input wire [31:0] a,
    input wire [31:0] b,
    // Key and number of the round.
    input wire [31:0] key,
    output wire [31:0] a_next,
    output wire [31:0] b_next
);
  assign a_next = ({a[7:0], a[31:8]} + b) ^ key;
  assign b_next = {b[28:0], b[31:29]} ^ a_next;
endmodule
