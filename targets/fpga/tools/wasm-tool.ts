/** Files of a tool that runs in a file system of its own: folders are not needed. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What a tool left behind. */
export interface ToolRun {
  /** 0 when it succeeded. */
  readonly status: number;
  readonly files: Files;
  /** Everything that it printed. */
  readonly log: string;
}

/** A tool as the YoWASP packages offer it; `version` is that of the package. */
export type Tool = (
  words: string[],
  files: Record<string, string | Uint8Array>,
  options: { stdout: Stream; stderr: Stream },
) => unknown;

type Stream = (bytes: Uint8Array | null) => void;

/** Runs a tool to its end. A tool that gives up has a status; another error is a bug. */
export async function runTool(
  tool: Tool,
  words: readonly string[],
  files: Files,
  onLine: (line: string) => void = () => {},
): Promise<ToolRun> {
  const decoder = new TextDecoder();
  let log = '';
  let line = '';
  const hear: Stream = (bytes) => {
    const text = bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true });
    log += text;
    const lines = `${line}${text}`.split('\n');
    line = lines.pop()!;
    for (const whole of lines) onLine(whole);
  };
  try {
    const left = await tool([...words], { ...files }, { stdout: hear, stderr: hear });
    return { status: 0, files: left as Files, log };
  } catch (error) {
    // It holds every file: nothing of it may reach a report of a bug.
    const { code, files: left } = error as { code?: unknown; files?: unknown };
    if (typeof code !== 'number') throw error;
    return { status: code, files: (left ?? {}) as Files, log };
  }
}
