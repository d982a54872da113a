`timescale 1ns / 1ns
`default_nettype none
// What a host does at the pins of a board, and what the core sees of it. Prints a line for each thing that was checked.
module bench;
  localparam DIVISOR = 16;
  localparam CLOCK = 10;
  // A host whose clock is not that of the board, in ns per bit.
  integer bit_time = DIVISOR * CLOCK;

  reg clock = 0;
  always #(CLOCK / 2) clock = !clock;
  reg stable = 0;
  wire reset;
  board_reset board_reset (
      .clock (clock),
      .stable(stable),
      .reset (reset)
  );

  reg to_board = 1;
  wire from_board;
  wire [7:0] in, out;
  wire in_valid, in_ready, misframed, overrun, out_valid, out_ready;
  uart_receiver #(
      .DIVISOR(DIVISOR)
  ) receiver (
      .clock(clock),
      .reset(reset),
      .line(to_board),
      .data(in),
      .valid(in_valid),
      .ready(in_ready),
      .misframed(misframed),
      .overrun(overrun)
  );
  uart_transmitter #(
      .DIVISOR(DIVISOR)
  ) transmitter (
      .clock(clock),
      .reset(reset),
      .data (out),
      .valid(out_valid),
      .ready(out_ready),
      .line (from_board)
  );

  wire host_valid, host_write, host_ready;
  wire [23:0] host_address;
  wire [31:0] host_data;
  reg host_read_valid = 0;
  reg [31:0] host_read_data = 0;
  loader #(
      .PATIENCE(12)
  ) loader (
      .clock(clock),
      .reset(reset),
      .in(in),
      .in_valid(in_valid),
      .in_ready(in_ready),
      .misframed(misframed),
      .overrun(overrun),
      .out(out),
      .out_valid(out_valid),
      .out_ready(out_ready),
      .host_valid(host_valid),
      .host_write(host_write),
      .host_address(host_address),
      .host_data(host_data),
      .host_ready(host_ready),
      .host_read_valid(host_read_valid),
      .host_read_data(host_read_data)
  );

  // A core: a memory that is ready now and then, and that answers later.
  reg [31:0] memory[0:255];
  reg [7:0] noise = 8'h5a;
  reg stuck = 0;
  integer writes = 0, later = 0;
  reg [31:0] fetched;
  assign host_ready = noise[0] && !stuck;
  always @(posedge clock) begin
    noise <= {noise[6:0], noise[7] ^ noise[5] ^ noise[4] ^ noise[3]};
    host_read_valid <= later == 1;
    host_read_data <= later == 1 ? fetched : 32'hxxxxxxxx;
    if (later > 0) later <= later - 1;
    if (host_valid && host_ready) begin
      if (host_write) begin
        memory[host_address[7:0]] <= host_data;
        writes <= writes + 1;
      end else begin
        fetched <= memory[host_address[7:0]] ^ {host_address, 8'd0};
        later   <= 3 + noise[3:2];
      end
    end
  end

  // The host.
  task send(input [7:0] data);
    integer i;
    begin
      to_board = 0;
      #(bit_time);
      for (i = 0; i < 8; i = i + 1) begin
        to_board = data[i];
        #(bit_time);
      end
      to_board = 1;
      #(bit_time);
    end
  endtask
  task send_write(input [23:0] address, input [31:0] data);
    begin
      send("W");
      send(address[7:0]);
      send(address[15:8]);
      send(address[23:16]);
      send(data[7:0]);
      send(data[15:8]);
      send(data[23:16]);
      send(data[31:24]);
    end
  endtask
  task send_read(input [23:0] address);
    begin
      send("R");
      send(address[7:0]);
      send(address[15:8]);
      send(address[23:16]);
    end
  endtask

  // What the board sent, in order.
  reg [7:0] heard[0:1023];
  integer arrived = 0, looked = 0;
  reg [7:0] byte_in;
  integer k;
  initial
    forever begin
      @(negedge from_board);
      #(bit_time / 2);
      if (from_board !== 0) $display("wrong: a start bit that is none");
      for (k = 0; k < 8; k = k + 1) begin
        #(bit_time);
        byte_in[k] = from_board;
      end
      #(bit_time);
      if (from_board !== 1) $display("wrong: no stop bit");
      heard[arrived] = byte_in;
      arrived = arrived + 1;
    end
  task expect_word(input [31:0] word);
    integer patience;
    begin
      patience = 0;
      while (arrived < looked + 4 && patience < 200) begin
        #(bit_time);
        patience = patience + 1;
      end
      if (arrived < looked + 4) $display("wrong: no answer");
      else if ({heard[looked+3], heard[looked+2], heard[looked+1], heard[looked]} !== word)
        $display("wrong: %h instead of %h", {
                 heard[looked+3], heard[looked+2], heard[looked+1], heard[looked]}, word);
      looked = looked + 4;
    end
  endtask
  task expect_flags(input [7:0] flags);
    begin
      send("P");
      expect_word({flags, 8'd1, "L", "P"});
    end
  endtask
  task expect_memory(input [7:0] address, input [31:0] word);
    begin
      #(bit_time * 4);
      if (memory[address] !== word) $display("wrong: %h at %h instead of %h", memory[address], address, word);
    end
  endtask
  task done(input [8*40-1:0] what);
    begin
      if (arrived != looked) $display("wrong: an answer that nobody asked for");
      looked = arrived;
      $display("done: %0s", what);
    end
  endtask

  integer i, before;
  initial begin
    #(CLOCK * 20) stable = 1;
    if (!reset) $display("wrong: no reset");
    #(CLOCK * 30);
    if (reset) $display("wrong: reset does not end");
    expect_flags(0);
    done("ping");

    send_write(24'h000010, 32'hdeadbeef);
    expect_memory(8'h10, 32'hdeadbeef);
    done("write");

    send_read(24'hc0ff10);
    expect_word(32'hdeadbeef ^ 32'hc0ff1000);
    done("read");

    for (i = 0; i < 32; i = i + 1) send_write(i, 32'h01234567 * (i + 1));
    for (i = 0; i < 32; i = i + 1) expect_memory(i, 32'h01234567 * (i + 1));
    expect_flags(0);
    done("writes back to back");

    for (i = 0; i < 16; i = i + 1) send_read(i);
    for (i = 0; i < 16; i = i + 1) expect_word((32'h01234567 * (i + 1)) ^ (i << 8));
    expect_flags(0);
    done("reads sent ahead");

    for (i = 0; i < 2; i = i + 1) begin
      bit_time = i ? DIVISOR * CLOCK * 103 / 100 : DIVISOR * CLOCK * 97 / 100;
      send_write(24'h000040 + i, 32'h55aa00ff);
      expect_memory(8'h40 + i, 32'h55aa00ff);
    end
    bit_time = DIVISOR * CLOCK;
    expect_flags(0);
    done("a host 3 % slower and faster");

    // A spike of one clock, in idle and within a bit; a start bit of a third of a bit.
    to_board = 0;
    #(CLOCK) to_board = 1;
    #(bit_time * 3) to_board = 0;
    #(bit_time / 3) to_board = 1;
    #(bit_time * 12);
    expect_flags(0);
    done("spikes");

    before = writes;
    send(8'h00);
    send(8'hff);
    send("w");
    expect_flags(8'h04);
    send_write(24'h000050, 32'h11223344);
    expect_memory(8'h50, 32'h11223344);
    expect_flags(0);
    if (writes != before + 1) $display("wrong: %0d writes", writes - before);
    done("garbage, then a command");

    // A write that a break cuts short: it is not done, and the next byte begins a command.
    before = writes;
    send("W");
    send(8'h60);
    to_board = 0;
    #(bit_time * 25) to_board = 1;
    #(bit_time * 2);
    expect_flags(8'h01);
    send_write(24'h000061, 32'h99887766);
    expect_memory(8'h61, 32'h99887766);
    if (writes != before + 1) $display("wrong: %0d writes", writes - before);
    done("a break within a command");

    before = writes;
    send("W");
    for (i = 0; i < 6; i = i + 1) send(8'h70);
    #(CLOCK * 5000);
    expect_flags(8'h08);
    if (writes != before) $display("wrong: half a command was done");
    done("a command without its end");

    // The core takes nothing for a while: one byte waits, the second is lost, and the host can know.
    before = writes;
    stuck  = 1;
    send_write(24'h000080, 32'h0badcafe);
    send("P");
    send(8'h77);
    stuck = 0;
    expect_word({8'h02, 8'd1, "L", "P"});
    expect_memory(8'h80, 32'h0badcafe);
    if (writes != before + 1) $display("wrong: %0d writes", writes - before);
    expect_flags(0);
    done("a core that waits");

    $finish;
  end
endmodule
