import { readFileSync } from 'node:fs';
import path from 'node:path';
import { header } from '@offhook/sip';
import type { EndpointEvent } from '@offhook/sip';
import { startProcess } from '@offhook/testkit';
import { expect, it } from 'vitest';
import { openNodeEndpoint } from '../src/index.ts';

const file = path.join(import.meta.dirname, 'user-agent.ts');
const source = readFileSync(file, 'utf8');

it('[readme-example] the README of the SIP stack shows the example as it is, in thirty lines', () => {
  const readme = readFileSync(path.join(import.meta.dirname, '../../sip/README.md'), 'utf8');
  expect(/```ts\n([\s\S]*?)```/.exec(readme)?.[1]).toBe(source);
  expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(30);
});

it('[readme-example] the example registers, calls and is called', async () => {
  const registrar = await openNodeEndpoint({
    product: 'registrar',
    listen: [{ transport: 'udp', address: '127.0.0.1', port: 0 }],
    onEvent: (event) => serve(event),
  });
  /** A registrar that takes everybody and calls back; it answers every call. */
  function serve(event: EndpointEvent): void {
    registrar.run((sip, now) => {
      if (event.type === 'request' && event.request.method === 'REGISTER') {
        const contact = header(event.request, 'contact') ?? '';
        sip.respond(event.requestId, 200, now, { headers: [['Contact', `${contact};expires=600`]] });
        const to = contact.replaceAll(/[<>]/g, '');
        sip.invite({ to, from: 'sip:caller@127.0.0.1', fromName: 'The PBX', offer: description }, now);
      } else if (event.type === 'session.incoming') sip.accept(event.session, description, now);
      else if (event.type === 'session.accepted') sip.end(event.session, now);
    });
  }
  const { port } = registrar.bound[0] ?? { port: 0 };
  const phone = startProcess(process.execPath, [file, '104', 'secret', `127.0.0.1:${port}`, '600']);
  try {
    await phone.waitFor(/name: 'registered'/u);
    await phone.waitFor(/call from "The PBX" <sip:caller@127\.0\.0\.1>/u);
    await phone.waitFor(/they have answered/u);
    await phone.waitFor(/over .*remote/u);
    expect(registrar.counts().malformed).toBe(0);
  } finally {
    await phone.stop();
    await registrar.close();
  }
});

const description = { contentType: 'application/sdp', bytes: new TextEncoder().encode('v=0\r\n') };
