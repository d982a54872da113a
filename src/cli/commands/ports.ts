import { Option } from 'commander';

/** `--port`, on every command that speaks to a board. */
export const portOption = (): Option =>
  new Option(
    '--port <port>',
    'auto finds the board, virtual is one without a board, rtl its circuit, simulated, or the name of a serial port',
  ).default('auto');
