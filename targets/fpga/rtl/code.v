`default_nettype none
// The code of all units: the word of unit u is at work from FETCH + DEPTH · u on, counted from the issue of its item.
module code #(
    parameter UNITS = 1,
    parameter UNIT_BITS = 0,
    parameter DEPTH = 4,
    parameter FETCH = 2,
    parameter CODE_WORDS = 64,
    parameter CODE_ADDRESS = 6,
    parameter SCALES = 4,
    parameter SCALE_ADDRESS = 2
) (
    input wire clock,
    // The host, while nothing is at work.
    input wire host,
    input wire write,
    input wire [19:0] index,
    input wire [31:0] data,
    output wire [UNITS*64-1:0] read,
    // A cycle before the issue: where the pass has its words.
    input wire [CODE_ADDRESS-1:0] address,
    input wire [20*SCALES-1:0] scales,
    input wire [15:0] modulator,
    // FETCH + DEPTH · u: whether there is an item; units side by side.
    input wire [UNITS-1:0] real_items,
    output wire [UNITS*32-1:0] controls,
    output wire [UNITS*16-1:0] specials,
    // The stage that adds: whether it takes a draw, of which rounding.
    output wire take0,
    output wire take1,
    // Results leave.
    output wire [UNITS-1:0] valid_after
);
  localparam ADDS = DEPTH == 2 ? 1 : 2;
  localparam [31:0] UNIT_MASK_32 = UNITS - 1;
  wire [19:0] unit_index = (index >> 1) & UNIT_MASK_32[19:0];
  wire [19:0] word_index = index >> (1 + UNIT_BITS);
  wire unused = &{1'b0, word_index};
  wire [UNITS-1:0] takes0, takes1;
  assign take0 = |takes0;
  assign take1 = |takes1;
  genvar u;
  generate
    for (u = 0; u < UNITS; u = u + 1) begin : units
      wire [CODE_ADDRESS-1:0] address_u;
      delay #(
          .WIDTH (CODE_ADDRESS),
          .STAGES(DEPTH * u + FETCH - 1)
      ) addresses (
          .clock(clock),
          .in(address),
          .out(address_u)
      );
      instruction #(
          .CODE_WORDS(CODE_WORDS),
          .CODE_ADDRESS(CODE_ADDRESS),
          .SCALES(SCALES),
          .SCALE_ADDRESS(SCALE_ADDRESS)
      ) fetched (
          .clock(clock),
          .write(write && unit_index == u),
          .upper(index[0]),
          .write_address(word_index[CODE_ADDRESS-1:0]),
          .write_data(data),
          .address(host ? word_index[CODE_ADDRESS-1:0] : address_u),
          .scales(scales),
          .modulator(modulator),
          .word(read[64*u+:64]),
          .special(specials[16*u+:16]),
          .control(controls[32*u+:32])
      );
      wire [1:0] rounding_adds;
      wire real_adds;
      delay #(
          .WIDTH (3),
          .STAGES(ADDS)
      ) adding (
          .clock(clock),
          .in({real_items[u], controls[32*u+30+:2]}),
          .out({real_adds, rounding_adds})
      );
      assign takes0[u] = real_adds && rounding_adds == 2'd2;
      assign takes1[u] = real_adds && rounding_adds == 2'd3;
      delay #(
          .WIDTH (1),
          .STAGES(DEPTH - ADDS)
      ) leaving (
          .clock(clock),
          .in(real_adds),
          .out(valid_after[u])
      );
    end
  endgenerate
endmodule
