import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startApp } from '../src/app.ts';
import { PracticePbx } from '../src/practice-pbx.ts';

/** The practice PBX alone, with two extensions for foreign telephones and one virtual desk phone. */
export interface PbxAlone extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly sip: string;
  readonly port: number;
  readonly desk: PracticePbx;
}

export const foreignPassword = 'open-sesame';

const extension = (number: string, name: string) => ({ number, name, password: foreignPassword });

export async function startPracticePbx(): Promise<PbxAlone> {
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-pbx-'));
  const file = path.join(folder, 'exchange.json');
  writeFileSync(
    file,
    JSON.stringify({
      // SIPp 3.6 and baresip 1.0 know MD5 alone; baresip gives up where a second challenge is beside it.
      digest: ['MD5'],
      extensions: [
        extension('301', 'Foreign One'),
        extension('302', 'Foreign Two'),
        extension('202', 'Desk'),
      ],
      phones: [{ extension: '202', toneHz: 660 }],
      services: [
        { number: '600', kind: 'echo' },
        { number: '601', kind: 'tone' },
      ],
    }),
  );
  const app = await startApp('practice-pbx', {
    OFFHOOK_PBX_SIP_PORT: '0',
    OFFHOOK_PBX_HTTP_PORT: '0',
    OFFHOOK_PBX_CONFIG: file,
  });
  const sip = String(app.ready['sip']);
  return {
    sip,
    port: Number(sip.split(':').at(-1)),
    desk: new PracticePbx(String(app.ready['url'])),
    [Symbol.asyncDispose]: async () => {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
