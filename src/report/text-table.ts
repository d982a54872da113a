/** Rows of cells as aligned columns: the first column to the left, the others as `align` says. */
export function alignTable(
  rows: readonly (readonly string[])[],
  align: 'left' | 'right' = 'left',
): string {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => [...row[c]!].length)));
  const cell = (text: string, c: number): string => {
    const space = ' '.repeat(widths[c]! - [...text].length);
    return c === 0 || align === 'left' ? text + space : space + text;
  };
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}
