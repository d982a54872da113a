import { type DiagnosticCode, diagnostic } from '../../compiler/diagnostics/catalogue.js';
import { type Diagnostic, DiagnosticsError } from '../../compiler/diagnostics/diagnostic.js';

/** Why a request has no answer. Plain data: it crosses threads. */
export type LinkFailure =
  /** Nothing came, however often it was asked. */
  | {
      readonly kind: 'silent';
      readonly waitedFor: string;
      readonly seconds: number;
      readonly tries: number;
    }
  /** The line was closed. */
  | { readonly kind: 'closed'; readonly waitedFor: string; readonly reason: string }
  /** The device was switched on or reset since it was greeted. */
  | { readonly kind: 'restarted'; readonly waitedFor: string }
  /** The host greeted the device anew meanwhile. */
  | { readonly kind: 'forgotten'; readonly waitedFor: string }
  /** The device does not do it. */
  | { readonly kind: 'refused'; readonly waitedFor: string }
  /** The device speaks another version, or greets in no way that is known. */
  | { readonly kind: 'foreign'; readonly version: number | undefined };

const CODES: Readonly<Record<LinkFailure['kind'], DiagnosticCode>> = {
  silent: 'PL6001',
  closed: 'PL6002',
  restarted: 'PL6003',
  forgotten: 'PL6003',
  refused: 'PL6004',
  foreign: 'PL6005',
};

/** A failed request, for code that can go on after some failures. */
export class LinkError extends DiagnosticsError {
  constructor(
    readonly failure: LinkFailure,
    port: string,
  ) {
    super([describe(failure, port)]);
  }
}

function describe(failure: LinkFailure, port: string): Diagnostic {
  return diagnostic(CODES[failure.kind], `${port} ${sentence(failure)}`, helpOf(failure));
}

function sentence(failure: LinkFailure): string {
  switch (failure.kind) {
    case 'silent':
      return `does not answer: waited ${failure.seconds.toFixed(2)} s for the answer to ${failure.waitedFor}, asked ${failure.tries} times`;
    case 'closed':
      return `is gone (${failure.reason}) while the answer to ${failure.waitedFor} was awaited`;
    case 'restarted':
      return `was switched on or reset while the answer to ${failure.waitedFor} was awaited`;
    case 'forgotten':
      return `was greeted anew while the answer to ${failure.waitedFor} was awaited`;
    case 'refused':
      return `refuses ${failure.waitedFor}`;
    case 'foreign':
      return failure.version === undefined
        ? 'answers, but not as a device of plastron does'
        : `speaks version ${failure.version} of the protocol`;
  }
}

function helpOf({ kind }: LinkFailure): { help?: string } {
  switch (kind) {
    case 'silent':
      return { help: 'is the board powered, and its bitstream loaded (`plastron bitstream`)?' };
    case 'closed':
      return { help: 'plug it in again and repeat: what the board still holds is not sent again' };
    case 'restarted':
      return { help: 'deploy again: `plastron deploy`' };
    default:
      return {};
  }
}
