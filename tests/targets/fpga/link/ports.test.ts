import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { portsOfKernel, type SerialPortInfo } from '../../../../runtime/link/serial.js';
import { boardNamed } from '../../../../targets/fpga/boards/index.js';
import { candidatesOf } from '../../../../targets/fpga/link/ports.js';

const { usb } = boardNamed('icebreaker');
const port = (path: string, serialNumber?: string, product = usb.product): SerialPortInfo => ({
  path,
  vendor: usb.vendor,
  product,
  serialNumber,
});

describe('the ports at which a board may be', () => {
  it('are those of its adapter, the second of two', () => {
    const ports = [
      port('/dev/ttyUSB10', 'a'),
      port('/dev/ttyUSB9', 'a'),
      port('/dev/ttyUSB1', 'b', 1),
    ];
    expect(candidatesOf(usb, ports)).toEqual(['/dev/ttyUSB10']);
  });

  it('are all of several adapters that look alike', () => {
    const ports = [0, 1, 2, 3].map((n) => port(`/dev/ttyUSB${n}`));
    expect(candidatesOf(usb, ports)).toHaveLength(4);
  });
});

describe('ports without udev', () => {
  it('are what the kernel lists, with the facts of their adapters', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plastron-tty-'));
    try {
      const device = join(folder, 'devices', 'usb1', '1-1', '1-1:1.0', 'ttyUSB0');
      mkdirSync(device, { recursive: true });
      const adapter = join(folder, 'devices', 'usb1', '1-1');
      for (const [name, text] of Object.entries({
        idVendor: '0403',
        idProduct: '6010',
        serial: 'x',
      })) {
        writeFileSync(join(adapter, name), `${text}\n`);
      }
      for (const name of ['ttyUSB0', 'ttyS0', 'console'])
        mkdirSync(join(folder, 'tty', name), { recursive: true });
      symlinkSync(device, join(folder, 'tty', 'ttyUSB0', 'device'));
      expect(portsOfKernel(join(folder, 'tty'))).toEqual([port('/dev/ttyUSB0', 'x')]);
      expect(portsOfKernel(join(folder, 'nowhere'))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
