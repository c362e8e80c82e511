import { describe, expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

const least = {
  OFFHOOK_CLOUD_URL: 'http://127.0.0.1:8470',
  OFFHOOK_API_KEY: 'key',
  OFFHOOK_CONNECTOR_DATA_DIR: '/var/lib/offhook',
};

const failing = (): never => {
  throw new Error('ENOENT');
};

const pem = (file: string): string => (file === 'binary' ? '\u0000' : `-----BEGIN CERTIFICATE-----\n${file}`);
const ctiCa = (pbx = '', cti = ''): string | undefined =>
  readEnvironment({ ...least, OFFHOOK_PBX_CA_FILE: pbx, OFFHOOK_CTI_CA_FILE: cti }, pem).ctiCa;

describe('the environment', () => {
  test('has defaults that work on one machine', () => {
    expect(readEnvironment(least)).toEqual({
      cloudUrl: 'http://127.0.0.1:8470/',
      apiKey: 'key',
      dataDirectory: '/var/lib/offhook',
      sip: { address: '127.0.0.1', port: 0, tls: { port: 0, ca: undefined, own: undefined } },
      media: { udpPort: 0, addresses: [] },
      rtp: { address: '127.0.0.1', firstPort: 20_000, lastPort: 29_999 },
      http: { address: '127.0.0.1', port: 0 },
      logLevel: 'info',
      orphanSeconds: 60,
      drainSeconds: 0,
    });
  });

  test('takes the API key from a file, without the line break at its end', () => {
    const { OFFHOOK_API_KEY: _, ...rest } = least;
    const read = readEnvironment({ ...rest, OFFHOOK_API_KEY_FILE: '/run/key' }, () => 'from-file\n');
    expect(read.apiKey).toBe('from-file');
  });

  test('reads certificates for a PBX that speaks TLS', () => {
    const files: Readonly<Record<string, string>> = {
      ca: '-----BEGIN CERTIFICATE-----\nca',
      cert: '-----BEGIN CERTIFICATE-----\nown',
      key: '-----BEGIN PRIVATE KEY-----\nkey',
      binary: '\u0000\u0001',
    };
    const read = (more: Readonly<Record<string, string>>) =>
      readEnvironment({ ...least, ...more }, (path) => files[path] ?? failing()).sip.tls;
    const own = { OFFHOOK_SIP_CERTIFICATE_FILE: 'cert', OFFHOOK_SIP_KEY_FILE: 'key' };
    expect(read({ OFFHOOK_PBX_CA_FILE: 'ca', OFFHOOK_SIP_TLS_PORT: '5061', ...own })).toEqual({
      port: 5_061,
      ca: files['ca'],
      own: { certificate: files['cert'], key: files['key'] },
    });
    expect(() => read({ OFFHOOK_PBX_CA_FILE: 'nowhere' })).toThrow('cannot be read');
    expect(() => read({ OFFHOOK_PBX_CA_FILE: 'binary' })).toThrow('is not PEM text');
    expect(() => read({ OFFHOOK_SIP_KEY_FILE: 'key' })).toThrow('belong together');
  });

  test('reads whom the CTI link trusts; whom SIP over TLS trusts, where nothing is said', () => {
    expect(ctiCa()).toBeUndefined();
    expect(ctiCa('pbx')).toContain('pbx');
    expect(ctiCa('pbx', 'cti')).toContain('cti');
    expect(() => ctiCa('pbx', 'binary')).toThrow('OFFHOOK_CTI_CA_FILE: binary is not PEM text');
  });

  test.each([
    ['OFFHOOK_CLOUD_URL', 'not an address', 'such as https://phone.example.com'],
    ['OFFHOOK_CLOUD_URL', 'ftp://example.com', 'such as https://phone.example.com'],
    ['OFFHOOK_SIP_PORT', '70000', 'from 0 to 65535'],
    ['OFFHOOK_SIP_ADDRESS', 'localhost', 'numeric address'],
    ['OFFHOOK_MEDIA_ADDRESSES', '192.0.2.1, nonsense', 'separated by commas'],
    ['OFFHOOK_RTP_PORTS', '30000-20000', 'the smaller port first'],
    ['OFFHOOK_ORPHAN_SECONDS', 'soon', 'a number of seconds'],
    ['OFFHOOK_LOG_LEVEL', 'loud', 'must be one of'],
    ['OFFHOOK_API_KEY', 'two words', 'Copy it again'],
    ['OFFHOOK_API_KEY', '', 'OFFHOOK_API_KEY or OFFHOOK_API_KEY_FILE'],
    ['OFFHOOK_CONNECTOR_DATA_DIR', '', 'must name a folder'],
  ])('%s = %j is refused in words that help', (name, value, words) => {
    expect(() => readEnvironment({ ...least, [name]: value })).toThrow(words);
  });

  test('a key file that cannot be read is named', () => {
    const { OFFHOOK_API_KEY: _, ...rest } = least;
    expect(() => readEnvironment({ ...rest, OFFHOOK_API_KEY_FILE: '/run/key' }, failing)).toThrow('/run/key');
  });
});
