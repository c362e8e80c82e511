import path from 'node:path';
import { demoPeople, deskPhones, outsidePhones, services } from './demo.ts';
import { writeSecret, type Secrets } from './secrets.ts';

/**
 * Writes the practice PBX's configuration for this installation, in the format of `OFFHOOK_PBX_CONFIG`, and gives
 * the file's path. It holds SIP passwords.
 */
export function writePbxConfig(dataDir: string, secrets: Pick<Secrets, 'sip'>): string {
  const password = (number: string): string => secrets.sip[number] ?? '';
  const people = demoPeople.flatMap(({ name, number, line, alternative }) =>
    number === undefined
      ? []
      : [
          {
            name,
            number,
            password: password(number),
            mailbox: {},
            ...(line === undefined ? {} : { line: { number: line, password: password(line) } }),
            ...(alternative === undefined ? {} : { alternative }),
          },
        ],
  );
  const others = deskPhones.map(({ name, number }) => ({
    name,
    number,
    password: password(number),
    mailbox: {},
  }));
  const phones = [
    // The desk phones of Anna and Ben, beside their browsers.
    { extension: '101', toneHz: 440 },
    { extension: '102', toneHz: 500 },
    ...deskPhones.map(({ number, toneHz, ...rest }) => ({
      extension: number,
      toneHz,
      ...('autoAnswerMs' in rest ? { autoAnswerMs: rest.autoAnswerMs } : {}),
      ...('transport' in rest ? { transport: rest.transport } : {}),
    })),
  ];
  const world = {
    platform: 'openscape-voice',
    extensions: [...people, ...others],
    phones,
    outside: outsidePhones,
    services,
  };
  const file = path.join(dataDir, 'secrets', 'practice-pbx.json');
  writeSecret(file, JSON.stringify(world, undefined, 2));
  return file;
}
