const BLANKS = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** What may come next; `key` and `value` may also be the end of what was just opened when `fresh`. */
type Expected = 'value' | 'key' | 'colon' | 'more' | 'end';

/**
 * The offset at which a text stops being JSON (RFC 8259), or undefined where all of it is. `JSON.parse` tells the place in
 * some versions of Node and for some faults only.
 */
export function jsonFault(text: string): number | undefined {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  let fresh = false;
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const length = pattern.exec(text)?.[0].length;
    at += length ?? 0;
    return length !== undefined;
  };
  const after = (): Expected => (open.length > 0 ? 'more' : 'end');
  for (;;) {
    take(BLANKS);
    const character = text[at];
    if (expected === 'end' || character === undefined) {
      return expected === 'end' && character === undefined ? undefined : at;
    }
    const closes = open.at(-1) === '{' ? '}' : ']';
    if (character === closes && open.length > 0 && (expected === 'more' || fresh)) {
      open.pop();
      at++;
      expected = after();
      fresh = false;
    } else if (expected === 'more') {
      if (character !== ',') return at;
      at++;
      expected = open.at(-1) === '{' ? 'key' : 'value';
    } else if (expected === 'colon') {
      if (character !== ':') return at;
      at++;
      expected = 'value';
    } else if (expected === 'value' && (character === '[' || character === '{')) {
      open.push(character);
      at++;
      expected = character === '{' ? 'key' : 'value';
      fresh = true;
    } else {
      if (!take(STRING) && (expected === 'key' || !take(SCALAR))) return at;
      expected = expected === 'key' ? 'colon' : after();
      fresh = false;
    }
  }
}
