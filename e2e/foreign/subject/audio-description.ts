import type { Body } from '@offhook/sip';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What a session description says of its one audio stream. */
export interface AudioDescription {
  readonly address: string;
  /** 0: refused. */
  readonly port: number;
  readonly direction: Direction;
}

export const mirrored: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/** A-law and nothing else, which every telephone knows. */
export function describeAudio({ address, port, direction }: AudioDescription, version: number): Body {
  const lines = [
    'v=0',
    `o=- 20040131 ${version} IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 8`,
    'a=rtpmap:8 PCMA/8000',
    'a=ptime:20',
    `a=${direction}`,
  ];
  return { contentType: 'application/sdp', bytes: Buffer.from(`${lines.join('\r\n')}\r\n`) };
}

/** Throws where there is no audio stream: then the test has nothing to go on with. */
export function readAudio(body: Body | undefined): AudioDescription {
  const text = Buffer.from(body?.bytes ?? []).toString();
  const address = /^c=IN IP[46] (\S+)/mu.exec(text)?.[1];
  const port = /^m=audio (\d+)/mu.exec(text)?.[1];
  if (address === undefined || port === undefined) {
    throw new Error(`This describes no audio: ${JSON.stringify(text)}`);
  }
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/mu.exec(text)?.[1] ?? 'sendrecv';
  return { address, port: Number(port), direction: direction as Direction };
}
