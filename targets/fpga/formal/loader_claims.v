  // What is claimed of loader.v, put before its end: only a whole frame sets anything off, and only after a greeting the core is
  // asked; what is offered to core and transmitter stays as it is until it is taken; bytes are taken while a frame is received alone.
  reg offered = 1'b0, answered = 1'b0, listened = 1'b0, whole = 1'b0;
  reg [56:0] offer = 57'd0;
  reg [7:0] out_before = 8'd0;
  always @(posedge clock) begin
    offered <= host_valid && !host_ready && !reset && !resets;
    offer <= {host_write, host_address, host_data};
    answered <= out_valid && !out_ready && !reset;
    out_before <= out;
    listened <= receiving;
    whole <= crc == WHOLE && framed;
  end
  always @* begin
    assert (bits <= 4'd9);
    assert (goal <= WORD);
    // Where nothing moves, nothing is left to move.
    if (state == TAKE || state == ACCESS || state == WAIT || state == SEND) assert (still);
    if (listened && !receiving) assert (whole);
    if (in_ready) assert (receiving);
    if (!receiving && (goal != HEAD || !(fetching || state == TAKE))) assert (greeted);
    if (!receiving && goal == PIECE) assert (hello);
    if (!receiving && goal > PIECE) assert (!hello);
    if (state == ACCESS || state == WAIT) assert (goal == WORD);
    if (offered) assert (host_valid && offer == {host_write, host_address, host_data});
    if (phase) assert (state == SEND || receiving);
    if (phase && state == SEND) assert (shown == bytes[{1'b1, place}]);
    if (answered) assert (out_valid && out == out_before);
  end
