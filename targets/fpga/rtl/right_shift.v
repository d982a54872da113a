`default_nettype none
// {z, 8 zeros} >>> s. With PRODUCTS the two halves of z are multiplied by a power of two, so that only a shift by 16 is left.
module right_shift #(
    parameter PRODUCTS = 0
) (
    input wire signed [31:0] z,
    input wire [4:0] s,
    // 2^(15 - s[3:0]), as it may be kept in a register.
    input wire [15:0] power,
    output wire signed [39:0] shifted
);
  generate
    if (PRODUCTS != 0) begin : by_products
      (* keep *) wire [31:0] upper = z[31:16] * power;
      (* keep *) wire [31:0] lower = z[15:0] * power;
      // z · power in 48 bits, of which the halves overlap in none that both set; above them stands the sign.
      wire [15:0] signs = z[31] ? 16'hffff << ~s[3:0] : 16'd0;
      wire [47:0] whole = {upper[31:16] | signs, upper[15:0] | lower[31:16], lower[15:0]};
      wire unused = &{1'b0, whole[6:0]};
      assign shifted = s[4] ? {{16{z[31]}}, whole[46:23]} : whole[46:7];
      wire unused_top = whole[47];
    end else begin : by_choices
      wire unused = &{1'b0, power};
      assign shifted = $signed({z, 8'd0}) >>> s;
    end
  endgenerate
endmodule
