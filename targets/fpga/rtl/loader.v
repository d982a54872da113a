`default_nettype none
// From bytes to the host bus of the core. Numbers go least byte first:
//   'W' address[3] data[4]   writes; no answer
//   'R' address[3]           reads; answers data[4]
//   'P'                      answers 'P' 'L' 1 flags, and clears the flags
// flags: 0 a byte without stop bit, 1 a byte that came too early, 2 a byte that is no command, 3 a command without its end.
// Each of them, and 2^PATIENCE clocks of silence, ends a command that is not complete: the next byte begins one. A ping after
// writes tells whether all arrived. Reads may be sent ahead of their answers; the answer of one waits for that of the one before.
module loader #(
    parameter PATIENCE = 20
) (
    input  wire        clock,
    input  wire        reset,
    // From the receiver.
    input  wire [ 7:0] in,
    input  wire        in_valid,
    output wire        in_ready,
    input  wire        misframed,
    input  wire        overrun,
    // To the transmitter.
    output wire [ 7:0] out,
    output wire        out_valid,
    input  wire        out_ready,
    // To the core.
    output wire        host_valid,
    output wire        host_write,
    output wire [23:0] host_address,
    output wire [31:0] host_data,
    input  wire        host_ready,
    input  wire        host_read_valid,
    input  wire [31:0] host_read_data
);
  localparam [7:0] WRITE = 8'h57, READ = 8'h52, PING = 8'h50;
  localparam [23:0] IDENTITY = {8'd1, 8'h4c, 8'h50};
  localparam [2:0] IDLE = 3'd0, COLLECT = 3'd1, ACCESS = 3'd2, WAIT = 3'd3, ANSWER = 3'd4;

  reg [2:0] state = IDLE;
  reg write = 1'b0;
  reg [2:0] missing = 3'd0;  // bytes of the command
  reg [55:0] words = 56'd0;  // the bytes of the command, the last one on top
  reg [3:0] flags = 4'd0;
  reg [PATIENCE-1:0] silence = {PATIENCE{1'b0}};
  reg [31:0] answer = 32'd0;
  reg [2:0] unsent = 3'd0;  // bytes of the answer
  wire answering = unsent != 3'd0;

  wire taken = in_valid && in_ready;
  wire stray = state == IDLE && taken && in != WRITE && in != READ && in != PING;
  wire late = state == COLLECT && !taken && &silence;
  wire pinged = state == ANSWER && !answering;
  wire accessed = host_valid && host_ready;
  wire read = state == WAIT && host_read_valid;

  assign in_ready = state == IDLE || state == COLLECT;
  assign host_valid = state == ACCESS && (write || !answering);
  assign host_write = write;
  assign host_address = write ? words[23:0] : words[55:32];
  assign host_data = words[55:24];
  assign out = answer[7:0];
  assign out_valid = answering;

  always @(posedge clock) begin
    silence <= state != COLLECT || taken ? {PATIENCE{1'b0}} : silence + 1'b1;
    if (taken) words <= {in, words[55:8]};
    case (state)
      IDLE:
      if (taken) begin
        write   <= in == WRITE;
        missing <= in == WRITE ? 3'd7 : 3'd3;
        state   <= in == PING ? ANSWER : in == WRITE || in == READ ? COLLECT : IDLE;
      end
      COLLECT: begin
        if (taken) missing <= missing - 3'd1;
        if (taken && missing == 3'd1) state <= ACCESS;
        else if (late || misframed || overrun) state <= IDLE;
      end
      ACCESS: if (accessed) state <= write ? IDLE : WAIT;
      WAIT: if (read) state <= IDLE;
      default: if (pinged) state <= IDLE;
    endcase
    flags <= (pinged ? 4'd0 : flags) | {late, stray, overrun, misframed};
    if (pinged) {answer, unsent} <= {4'd0, flags, IDENTITY, 3'd4};
    else if (read) {answer, unsent} <= {host_read_data, 3'd4};
    else if (out_valid && out_ready) {answer, unsent} <= {8'd0, answer[31:8], unsent - 3'd1};
    if (reset) begin
      state  <= IDLE;
      flags  <= 4'd0;
      unsent <= 3'd0;
    end
  end
endmodule
