import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, readSettings } from './environment.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'offhook-pbx-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(content: string): string {
  const file = path.join(folder, 'exchange.json');
  writeFileSync(file, content);
  return file;
}

function mistakeOf(env: NodeJS.ProcessEnv): string {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'no mistake';
}

const extension = { number: '301', name: 'Somebody', password: 'secret' };

describe('settings', () => {
  it('without anything are the practice world on this machine', () => {
    const settings = readSettings({ OFFHOOK_PBX_HTTP_PORT: '' });
    expect(settings).toMatchObject({
      address: '127.0.0.1',
      sipPort: 5070,
      httpPort: 8471,
      cstaPort: 1040,
      rtpPorts: { first: 30_000, last: 39_999 },
    });
    expect(settings.exchange.phones.map((phone) => phone.extension)).toEqual(['101', '102', '201', '202']);
    expect(settings.exchange.services).toHaveLength(7);
  });

  it('take extensions from a file, with defaults for the rest', () => {
    const file = fileWith(JSON.stringify({ extensions: [extension] }));
    const { exchange } = readSettings({ OFFHOOK_PBX_CONFIG: file });
    expect(exchange.extensions).toEqual([{ ...extension, ringSeconds: 30, barred: false }]);
    expect(exchange).toMatchObject({ phones: [], services: [], digest: ['SHA-256', 'MD5'] });
  });

  it.each([
    [{ OFFHOOK_PBX_SIP_PORT: '70000' }, 'OFFHOOK_PBX_SIP_PORT must be a port number'],
    [{ OFFHOOK_PBX_ADDRESS: 'localhost' }, 'OFFHOOK_PBX_ADDRESS must be a numeric IP address'],
    [{ OFFHOOK_PBX_RTP_PORTS: '5000' }, 'OFFHOOK_PBX_RTP_PORTS must be a range'],
    [{ OFFHOOK_PBX_RTP_PORTS: '9000-8000' }, 'OFFHOOK_PBX_RTP_PORTS must be a range'],
    [{ OFFHOOK_PBX_CONFIG: '/nowhere/at/all.json' }, 'cannot be read'],
  ])('say what is wrong with %o', (env, words) => {
    expect(mistakeOf(env)).toContain(words);
  });

  it.each([
    ['{', 'is not JSON'],
    [JSON.stringify({ extensions: [extension, extension] }), 'The number 301 is given twice.'],
    [
      JSON.stringify({ extensions: [extension], phones: [{ extension: '999', toneHz: 440 }] }),
      'A phone belongs to extension 999, which does not exist.',
    ],
    [
      JSON.stringify({
        extensions: [extension],
        phones: [
          { extension: '301', toneHz: 440 },
          { extension: '301', toneHz: 550 },
        ],
      }),
      'There are two phones 301',
    ],
    [JSON.stringify({ extensions: [{ ...extension, number: 'a b' }] }), 'extensions.0.number must be'],
    [JSON.stringify({ extensions: [], realm: 'a"b' }), 'realm must not contain'],
  ])('say what is wrong with the file %s', (content, words) => {
    expect(mistakeOf({ OFFHOOK_PBX_CONFIG: fileWith(content) })).toContain(words);
  });
});
