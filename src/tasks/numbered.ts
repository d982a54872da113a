/** Names with a number: `bit0`, `bit1`, … */
export const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}${i}`);
