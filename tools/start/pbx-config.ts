import path from 'node:path';
import { demoPeople, deskPhones, services } from './demo.ts';
import { writeSecret, type Secrets } from './secrets.ts';

/**
 * Writes the practice PBX's configuration for this installation, in the format of `OFFHOOK_PBX_CONFIG`, and gives
 * the file's path. It holds SIP passwords.
 */
export function writePbxConfig(dataDir: string, secrets: Pick<Secrets, 'sip'>): string {
  const people = demoPeople.flatMap(({ name, number }) => (number === undefined ? [] : [{ name, number }]));
  const extensions = [...people, ...deskPhones].map(({ name, number }) => ({
    name,
    number,
    password: secrets.sip[number] ?? '',
  }));
  const phones = [
    // Anna's own desk phone: a second device on her extension.
    { extension: '101', toneHz: 440 },
    ...deskPhones.map(({ number, toneHz, ...rest }) => ({
      extension: number,
      toneHz,
      ...('autoAnswerMs' in rest ? { autoAnswerMs: rest.autoAnswerMs } : {}),
      ...('transport' in rest ? { transport: rest.transport } : {}),
    })),
  ];
  const file = path.join(dataDir, 'secrets', 'practice-pbx.json');
  writeSecret(file, JSON.stringify({ extensions, phones, services }, undefined, 2));
  return file;
}
