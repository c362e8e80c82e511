import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from './environment.ts';
import { askForKey, ownAddressTowards, withStartLine } from './start-line.ts';

const never = () => Promise.reject(new Error('asked'));
const own = (host: string) => Promise.resolve(`own address towards ${host}`);

describe('the one line that starts a connector', () => {
  test('--cloud is enough: addresses and the folder have a value', async () => {
    const variables = await withStartLine(['--cloud', 'https://phone.example.com:8443'], {}, own);
    expect(variables).toMatchObject({
      OFFHOOK_CLOUD_URL: 'https://phone.example.com:8443',
      OFFHOOK_SIP_ADDRESS: 'own address towards phone.example.com',
      OFFHOOK_RTP_ADDRESS: 'own address towards phone.example.com',
      OFFHOOK_CONNECTOR_DATA_DIR: expect.stringContaining('.offhook-connector') as string,
    });
  });

  test('what the environment says wins, and nobody is asked for an address that is not needed', async () => {
    const given = {
      OFFHOOK_SIP_ADDRESS: '192.0.2.1',
      OFFHOOK_RTP_ADDRESS: '192.0.2.2',
      OFFHOOK_CONNECTOR_DATA_DIR: '/var/lib/offhook',
    };
    const variables = await withStartLine(['--cloud=https://phone.example.com'], given, never);
    expect(variables).toMatchObject(given);
  });

  test('without it the environment stays as it is', async () => {
    const given = { OFFHOOK_CLOUD_URL: 'https://phone.example.com' };
    expect(await withStartLine([], given, own)).toBe(given);
  });

  test('an argument that is not known is said', async () => {
    await expect(withStartLine(['--key', 'ohk_secret'], {}, own)).rejects.toThrow(ConfigurationError);
  });

  test('the own address is one of this machine', async () => {
    expect(await ownAddressTowards('127.0.0.1')).toBe('127.0.0.1');
  });
});

describe('the key that is asked for', () => {
  test('is the first line, and nothing of it is shown', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const asked = askForKey(input, output);
    input.write('  ohk_secret \nmore\n');
    expect(await asked).toBe('ohk_secret');
    expect(String(output.read())).not.toContain('ohk_secret');
  });

  test('nobody gives one', async () => {
    const input = new PassThrough();
    input.end();
    expect(await askForKey(input, new PassThrough())).toBeUndefined();
  });
});
