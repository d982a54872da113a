import { type Diagnostic, lineOf } from './diagnostic.js';

/**
 * Texts under the names that spans give them. A pass knows where an equation stands and not the text around it; whoever read
 * the text keeps it here, and diagnostics get their source lines when they are shown.
 */
export class SourceTexts {
  private readonly texts = new Map<string, string>();

  /** `known` gives the texts that nobody has to read first, such as those of the library. */
  constructor(private readonly known: (file: string) => string | undefined = () => undefined) {}

  /** Keeps the text of `file`. */
  add(file: string, text: string): void {
    this.texts.set(file, text);
  }

  /** The diagnostic with the source line of its place, where it has none yet and the text is at hand. */
  complete(diagnostic: Diagnostic): Diagnostic {
    const { span, source } = diagnostic;
    if (!span || source !== undefined) return diagnostic;
    const text = this.texts.get(span.file) ?? this.known(span.file);
    const line = text === undefined ? undefined : lineOf(text, span);
    return line === undefined ? diagnostic : { ...diagnostic, source: line };
  }
}
