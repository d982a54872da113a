`default_nettype none
// The bytes of the lanes in the words of their neurons: four neighbouring postsynaptic neurons share a word.
module draw_bytes #(
    parameter LANES = 2,
    parameter WORDS = 1
) (
    input wire [32*WORDS-1:0] words,
    input wire [1:0] slot,
    output wire [8*LANES-1:0] bytes
);
  wire unused = &{1'b0, slot, words};
  genvar l;
  generate
    for (l = 0; l < LANES; l = l + 1) begin : lane
      if (LANES >= 4) begin : fixed
        assign bytes[8*l+:8] = words[8*l+:8];
      end else if (LANES == 2) begin : half
        assign bytes[8*l+:8] = slot[0] ? words[16+8*l+:8] : words[8*l+:8];
      end else begin : quarter
        assign bytes = words[8*slot+:8];
      end
    end
  endgenerate
endmodule
