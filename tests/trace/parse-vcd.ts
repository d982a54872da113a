/** What a Value Change Dump says: every variable by its path, and its value at every time. */
export interface ParsedVcd {
  readonly timescale: string;
  readonly variables: ReadonlyMap<
    string,
    { readonly type: string; readonly width: number; readonly identifier: string }
  >;
  readonly samples: readonly {
    readonly time: number;
    readonly values: ReadonlyMap<string, number>;
  }[];
}

/** Reads a dump word by word, as the grammar of IEEE 1364-2005, 18.2.1 has it, and knows nothing of the writer. */
export function parseVcd(text: string): ParsedVcd {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const variables = new Map<string, { type: string; width: number; identifier: string }>();
  const samples: { time: number; values: Map<string, number> }[] = [];
  const scopes: string[] = [];
  let timescale = '';
  let at = 0;
  const command = (): string[] => {
    const end = words.indexOf('$end', at);
    const body = words.slice(at, end);
    at = end + 1;
    return body;
  };
  const change = (identifier: string, bits: string): void => {
    const found = [...variables].find(([, v]) => v.identifier === identifier);
    if (!found) throw new Error(`no variable ${identifier}`);
    const [path, { type, width }] = found;
    if (bits.length > width || !/^[01]+$/.test(bits)) throw new Error(`${path} is ${bits}`);
    const full = bits.padStart(width, '0');
    const sign = type === 'integer' && full[0] === '1' ? 2 ** width : 0;
    samples.at(-1)!.values.set(path, Number.parseInt(full, 2) - sign);
  };
  while (at < words.length) {
    const word = words[at++]!;
    if (word === '$scope') scopes.push(command()[1]!);
    else if (word === '$upscope') {
      command();
      scopes.pop();
    } else if (word === '$timescale') timescale = command().join(' ');
    else if (word === '$var') {
      const [type, width, identifier, name] = command();
      const path = [...scopes, name].join('.');
      if (variables.has(path)) throw new Error(`${path} is there twice`);
      variables.set(path, { type: type!, width: Number(width), identifier: identifier! });
    } else if (word === '$version' || word === '$comment' || word === '$enddefinitions') command();
    else if (word.startsWith('#')) {
      samples.push({ time: Number(word.slice(1)), values: new Map(samples.at(-1)?.values) });
    } else if (word.startsWith('b')) change(words[at++]!, word.slice(1));
    else if (/^[01]/.test(word)) change(word.slice(1), word[0]!);
    else if (word !== '$dumpvars' && word !== '$end') throw new Error(`what is ${word}?`);
  }
  return { timescale, variables, samples };
}
