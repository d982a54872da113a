`default_nettype none
// The code of one unit: the word at an address, a cycle later, and what it says to all lanes, another cycle later: the scale's
// exponent taken off the shifts, and the special operand chosen.
module instruction #(
    parameter CODE_WORDS = 64,
    parameter CODE_ADDRESS = 6,
    parameter SCALES = 4,
    parameter SCALE_ADDRESS = 2
) (
    input wire clock,
    input wire write,
    input wire upper,
    input wire [CODE_ADDRESS-1:0] write_address,
    input wire [31:0] write_data,
    input wire [CODE_ADDRESS-1:0] address,
    input wire [20*SCALES-1:0] scales,
    input wire [15:0] modulator,
    output wire [63:0] word,
    output wire [15:0] special,
    output wire [31:0] control
);
  wire [31:0] lower_word;
  wire [17:0] upper_word;
  memory #(
      .WIDTH(32),
      .WORDS(CODE_WORDS),
      .ADDRESS(CODE_ADDRESS)
  ) lower_words (
      .clock(clock),
      .write(write && !upper),
      .write_address(write_address),
      .write_data(write_data),
      .read_address(address),
      .read_data(lower_word)
  );
  memory #(
      .WIDTH(18),
      .WORDS(CODE_WORDS),
      .ADDRESS(CODE_ADDRESS)
  ) upper_words (
      .clock(clock),
      .write(write && upper),
      .write_address(write_address),
      .write_data(write_data[17:0]),
      .read_address(address),
      .read_data(upper_word)
  );
  assign word = {14'd0, upper_word, lower_word};
  wire scaled = upper_word[17:16] == 2'd1;
  wire [19:0] scale = scales[20*upper_word[SCALE_ADDRESS-1:0]+:20];
  wire [3:0] off = scaled ? scale[19:16] : 4'd0;
  delay #(
      .WIDTH (48),
      .STAGES(1)
  ) ready (
      .clock(clock),
      .in({
        scaled ? scale[15:0] : upper_word[17] ? modulator : upper_word[15:0],
        lower_word[31:30],
        lower_word[29:25] - {1'b0, off},
        lower_word[24:21] - off,
        lower_word[20:0]
      }),
      .out({special, control})
  );
endmodule
