`default_nettype none
// The device's end of the link (runtime/link/README.md), with a window of 1: frames from the receiver become accesses of the core,
// and their answers go to the transmitter. A request lies in the lower half of a memory of 512 bytes while it is taken apart. Its
// answer is stuffed into the upper half as it is made, where it stays: a request that comes again gets it again. The bytes of
// `hello` lie above it. Requests of other types, those before `hello` and those that are too long are passed over; accesses that
// reach beyond their request or have no room in the answer are not made, and end it. A core that does not answer is reset after
// 2^PATIENCE clocks, and a host then has to greet again.
module loader #(
    parameter [255:0] GREETING = 256'd0,  // what `hello` is answered, the first byte lowest
    parameter PATIENCE = 24
) (
    input  wire        clock,
    input  wire        reset,
    // From the receiver.
    input  wire [ 7:0] in,
    input  wire        in_valid,
    output wire        in_ready,
    // To the transmitter.
    output wire [ 7:0] out,
    output wire        out_valid,
    input  wire        out_ready,
    // To the core.
    output wire        resets,
    output wire        host_valid,
    output wire        host_write,
    output wire [23:0] host_address,
    output wire [31:0] host_data,
    input  wire        host_ready,
    input  wire        host_read_valid,
    input  wire [31:0] host_read_data
);
  localparam [31:0] POLYNOMIAL = 32'hedb88320, WHOLE = 32'hdebb20e3;  // of a CRC, and what one of a frame with its CRC comes to
  localparam [7:0] GREETS = 8'd192, ANSWERS = 8'd253, BEGINS = 8'd254;  // places of the greeting, of an answer, of a frame

  // What is done: a frame is received; bytes are fetched into `data`, and taken from there; bytes of `data` go into the answer; the
  // core is asked, and waited for; length and CRC end the answer; it is sent.
  localparam [2:0] RECEIVE = 3'd0, FETCH = 3'd1, TAKE = 3'd2, EMIT = 3'd3, ACCESS = 3'd4, WAIT = 3'd5, FINISH = 3'd6, SEND = 3'd7;
  (* fsm_encoding = "none" *)
  reg [2:0] state = RECEIVE;
  // What is fetched or emitted: type and sequence, a piece of the greeting, the kind of an access, where it is, a word.
  localparam [2:0] HEAD = 3'd0, PIECE = 3'd1, KIND = 3'd2, PLACE = 3'd3, WORD = 3'd4;
  (* fsm_encoding = "none" *)
  reg [2:0] goal = HEAD;
  reg phase = 1'b0;  // what is sent is shown
  reg [1:0] step = 2'd0;  // bytes fetched or emitted
  reg [2:0] ending = 3'd0;  // bytes of the end of an answer

  // A byte on its way, bit by bit: into `data` where it is fetched, else into `moving` and the CRC, and then into memory, at `next`.
  reg [7:0] moving = 8'd0;
  reg [3:0] bits = 4'd0;  // that are left to move, and one more
  reg [31:0] crc = 32'hffffffff;
  reg [7:0] next = BEGINS;
  wire still = bits == 4'd0;
  wire moved = bits == 4'd1;
  wire [7:0] after = next + 8'd1;

  // COBS of what comes: the place after that of the next zero, and whether no code has come.
  reg [7:0] zero = 8'd0;
  reg first = 1'b1;
  wire code = after == zero;
  wire delimiter = in == 8'd0;

  // COBS of what goes: where the last code belongs.
  reg [7:0] last_code = 8'd0;

  reg [7:0] place = 8'd0;  // what is read of the memory
  reg [7:0] length = 8'd0;  // of the payload
  reg long = 1'b0;  // more than has room
  reg [31:0] data = 32'd0;
  reg [23:0] address = 24'd0;
  reg [7:0] final_ = 8'd0;  // the last byte of the last address
  reg [1:0] kind = 2'd0, width = 2'd0;
  reg hello = 1'b0, greeted = 1'b0;
  reg [1:0] done = 2'd0;  // the number of the request that was done last

  wire receiving = state == RECEIVE;
  wire fetching = state == FETCH;
  wire ends = state == FINISH;
  wire empty = moving == 8'd0;
  // The delimiter behind the answer is no byte of it: it is written where the next code would be.
  wire closing = ends && &ending;
  wire stuffed = !receiving && empty;
  reg [7:0] bytes[0:511];
  reg [7:0] shown = 8'd0;
  integer i;
  initial begin
    for (i = 0; i < 512; i = i + 1) bytes[i] = 8'd0;
    for (i = 0; i < 32; i = i + 1) bytes[448+i] = GREETING[8*i+:8];
  end
  always @(posedge clock) begin
    if (moved && !fetching) bytes[{!receiving, stuffed ? last_code : next}] <= stuffed && !closing ? next - last_code : moving;
    shown <= bytes[{state == SEND || goal == PIECE, place}];
  end

  wire [1:0] most = goal == HEAD ? 2'd1 : goal == KIND ? 2'd0 : goal == WORD ? width : 2'd3;
  wire fetches = step <= most;
  wire last = step == most;
  wire at_end = address[7:0] == final_;
  wire is_hello = data[7:0] == 8'd1;
  wire is_access = data[7:0] == 8'd2 && greeted;
  wire repeated = data[9:8] == done;
  wire beyond = place > length;
  // Whether a word of width + 1 bytes is too long for an answer of 184.
  wire reaches = next[1:0] > ~width;
  wire full = (next[7:2] == 6'd45 && reaches) || next[7:3] == 5'd23;

  // The core is given up.
  reg [PATIENCE-1:0] waited = {PATIENCE{1'b0}};
  wire waiting = state == ACCESS || state == WAIT;
  assign resets = &waited;
  always @(posedge clock) waited <= waiting ? waited + {{(PATIENCE - 1) {1'b0}}, 1'b1} : {PATIENCE{1'b0}};

  // The bit that moves.
  wire [7:0] source = receiving ? in : ends ? next : shown;
  reg picked;
  always @*
    case (bits[2:0])
      3'd1: picked = source[0];
      3'd0: picked = source[1];
      3'd7: picked = source[2];
      3'd6: picked = source[3];
      3'd5: picked = source[4];
      3'd4: picked = source[5];
      3'd3: picked = source[6];
      default: picked = source[7];
    endcase
  wire silent = receiving ? code : ending != 3'd0;  // a zero
  wire crosses = ends && (ending[2] ^ ending[1]);  // the bytes of the CRC itself
  wire marks = goal == HEAD && step == 2'd0 && bits[2:0] == 3'd2;  // an answer
  wire bit_ = state == EMIT ? data[0] || marks : crosses ? ~crc[0] : picked && !(!fetching && silent);

  assign in_ready = receiving && (moved || (still && (first || delimiter)));
  assign out = shown;
  assign out_valid = state == SEND && phase;
  assign host_valid = state == ACCESS;
  assign host_write = !kind[1];
  assign host_address = address;
  assign host_data = data;
  wire taken = in_valid && in_ready;
  wire framed = taken && delimiter && still;
  wire sent = out_valid && out_ready;

  always @(posedge clock) begin
    if (!still) bits <= bits - 4'd1;
    else if (receiving ? in_valid && !in_ready : fetching || state == EMIT || ends) bits <= 4'd9;
    if (!still && !moved) begin
      moving <= {bit_, moving[7:1]};
      if (!fetching) crc <= {1'b0, crc[31:1]} ^ ((crc[0] ^ bit_) && !crosses ? POLYNOMIAL : 32'd0);
    end
    if (state == WAIT || (!still && !moved && (fetching || state == EMIT)))
      data <= state == WAIT ? host_read_data : {fetches || !fetching ? bit_ : data[31], data[31:1]};
    if (moved && !fetching) begin
      if (!closing) next <= after;
      if (stuffed) last_code <= next;
    end
    if (taken) begin
      first <= delimiter && still;
      if (first || code) zero <= next + in + {7'd0, !first};
    end
    if (moved) step <= state == EMIT && last ? 2'd0 : step + 2'd1;
    phase <= state == SEND && !sent;
    case (state)
      RECEIVE: begin
        place <= BEGINS;
        step  <= 2'd0;
        goal  <= HEAD;
        if (framed && crc == WHOLE && !long) state <= FETCH;
      end
      FETCH:
      if (moved) begin
        if (fetches) place <= place + 8'd1;
        if (&step) state <= TAKE;
      end
      TAKE:
      case (goal)
        HEAD: begin
          hello <= is_hello;
          state <= is_hello || (is_access && !repeated) ? EMIT : is_access ? SEND : RECEIVE;
          if (is_hello) greeted <= 1'b1;
          if (is_hello || is_access) done <= data[9:8];
          if (is_access && repeated) place <= ANSWERS;
        end
        KIND: begin
          {kind, width} <= {data[7:6], data[1:0]};
          goal  <= PLACE;
          state <= &data[7:6] || beyond ? FINISH : FETCH;
        end
        PLACE: begin
          {final_, address} <= data;
          goal  <= WORD;
          state <= beyond || (kind[1] && full) ? FINISH : kind[1] ? ACCESS : FETCH;
        end
        default: state <= !goal[2] ? EMIT : beyond ? FINISH : ACCESS;
      endcase
      EMIT:
      if (moved && last) begin
        goal  <= at_end || !goal[2] ? hello ? PIECE : KIND : WORD;
        state <= (goal[2] && !at_end && full) || (goal[0] && place[5]) ? FINISH : goal[2] && !at_end ? ACCESS : FETCH;
        if (!goal[0] && hello) place <= GREETS;
        address[7:0] <= address[7:0] + 8'd1;
      end
      ACCESS:
      if (host_ready) begin
        if (host_write) begin
          address[7:0] <= address[7:0] + 8'd1;
          if (at_end) goal <= KIND;
          if (at_end || !kind[0]) state <= FETCH;
        end else state <= WAIT;
      end
      WAIT:
      if (host_read_valid) state <= EMIT;
      FINISH: begin
        place <= ANSWERS;
        // Length, CRC, a zero for the last code, the delimiter.
        if (moved) begin
          ending <= ending + 3'd1;
          if (&ending) state <= SEND;
        end
      end
      default: begin
        if (sent) place <= place + 8'd1;
        if (sent && shown == 8'd0) state <= RECEIVE;
      end
    endcase
    // The bytes behind the payload are length and CRC.
    if (framed) length <= next + 8'hfa;
    long <= !(taken && delimiter) && (long || (receiving && moved && next == 8'd191));
    if (framed || state == SEND) crc <= 32'hffffffff;
    if (framed || state == SEND || (state == TAKE && goal == HEAD)) next <= BEGINS;
    if (state == TAKE && goal == HEAD) last_code <= ANSWERS;
    if (reset || resets) begin
      state   <= RECEIVE;
      greeted <= 1'b0;
      bits    <= 4'd0;
      first   <= 1'b1;
      ending  <= 3'd0;
    end
  end
endmodule
