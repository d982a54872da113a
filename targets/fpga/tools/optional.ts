import { diagnostic } from '../../../compiler/diagnostics/catalogue.js';
import { fail } from '../../../compiler/diagnostics/diagnostic.js';

/** Packages that are loaded when they are used; whoever does not use them need not install them. */
export const YOSYS = '@yowasp/yosys@0.55.944';
export const NEXTPNR_ICE40 = '@yowasp/nextpnr-ice40@0.8.621';

/**
 * What `load` imports.
 *
 * @throws DiagnosticsError PL4501 when the package `named` is not installed; `needed` are the ones to install.
 */
export async function optionalPackage<T>(
  load: () => Promise<T>,
  named: string,
  needed: readonly string[] = [named],
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    return failLoading(error, named, needed);
  }
}

/** Says what to install when an import found no package; another error goes on. */
export function failLoading(error: unknown, named: string, needed: readonly string[]): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ERR_MODULE_NOT_FOUND') throw error;
  const name = named.slice(0, named.lastIndexOf('@'));
  const help = `npm install ${needed.join(' ')}`;
  return fail(diagnostic('PL4501', `the package \`${name}\` is not installed`, { help }));
}
