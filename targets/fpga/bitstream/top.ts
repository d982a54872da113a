import type { DeviceLimits } from '../../../runtime/link/device.js';
import { encodeGreeting, PROTOCOL_VERSION } from '../../../runtime/link/greeting.js';
import type { Board } from '../boards/board.js';
import { verilogParameters } from '../configuration.js';
import { encodeIdentity, identityOf } from '../link/identity.js';
import { clockText } from './clock.js';
import { pllFor } from './pll.js';

/** Names of the two modules that `topText` makes. */
export const BOARD_MODULE = 'plastron_board';
export const SYSTEM_MODULE = 'plastron_system';

/** Megahertz that the core of a board really runs at. */
export function clockOf({ chip, oscillatorMegahertz, coreMegahertz }: Board): number {
  return pllFor(chip.family, oscillatorMegahertz, coreMegahertz).megahertz;
}

/** Clocks per bit of the serial line. */
export function divisorOf(board: Board): number {
  return Math.round((clockOf(board) * 1e6) / board.usb.baud);
}

/**
 * The Verilog around the core of a board. `plastron_system` is reset, serial line, loader and core on one clock, and can be
 * simulated; `plastron_board` adds the PLL, and its ports are those that the constraints name.
 */
export function topText(board: Board): string {
  const pll = pllFor(board.chip.family, board.oscillatorMegahertz, board.coreMegahertz);
  const light = board.ledsActiveLow ? '~' : '';
  return `\`default_nettype none
// ${board.about}: ${board.oscillatorMegahertz} MHz in, ${pll.megahertz} MHz for the core, ${board.usb.baud} bits per second.
module ${SYSTEM_MODULE} (
    input  wire clock,
    input  wire stable,
    input  wire rx,
    output wire tx,
    output wire busy
);
${systemText(board)}
endmodule

module ${BOARD_MODULE} (
    input  wire oscillator,
    input  wire rx,
    output wire tx,
    output wire [1:0] leds
);
${clockText(board, pll)}
  wire busy;
  assign leds = ${light}{~rx, busy};
  ${SYSTEM_MODULE} system (
      .clock(clock),
      .stable(stable),
      .rx(rx),
      .tx(tx),
      .busy(busy)
  );
endmodule
`;
}

/** What rtl/loader.v has room for. */
export const LOADER_LIMITS: DeviceLimits = { window: 1, maximum: 184, hashes: false };

/** What the circuit answers a greeting, as a number whose lowest byte is the first. */
function greetingText(board: Board): string {
  const greeting = encodeGreeting({
    version: PROTOCOL_VERSION,
    ...LOADER_LIMITS,
    identity: encodeIdentity(identityOf(board, board.core, clockOf(board))),
  });
  const digits = Buffer.from(greeting).reverse().toString('hex');
  return `${8 * greeting.length}'h${digits}`;
}

function systemText(board: Board): string {
  const parameters = Object.entries(verilogParameters(board.core))
    .map(([name, value]) => `      .${name}(${value})`)
    .join(',\n');
  return `  wire reset;
  board_reset board_reset (
      .clock(clock),
      .stable(stable),
      .reset(reset)
  );

  wire [7:0] in, out;
  wire in_valid, in_ready, out_valid, out_ready;
  // A byte that is lost shows in the checksum of its frame.
  /* verilator lint_off PINCONNECTEMPTY */
  uart_receiver #(
      .DIVISOR(${divisorOf(board)})
  ) receiver (
      .clock(clock),
      .reset(reset),
      .line(rx),
      .data(in),
      .valid(in_valid),
      .ready(in_ready),
      .misframed(),
      .overrun()
  );
  /* verilator lint_on PINCONNECTEMPTY */
  uart_transmitter #(
      .DIVISOR(${divisorOf(board)})
  ) transmitter (
      .clock(clock),
      .reset(reset),
      .data(out),
      .valid(out_valid),
      .ready(out_ready),
      .line(tx)
  );

  wire resets, host_valid, host_write, host_ready, host_read_valid;
  wire [23:0] host_address;
  wire [31:0] host_data, host_read_data;
  loader #(
      .GREETING(${greetingText(board)})
  ) loader (
      .clock(clock),
      .reset(reset),
      .in(in),
      .in_valid(in_valid),
      .in_ready(in_ready),
      .out(out),
      .out_valid(out_valid),
      .out_ready(out_ready),
      .resets(resets),
      .host_valid(host_valid),
      .host_write(host_write),
      .host_address(host_address),
      .host_data(host_data),
      .host_ready(host_ready),
      .host_read_valid(host_read_valid),
      .host_read_data(host_read_data)
  );

  /* verilator lint_off PINCONNECTEMPTY */
  plastron_core #(
${parameters}
  ) core (
      .clock(clock),
      .reset(reset || resets),
      .host_valid(host_valid),
      .host_write(host_write),
      .host_address(host_address),
      .host_data(host_data),
      .host_ready(host_ready),
      .host_read_valid(host_read_valid),
      .host_read_data(host_read_data),
      .busy(busy),
      .trace()
  );
  /* verilator lint_on PINCONNECTEMPTY */`;
}
