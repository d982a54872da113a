import { unreachable } from '../../../compiler/diagnostics/diagnostic.js';
import type { Board, Pins } from '../boards/board.js';

/** A file that tells the tools of a family where the ports of `plastron_board` are. */
export interface Constraints {
  readonly file: string;
  readonly text: string;
}

/** Ports of `plastron_board` with their pins. */
function portsOf({ clock, rx, tx, leds }: Pins): readonly (readonly [port: string, pin: string])[] {
  return [
    ['oscillator', clock],
    ['rx', rx],
    ['tx', tx],
    ['leds[0]', leds[0]],
    ['leds[1]', leds[1]],
  ];
}

/** Places of the ports, and the frequency of the oscillator where the tools take it from here. All pins are 3.3 V LVCMOS. */
export function constraintsOf({ chip, pins, oscillatorMegahertz }: Board): Constraints {
  const ports = portsOf(pins);
  const lines = (line: (port: string, pin: string) => string): string =>
    ports.map(([port, pin]) => line(port, pin)).join('');
  switch (chip.family) {
    case 'ice40':
      return { file: 'plastron.pcf', text: lines((port, pin) => `set_io ${port} ${pin}\n`) };
    case 'ecp5': {
      const text = lines(
        (port, pin) =>
          `LOCATE COMP "${port}" SITE "${pin}";\nIOBUF PORT "${port}" IO_TYPE=LVCMOS33${port === 'rx' ? ' PULLMODE=UP' : ''};\n`,
      );
      const frequency = `FREQUENCY PORT "oscillator" ${oscillatorMegahertz} MHZ;\n`;
      return { file: 'plastron.lpf', text: `${text}${frequency}` };
    }
    case 'xilinx': {
      const text = lines(
        (port, pin) =>
          `set_property -dict {PACKAGE_PIN ${pin} IOSTANDARD LVCMOS33} [get_ports {${port}}]\n`,
      );
      const period = (1000 / oscillatorMegahertz).toFixed(3);
      const clock = `create_clock -name oscillator -period ${period} [get_ports {oscillator}]\n`;
      const configuration =
        'set_property CFGBVS VCCO [current_design]\nset_property CONFIG_VOLTAGE 3.3 [current_design]\n';
      return { file: 'plastron.xdc', text: `${text}${clock}${configuration}` };
    }
    case 'gowin': {
      const text = lines(
        (port, pin) =>
          `IO_LOC "${port}" ${pin};\nIO_PORT "${port}" IO_TYPE=LVCMOS33${port === 'rx' ? ' PULL_MODE=UP' : ''};\n`,
      );
      return { file: 'plastron.cst', text };
    }
    default:
      return unreachable(chip);
  }
}
