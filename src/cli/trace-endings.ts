/** How names of traces end: a Value Change Dump, and trace events. */
export const TRACE_ENDINGS = ['.vcd', '.json'] as const;

/** Whether a file is a Value Change Dump by its name. */
export const isVcd = (file: string): boolean => file.toLowerCase().endsWith('.vcd');
