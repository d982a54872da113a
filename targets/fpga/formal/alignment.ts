/** A module as `write_json` of Yosys tells it: bits of wires are numbers, constant bits are texts. */
interface Netlist {
  readonly ports: Readonly<Record<string, { direction: string; bits: readonly Bit[] }>>;
  readonly cells: Readonly<Record<string, Cell>>;
}
interface Cell {
  readonly type: string;
  readonly port_directions: Readonly<Record<string, string>>;
  readonly connections: Readonly<Record<string, readonly Bit[]>>;
}
type Bit = number | string;

/** Cells that compute nothing. */
const NOTES = ['$scopeinfo'];

/**
 * The clock in which each output of a module speaks of the inputs that came in clock 0; `late` names inputs that come in another.
 * Throws where two paths into one cell passed a different number of registers, or where registers feed themselves: then there is
 * no such clock. Where there is one, the outputs are functions of these inputs alone, the ones that the module computes with its
 * registers replaced by wires.
 */
export function alignment(
  json: string,
  name: string,
  late: Readonly<Record<string, number>>,
): Readonly<Record<string, number | undefined>> {
  const { modules }: { modules: Record<string, Netlist> } = JSON.parse(json);
  const { ports, cells } = modules[name]!;
  const drivers = new Map<Bit, string>();
  for (const [cell, { port_directions, connections }] of Object.entries(cells)) {
    for (const [port, bits] of Object.entries(connections)) {
      if (port_directions[port] === 'output') for (const bit of bits) drivers.set(bit, cell);
    }
  }
  const clocks = new Map<Bit, number>();
  for (const [port, { direction, bits }] of Object.entries(ports)) {
    if (direction === 'input') for (const bit of bits) clocks.set(bit, late[port] ?? 0);
  }
  const done = new Map<string, number | undefined>();
  const underWay = new Set<string>();
  /** The clock of several bits that belong together; undefined for constants. */
  const clockOf = (bits: readonly Bit[], what: string): number | undefined => {
    const found = new Set(bits.map(clockOfBit).filter((clock) => clock !== undefined));
    if (found.size > 1) throw new Error(`${what} mixes clocks ${[...found].sort().join(' and ')}`);
    return [...found][0];
  };
  const clockOfBit = (bit: Bit): number | undefined => {
    if (typeof bit === 'string') return undefined;
    const known = clocks.get(bit);
    if (known !== undefined) return known;
    const driver = drivers.get(bit);
    if (driver === undefined) throw new Error(`nothing drives bit ${bit}`);
    return clockOfCell(driver);
  };
  const clockOfCell = (cell: string): number | undefined => {
    if (done.has(cell)) return done.get(cell);
    if (underWay.has(cell)) throw new Error(`${cell} feeds itself`);
    underWay.add(cell);
    const { type, port_directions, connections } = cells[cell]!;
    const register = type === '$dff';
    if (!register && /dff|latch|mem|sr$/.test(type)) throw new Error(`${cell} is a ${type}`);
    const inputs = Object.entries(connections)
      .filter(([port]) => (register ? port === 'D' : port_directions[port] === 'input'))
      .flatMap(([, bits]) => bits);
    const clock = clockOf(inputs, cell);
    const after = clock === undefined || !register ? clock : clock + 1;
    done.set(cell, after);
    return after;
  };
  for (const [cell, { type }] of Object.entries(cells)) {
    if (!NOTES.includes(type)) clockOfCell(cell);
  }
  const outputs = Object.entries(ports).filter(([, { direction }]) => direction === 'output');
  return Object.fromEntries(outputs.map(([port, { bits }]) => [port, clockOf(bits, port)]));
}
