// For techmap: a register that lets through what comes.
(* techmap_celltype = "$dff" *)
module register_as_wire (
    CLK,
    D,
    Q
);
  parameter WIDTH = 1;
  parameter CLK_POLARITY = 1'b1;
  input CLK;
  input [WIDTH-1:0] D;
  output [WIDTH-1:0] Q;
  assign Q = D;
endmodule
