import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '@offhook/testkit';

/** A certificate for 127.0.0.1 from an authority of the test's own, as files for foreign programs and as text for ours. */
export interface Certificates {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Certificate and key in one file. */
  readonly bothFile: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export function hasOpenssl(): boolean {
  return findProgram('openssl') !== undefined;
}

/** Makes them in `folder`, for two days. */
export function makeCertificates(folder: string): Certificates {
  const file = (name: string) => path.join(folder, name);
  const [caFile, caKey, certificateFile, keyFile, request, bothFile] = [
    file('ca.pem'),
    file('ca.key'),
    file('server.pem'),
    file('server.key'),
    file('server.csr'),
    file('both.pem'),
  ];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = [
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign',
  ];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-subj',
    '/CN=Test CA',
    '-days',
    '2',
    ...authority,
    '-keyout',
    caKey,
    '-out',
    caFile,
  );
  // linphone's TLS knows no addresses in certificates: it finds ours as a name.
  const names = 'subjectAltName=IP:127.0.0.1,DNS:127.0.0.1';
  const name = ['-subj', '/CN=127.0.0.1', '-addext', names];
  openssl('req', ...newKey, ...name, '-keyout', keyFile, '-out', request);
  const sign = ['-days', '2', '-CA', caFile, '-CAkey', caKey, '-CAcreateserial', '-copy_extensions', 'copy'];
  openssl('x509', '-req', '-in', request, ...sign, '-out', certificateFile);
  const [ca, certificate, key] = [caFile, certificateFile, keyFile].map((each) =>
    readFileSync(each, 'utf8'),
  ) as [string, string, string];
  writeFileSync(bothFile, `${certificate}${key}`);
  return { caFile, certificateFile, keyFile, bothFile, ca, certificate, key };
}

function openssl(...args: readonly string[]): void {
  execFileSync(findProgram('openssl') ?? 'openssl', args, { stdio: 'pipe' });
}
