import { demand } from '../entropy.ts';

/** A codec of session descriptions, such as that of `@offhook/sdp`; this package knows none. */
export interface SdpCodec<Description extends object> {
  parse(text: string): Description | undefined;
  serialise(description: Description): string;
}

export type SdpTarget = (text: string) => boolean;

/** Reads a session description, writes it and reads it again. */
export function sdpTarget<Description extends object>(codec: SdpCodec<Description>): SdpTarget {
  return (text) => {
    const description = codec.parse(text);
    if (description === undefined) return false;
    const written = codec.serialise(description);
    const again = codec.parse(written);
    if (again === undefined) {
      demand(written.length > text.length, 'a description that is written can be read');
      return true;
    }
    const rewritten = codec.serialise(again);
    demand(rewritten === written, 'writing a description that was written gives the same text');
    return true;
  };
}
