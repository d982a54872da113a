/** Plain data as JSON holds it. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** JSON with sorted keys, two spaces and a final newline: equal data gives equal bytes. Numbers must be finite. */
export function canonicalJson(value: Json): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

function sorted(value: Json): Json {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error(`canonical JSON cannot hold ${value}`);
  }
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .flatMap((key) => {
        const child = value[key];
        return child === undefined ? [] : [[key, sorted(child)] as const];
      }),
  );
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** A field of two documents that is not the same; undefined where one of them lacks it. */
export interface FieldDifference {
  /** `comparisons.0.differences`. */
  readonly path: string;
  readonly left: Json | undefined;
  readonly right: Json | undefined;
}

/** Every field in which two documents differ, in the order of `left`, and how many fields were compared. */
export function compareFields(
  left: Json,
  right: Json,
): { readonly compared: number; readonly differences: readonly FieldDifference[] } {
  const a = leaves(left);
  const b = leaves(right);
  const paths = new Set([...a.keys(), ...b.keys()]);
  const differences = [...paths]
    .filter((path) => !Object.is(a.get(path), b.get(path)))
    .map((path) => ({ path, left: a.get(path), right: b.get(path) }));
  return { compared: paths.size, differences };
}

/** Numbers, words and empty containers by their path. */
function leaves(value: Json, path = '', into = new Map<string, Json>()): Map<string, Json> {
  const join = (key: string | number): string => (path === '' ? `${key}` : `${path}.${key}`);
  if (value === null || typeof value !== 'object') return into.set(path, value);
  const entries: readonly (readonly [string | number, Json | undefined])[] = isList(value)
    ? [...value.entries()]
    : Object.entries(value);
  // An empty list or record is a field, too: its text stands for it.
  if (entries.length === 0) return into.set(path, isList(value) ? '[]' : '{}');
  for (const [key, child] of entries) if (child !== undefined) leaves(child, join(key), into);
  return into;
}
