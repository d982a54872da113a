/** The passes by name, in their order: the command line knows them without loading the compiler. */
export const PASS_NAMES = [
  'fold',
  'legalise',
  'tag',
  'partition',
  'palette',
  'quantise',
  'select',
  'schedule',
] as const;
export type PassName = (typeof PASS_NAMES)[number];
