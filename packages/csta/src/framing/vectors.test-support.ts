import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The conformance vectors lie beside the repository, not in it; `OFFHOOK_VECTORS` names another place. */
const root = resolve(
  process.env['OFFHOOK_VECTORS'] ?? join(import.meta.dirname, '../../../../../shared/vectors'),
);
const file = join(root, 'csta/framing-own.json');

export interface FramingVector {
  readonly name: string;
  readonly pieces: readonly Uint8Array[];
  /** The frames that it holds, or what shall become of it in words. */
  readonly expect: readonly { readonly invoke: string; readonly xml: string }[] | string;
}

interface RawVector {
  readonly name: string;
  readonly hex?: string;
  readonly chunks?: readonly string[];
  readonly chunks_each?: number;
  readonly expect: FramingVector['expect'];
}

/** Empty, and one line that says so, where the file is absent. */
export function framingVectors(): FramingVector[] {
  if (!existsSync(file)) {
    console.warn(`Skipped: no conformance vectors at ${file} (OFFHOOK_VECTORS names their folder)`);
    return [];
  }
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly RawVector[] };
  return vectors.map(({ name, hex = '', chunks, chunks_each: each, expect }) => {
    const whole = Buffer.from(hex, 'hex');
    const cut = Array.from({ length: Math.ceil(whole.length / (each ?? (whole.length || 1))) }, (_, at) =>
      whole.subarray(at * (each ?? whole.length), (at + 1) * (each ?? whole.length)),
    );
    return { name, expect, pieces: chunks?.map((chunk) => Buffer.from(chunk, 'hex')) ?? cut };
  });
}
