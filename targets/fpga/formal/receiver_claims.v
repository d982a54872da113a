  // What is claimed of uart_receiver.v, put before its end: bytes are at least nine and a half bits apart, so that whoever takes one
  // within the time of a frame loses none. `apart` counts clocks since a byte ended.
  localparam [15:0] BIT = DIVISOR;
  localparam [15:0] APART = 16'd9 * BIT + BIT / 16'd2 - 16'd1;
  reg [15:0] apart = 16'hffff, held = 16'd0;
  reg valid_before = 1'b0, ready_before = 1'b0;
  reg [7:0] data_before = 8'd0;
  // Clocks since the start bit was seen.
  wire [15:0] since_start = position == START ? {16'd0, HALF} - {16'd0, timer}
      : BIT / 16'd2 + ({12'd0, position} - 16'd1) * BIT + {16'd0, WHOLE} - {16'd0, timer};
  always @(posedge clock) begin
    if (stopped) apart <= 16'd0;
    else if (apart != 16'hffff) apart <= apart + 16'd1;
    // How long a byte has waited.
    held <= !valid || ready ? 16'd0 : held != 16'hffff ? held + 16'd1 : held;
    valid_before <= valid;
    ready_before <= ready;
    data_before <= data;
  end
  always @* begin
    assume (!reset);
    if (running) begin
      assert (position <= STOP);
      assert (timer <= (position == START ? HALF : WHOLE));
      assert (apart >= since_start);
    end
    if (stopped) assert (apart >= APART);
    // A byte that waits stays as it is.
    if (valid_before && !ready_before) assert (valid && data == data_before);
    if (valid) assert (held >= apart);
    // A byte is dropped only when the one before has waited for all that time.
    if (stopped && level && !free) assert (held >= APART);
  end
