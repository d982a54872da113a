import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFile } from '../../../runtime/package-file.js';
import { verilogParameters } from '../../../targets/fpga/configuration.js';
import { CONFIGURATIONS } from './configurations.js';

const folder = packageFile('targets/fpga/rtl');
const sources = readdirSync(folder).filter((name) => name.endsWith('.v'));
const files = sources.map((name) => join(folder, name));

it.each(Object.entries(CONFIGURATIONS))(
  'verilator has no complaint about %s',
  (_, configuration) => {
    for (const trace of [0, 1]) {
      const parameters = Object.entries({ ...verilogParameters(configuration), TRACE: trace });
      const given = parameters.map(([name, value]) => `-G${name}=${value}`);
      const words = ['--lint-only', '-Wall', '--top-module', 'plastron_core', ...given, ...files];
      const { status, stderr, error } = spawnSync('verilator', words, { encoding: 'utf8' });
      expect(error).toBeUndefined();
      expect(stderr).toBe('');
      expect(status).toBe(0);
    }
  },
);

it.each(['loader', 'uart_receiver', 'uart_transmitter'])(
  'verilator has no complaint about %s',
  (module) => {
    const words = ['--lint-only', '-Wall', '--top-module', module, join(folder, `${module}.v`)];
    const { status, stderr } = spawnSync('verilator', words, { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  },
);
