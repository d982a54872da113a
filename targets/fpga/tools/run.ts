import type { Command, RunOptions, Tree } from '@yowasp/yosys';

/** What a tool of YoWASP left behind. */
export interface ToolRun {
  /** 0 when it succeeded. */
  readonly status: number;
  /** Its file system; what it was given is there as well. */
  readonly files: Tree;
  /** Everything that it printed. */
  readonly log: string;
}

/** Options that the packages take, though the types of one lack the last. */
type Quiet = RunOptions & { readonly fetchProgress: () => void };

/** Runs a tool over a tree of files to its end; one that gives up has a status. `onLine` hears what it prints, line by line. */
export async function runOver(
  command: Command,
  words: readonly string[],
  files: Tree,
  onLine: (line: string) => void = () => undefined,
): Promise<ToolRun> {
  const decoder = new TextDecoder();
  let log = '';
  let rest = '';
  const take = (bytes: Uint8Array | null): void => {
    const text = bytes === null ? '' : decoder.decode(bytes, { stream: true });
    log += text;
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop()!;
    for (const line of lines) onLine(line);
  };
  // Without a listener of its own, Clang prints how far it is with reading its files.
  const options: Quiet = { stdout: take, stderr: take, fetchProgress: () => undefined };
  try {
    const left = await command([...words], { ...files }, options);
    return { status: 0, files: left ?? {}, log };
  } catch (error) {
    // What is thrown holds all files of the tool. A trap of WebAssembly has no code: the tool crashed, and that is its last word.
    const { code } = error as { code?: unknown };
    const status = typeof code === 'number' ? code : 1;
    return { status, files: {}, log: typeof code === 'number' ? log : `${log}\n${error}` };
  }
}

/** The text of a file that a tool left: what is all ASCII comes as a string, the rest as bytes. */
export function textIn(files: Tree, name: string): string {
  const file = files[name];
  return typeof file === 'string' ? file : new TextDecoder().decode(file as Uint8Array);
}
