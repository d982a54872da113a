  // What is claimed of loader.v, put before its end: it takes no byte that it has no use for, what it offers it keeps until it is
  // taken, and the bytes of a command arrive at the core in their order.
  reg [6:0] collected = 7'd0;
  reg [55:0] bytes = 56'd0;
  reg offered = 1'b0, answered_before = 1'b0, access_before = 1'b0;
  reg [56:0] offer = 57'd0;
  reg [7:0] out_before = 8'd0;
  always @(posedge clock) begin
    // Bytes since the letter of the command, the last one on top.
    if (taken) bytes <= {in, bytes[55:8]};
    if (state == IDLE) collected <= 7'd0;
    else if (taken) collected <= collected + 7'd1;
    offered <= host_valid && !host_ready && !reset;
    offer <= {host_write, host_address, host_data};
    answered_before <= out_valid && !out_ready && !reset;
    access_before <= state == COLLECT && !reset;
    out_before <= out;
  end
  always @* begin
    // The core answers reads, and only those.
    if (state != WAIT) assume (!host_read_valid);
    assert (state <= ANSWER && unsent <= 3'd4);
    assert (words == bytes);
    if (state == COLLECT) assert (missing != 3'd0 && {4'd0, missing} + collected == (write ? 7'd7 : 7'd3));
    if (state == ACCESS) assert (collected == (write ? 7'd7 : 7'd3));
    if (state == WAIT) assert (!write && !answering);
    if (in_ready) assert (state == IDLE || missing != 3'd0);
    // Address first, then data, each least byte first.
    if (host_valid) assert (!write || {host_data, host_address} == bytes);
    if (host_valid) assert (write || host_address == bytes[55:32]);
    if (offered) assert (host_valid && (write ? offer == {host_write, host_address, host_data} : offer[56:32] == {host_write, host_address}));
    if (answered_before && unsent != 3'd0) assert (out_valid && out == out_before);
    if (answered_before) assert (out_valid);
  end
