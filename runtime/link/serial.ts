import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { within } from '../deadline.js';
import { BITS_PER_BYTE } from './memory-link.js';
import type { Transport } from './transport.js';

/** Milliseconds in which a system opens a port. */
const OPENING = 5000;

/** Why the library of serial ports cannot be loaded; undefined where it can. */
export async function serialProblem(): Promise<string | undefined> {
  try {
    await import('serialport');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0]! : String(error);
  }
}

/**
 * Opens a serial port or a pseudo-terminal. Rejects with what the system says of it, or after so many milliseconds in which it says
 * nothing.
 */
export async function openSerial(
  path: string,
  baud: number,
  milliseconds = OPENING,
): Promise<Transport> {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false });
  const opened = new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  await within(opened, milliseconds, () => {
    throw new Error(`the system did not do it within ${milliseconds / 1000} s: its driver hangs`);
  });
  const transport: Transport = {
    bytesPerSecond: baud / BITS_PER_BYTE,
    onBytes: undefined,
    onClosed: undefined,
    write: (bytes) => void port.write(bytes),
    close: () => port.close(() => undefined),
  };
  port.on('data', (bytes: Uint8Array) => transport.onBytes?.(bytes));
  port.on('error', ({ message }) => transport.onClosed?.({ reason: message }));
  port.on('close', (error: Error | null) => {
    transport.onClosed?.({ reason: error?.message ?? 'closed' });
  });
  return transport;
}

/** A serial port of this computer. */
export interface SerialPortInfo {
  readonly path: string;
  /** Of the USB adapter; undefined for others. */
  readonly vendor: number | undefined;
  readonly product: number | undefined;
  readonly serialNumber: string | undefined;
}

/** The serial ports that there are; without udev, as the kernel lists them. */
export async function serialPorts(): Promise<readonly SerialPortInfo[]> {
  const { SerialPort } = await import('serialport');
  try {
    const ports = await SerialPort.list();
    return ports.map(({ path, vendorId, productId, serialNumber }) => ({
      path,
      vendor: hexadecimal(vendorId),
      product: hexadecimal(productId),
      serialNumber,
    }));
  } catch {
    return portsOfKernel('/sys/class/tty');
  }
}

const hexadecimal = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number.parseInt(text, 16);

/** Ports with a device behind them, as Linux shows them below /sys/class/tty. */
export function portsOfKernel(folder: string): readonly SerialPortInfo[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => /^tty(USB|ACM|AMA)\d+$/.test(name));
  } catch {
    return [];
  }
  return names.sort().map((name) => {
    const usb = usbFolder(join(folder, name, 'device'));
    const fact = (file: string): string | undefined =>
      usb === undefined ? undefined : textOf(join(usb, file));
    return {
      path: `/dev/${name}`,
      vendor: hexadecimal(fact('idVendor')),
      product: hexadecimal(fact('idProduct')),
      serialNumber: fact('serial'),
    };
  });
}

/** The folder of the USB device above a port. */
function usbFolder(device: string): string | undefined {
  try {
    let folder = realpathSync(device);
    for (let up = 0; up < 6; up++, folder = dirname(folder)) {
      if (textOf(join(folder, 'idVendor')) !== undefined) return folder;
    }
  } catch {
    // A port of the machine itself.
  }
  return undefined;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
